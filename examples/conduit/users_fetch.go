package main

// Users and profiles.

import (
	"github.com/crossfade-go/crossfade/fetch"
)

func (a *app) registerFetch(req *fetch.Request) (*fetch.Response, error) {
	in, err := fetch.Decode[registration](req)
	if err != nil {
		return nil, err
	}
	u := user{username: in.User.Username, email: in.User.Email}
	if err := u.setPassword(in.User.Password, a.rounds); err != nil {
		return nil, err
	}
	if u, err = a.store.addUser(u); err != nil {
		return nil, err
	}
	return fetch.JSON(a.session(u), fetch.Status(201))
}

func (a *app) loginFetch(req *fetch.Request) (*fetch.Response, error) {
	in, err := fetch.Decode[credentials](req)
	if err != nil {
		return nil, err
	}
	u, _ := a.store.userByEmail(in.User.Email)
	if !u.hasPassword(in.User.Password, a.rounds) { // nobody's password is never right, and takes as long
		return nil, fault(401, "credentials", "invalid")
	}
	return fetch.JSON(a.session(u))
}

func (a *app) meFetch(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(a.session(userOf(req.Context())))
}

func (a *app) changeMeFetch(req *fetch.Request) (*fetch.Response, error) {
	in, err := fetch.Decode[userChange](req)
	if err != nil {
		return nil, err
	}
	change, err := in.change(a.rounds)
	if err != nil {
		return nil, err
	}
	u, err := a.store.changeUser(userOf(req.Context()).id, change)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(a.session(u))
}

func (a *app) profileFetch(req *fetch.Request) (*fetch.Response, error) {
	p, err := a.store.profile(req.Param("username"), userOf(req.Context()).id)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(profileBody{p})
}

func (a *app) followFetch(req *fetch.Request) (*fetch.Response, error) {
	p, err := a.store.follow(req.Param("username"), userOf(req.Context()).id, true)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(profileBody{p})
}

func (a *app) unfollowFetch(req *fetch.Request) (*fetch.Response, error) {
	p, err := a.store.follow(req.Param("username"), userOf(req.Context()).id, false)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(profileBody{p})
}
