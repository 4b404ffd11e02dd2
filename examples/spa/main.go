// Command spa serves an API and the single-page application that uses it, from one binary:
//
//	go run -C examples/spa .
//
// A path that the page's own router knows is the page; a file of its build is that file; and
// neither an endpoint nor a script that is missing is answered with HTML, which clients would take
// for JSON or JavaScript.
package main

import (
	"embed"
	"io/fs"
	"log"
	"net/http"
	"path"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
)

//go:embed web
var embedded embed.FS

func main() {
	mux, err := newMux()
	if err != nil {
		log.Fatal(err)
	}
	log.Println("http://localhost:8080")
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}

func newMux() (*adapt.Mux, error) {
	files, err := fs.Sub(embedded, "web")
	if err != nil {
		return nil, err
	}
	return adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/api"}, func(r *adapt.Routes) {
			r.Fetch.GET("/greeting", func(*fetch.Request) (*fetch.Response, error) {
				return fetch.JSON(map[string]string{"greeting": "hello"})
			})
			// What the API does not have goes to the page otherwise, since a Mount answers everything.
			r.Fetch.Any("/[[...rest]]", func(*fetch.Request) (*fetch.Response, error) {
				return nil, fetch.Errorf(404, "no such endpoint")
			})
		})
		r.Mount("/", page(files))
	})
}

// page serves the build of the front end. Files in assets have their content's hash in their names,
// so that they never change; the page itself is asked for again each time.
func page(files fs.FS) http.Handler {
	static := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		info, err := fs.Stat(files, name)
		asset := strings.HasPrefix(name, "assets/")
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "a page is only read", http.StatusMethodNotAllowed)
		case err == nil && info.Mode().IsRegular() && name != "index.html":
			if asset {
				w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			}
			static.ServeHTTP(w, r)
		case asset || path.Ext(name) != "" && name != "index.html":
			http.NotFound(w, r)
		default:
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, files, "index.html")
		}
	})
}
