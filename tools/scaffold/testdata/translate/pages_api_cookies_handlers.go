package main

// pages/api/cookies.js

import (
	"github.com/crossfade-go/crossfade/reqres"
)

// serveCookies answers ANY /api/cookies. It is translated by a program: read it before it serves.
//
//	export default (req, res) => {
//	  const { session } = req.cookies;
//	  if (session === undefined) return res.redirect('/login');
//	  if (session === 'old') return res.redirect(308, `/renew?s=${session}`);
//	  res.json({ session, upper: req.query.x ?? null });
//	};
func serveCookies(req *reqres.Request, res *reqres.Response) error {
	session := cookie(req.Cookie("session"))
	if session == nil {
		return res.Redirect("/login")
	}
	if orElse(session, "") == "old" {
		return res.Redirect("/renew?s="+orElse(session, "undefined"), 308)
	}
	return res.JSON(struct {
		Session *string `json:"session,omitempty"`
		Upper   *string `json:"upper"`
	}{session, optional(req.QueryValues("x"))})
}
