package main

// Plain net/http has its place in the same table: files that are compiled in,
// and the health check.

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
)

//go:embed web
var files embed.FS

// home never changes, so all requests share one response.
var home = fetch.Must(fetch.Redirect("/web/"))

func toPage(*fetch.Request) (*fetch.Response, error) { return home, nil }

// page serves everything below /web. The head hook is for the page alone.
func (a *app) page(r *adapt.Routes) {
	r.OnHead(func(_ *http.Request, _ int, h http.Header) {
		h.Set("Content-Security-Policy", "default-src 'self'")
	})
	web, err := fs.Sub(files, "web")
	if err != nil {
		panic(err) // the directory is compiled in
	}
	r.Mount("/web", http.FileServerFS(web))
}

// healthz is for whatever restarts the service when it does not answer.
func (a *app) healthz(w http.ResponseWriter, r *http.Request) {
	if err := a.store.PingContext(r.Context()); err != nil {
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
		return
	}
	w.Write([]byte("ok\n"))
}
