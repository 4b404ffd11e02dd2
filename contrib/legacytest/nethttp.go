package legacytest

// The service on net/http's own ServeMux, which cannot say what it has: its list is written by
// hand.

import (
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
)

// NetHTTP is the service on a ServeMux, with its list.
func NetHTTP(dir string) adapt.App {
	app := adapt.App{Name: "net/http", Handler: service(dir)}
	for _, e := range [][3]string{
		{"GET", "/users/:id", "user"}, {"POST", "/users", "createUser"}, {"GET", "/search", "search"}, {"GET", "/me", "me"}, {"POST", "/upload", "upload"},
		{"GET", "/events", "events"}, {"GET", "/upgrade", "upgrade"}, {"GET", "/panic", "panic"}, {"GET", "/cut", "cut"}, {"GET", "/fail", "fail"},
		{"GET", "/old", "old"}, {"GET", "/target", "target"}, {"ANY", "/any/[[...rest]]", "any"}, {"GET", "/static/[[...path]]", "static"},
		{"GET", "/api/v1/items/:id", "item"}, {"DELETE", "/api/v1/items/:id", "deleteItem"},
	} {
		app.Endpoints = append(app.Endpoints, adapt.Endpoint{Method: e[0], Pattern: e[1], Handler: e[2]})
	}
	return app
}

func service(dir string) http.Handler {
	h := Handlers{Param: func(r *http.Request, name string) string { return r.PathValue(name) }}
	m := http.NewServeMux()
	m.HandleFunc("GET /users/{id}", h.User)
	m.HandleFunc("POST /users", h.CreateUser)
	m.HandleFunc("GET /search", h.Search)
	m.HandleFunc("GET /me", h.Me)
	m.HandleFunc("POST /upload", h.Upload)
	m.HandleFunc("GET /events", h.Events)
	m.HandleFunc("GET /upgrade", Upgrade)
	m.HandleFunc("GET /panic", h.Panic)
	m.HandleFunc("GET /cut", h.Cut)
	m.HandleFunc("GET /fail", h.Fail)
	m.HandleFunc("GET /old", h.Old)
	m.HandleFunc("GET /target", h.Target)
	m.HandleFunc("/any/{rest...}", h.Any)
	m.Handle("GET /static/", h.Static(dir))
	m.Handle("GET /api/v1/items/{id}", Auth(http.HandlerFunc(h.Item)))
	m.Handle("DELETE /api/v1/items/{id}", Auth(http.HandlerFunc(h.DeleteItem)))
	return Recover(m)
}
