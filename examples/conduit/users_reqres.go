package main

// Users and profiles, as they were on Express.

import "github.com/crossfade-go/crossfade/reqres"

func (a *app) register(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[registration](req)
	if err != nil {
		return err
	}
	u := user{username: in.User.Username, email: in.User.Email}
	if err := u.setPassword(in.User.Password, a.rounds); err != nil {
		return err
	}
	if u, err = a.store.addUser(u); err != nil {
		return err
	}
	return res.Status(201).JSON(a.session(u))
}

func (a *app) login(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[credentials](req)
	if err != nil {
		return err
	}
	u, _ := a.store.userByEmail(in.User.Email)
	if !u.hasPassword(in.User.Password, a.rounds) { // nobody's password is never right, and takes as long
		return fault(401, "credentials", "invalid")
	}
	return res.JSON(a.session(u))
}

func (a *app) me(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(a.session(userOf(req.Context())))
}

func (a *app) changeMe(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[userChange](req)
	if err != nil {
		return err
	}
	change, err := in.change(a.rounds)
	if err != nil {
		return err
	}
	u, err := a.store.changeUser(userOf(req.Context()).id, change)
	if err != nil {
		return err
	}
	return res.JSON(a.session(u))
}

func (a *app) profile(req *reqres.Request, res *reqres.Response) error {
	p, err := a.store.profile(req.Param("username"), userOf(req.Context()).id)
	if err != nil {
		return err
	}
	return res.JSON(profileBody{p})
}

func (a *app) follow(req *reqres.Request, res *reqres.Response) error {
	p, err := a.store.follow(req.Param("username"), userOf(req.Context()).id, true)
	if err != nil {
		return err
	}
	return res.JSON(profileBody{p})
}

func (a *app) unfollow(req *reqres.Request, res *reqres.Response) error {
	p, err := a.store.follow(req.Param("username"), userOf(req.Context()).id, false)
	if err != nil {
		return err
	}
	return res.JSON(profileBody{p})
}
