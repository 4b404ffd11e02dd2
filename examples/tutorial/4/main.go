// Step 4 of the tutorial: the new handler runs in the shadow of the old one, and a difference is found.
package main

import (
	"log"
	"log/slog"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

type note struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

var notes = map[string]note{"1": {"1", "buy milk"}}

func oldNote(req *reqres.Request, res *reqres.Response) error {
	n, ok := notes[req.Param("id")]
	if !ok {
		return reqres.Errorf(404, "no such note")
	}
	return res.JSON(n)
}

func newNote(req *fetch.Request) (*fetch.Response, error) {
	n, ok := notes[req.Param("id")]
	if !ok {
		return nil, fetch.Errorf(410, "no such note") // the old handler says 404
	}
	return fetch.JSON(n)
}

func routes(r *adapt.Routes) {
	shadow := migrate.Config{
		Plan:    migrate.Plan{Stage: migrate.Shadow},
		OnEvent: migrate.LogEvents(slog.Default()),
	}
	r.Scope(adapt.Scope{Migration: shadow}, func(r *adapt.Routes) {
		r.Migrate("GET", "/notes/:id", oldNote, newNote)
	})
}

func main() {
	mux, err := adapt.New(routes)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}
