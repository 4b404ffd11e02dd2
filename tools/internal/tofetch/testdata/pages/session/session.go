// Package session is what the pages share: who asks, and how a refusal looks.
package session

import (
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
)

// User is who asks.
type User struct {
	Name string `json:"name"`
	Role string `json:"role"`
}

// Of returns who asks, by the cookie or the header.
func Of(req *reqres.Request) (User, bool) {
	token, ok := req.Cookie("token")
	if !ok {
		token = strings.TrimPrefix(req.Header("Authorization"), "Bearer ")
	}
	switch token {
	case "root":
		return User{"root", "admin"}, true
	case "ada":
		return User{"ada", "author"}, true
	}
	return User{}, false
}

// Refuse answers that something is not allowed.
func Refuse(res *reqres.Response, why string) error {
	return res.Status(403).JSON(map[string]string{"error": why})
}

// Required lets in who is known.
func Required(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		user, ok := Of(req)
		if !ok {
			res.Set("WWW-Authenticate", "Bearer")
			return res.Status(401).JSON(map[string]string{"error": "who are you?"})
		}
		res.Locals()["user"] = user
		return next(req, res)
	}
}

// Me says who asks. It is exported, and registered elsewhere.
func Me(req *reqres.Request, res *reqres.Response) error {
	user, _ := Of(req)
	return res.JSON(user)
}

// Body decodes the body of a request, whatever it is called.
func Body[T any](req *reqres.Request) (T, error) {
	var v T
	err := req.JSON(&v)
	return v, err
}
