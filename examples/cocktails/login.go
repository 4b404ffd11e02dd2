package main

// Old shape: cookies, a body, and two ways to fail.

import (
	"context"
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

type credentials struct {
	Name     string `json:"name"`
	Password string `json:"password"`
}

// Validate is called by Decode. What it finds is answered with 400, field by
// field.
func (c credentials) Validate() error {
	missing := map[string]string{}
	if c.Name == "" {
		missing["name"] = "is missing"
	}
	if c.Password == "" {
		missing["password"] = "is missing"
	}
	return reqres.Invalid(missing)
}

// login starts a session.
//
//	app.post('/api/login', async (req, res) => {
//	  const { name, password } = credentials.parse(req.body)
//	  const user = await db.logIn(name, password)
//	  if (!user) {
//	    return res.status(401).json({ error: 'wrong name or password' })
//	  }
//	  const token = await db.startSession(user)
//	  res.cookie('session', token, { httpOnly: true, sameSite: 'lax', secure: req.secure, maxAge: sessionLife })
//	  res.json(user)
//	})
func (a *app) login(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[credentials](req)
	if err != nil {
		return err
	}
	u, err := a.store.logIn(req.Context(), in.Name, in.Password)
	if errors.Is(err, errWrongPassword) {
		return res.Status(401).JSON(problem{"wrong name or password"})
	}
	if err != nil {
		return err
	}
	token, err := a.store.startSession(req.Context(), u)
	if err != nil {
		return err
	}
	// Nobody should wait for the housekeeping: it runs after the answer.
	if err := adapt.After(req.Context(), a.dropOldSessions); err != nil {
		return err
	}
	res.Cookie(sessionCookie, token, reqres.CookieOptions{
		HTTPOnly: true, SameSite: http.SameSiteLaxMode, Secure: req.Secure(), MaxAge: sessionLife,
	})
	return res.JSON(u)
}

// logout ends the session, if there is one.
func (a *app) logout(req *reqres.Request, res *reqres.Response) error {
	if token, ok := req.Cookie(sessionCookie); ok {
		if err := a.store.endSession(req.Context(), token); err != nil {
			return err
		}
	}
	return res.ClearCookie(sessionCookie, reqres.CookieOptions{}).Status(204).End()
}

func (a *app) dropOldSessions(ctx context.Context) {
	if err := a.store.dropOldSessions(ctx); err != nil {
		a.log.ErrorContext(ctx, "old sessions were not dropped", "error", err)
	}
}
