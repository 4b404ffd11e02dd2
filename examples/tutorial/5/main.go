// Step 5 of the tutorial: a canary, which is moved and stopped while the service runs.
package main

import (
	"fmt"
	"log"
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
		return nil, fetch.Errorf(404, "no such note")
	}
	return fetch.JSON(n)
}

// bySession keeps everybody on one side, in every replica, while the share grows.
func bySession(r *http.Request) (string, bool) {
	c, err := r.Cookie("session")
	if err != nil {
		return "", false // served by old
	}
	return c.Value, true
}

var pair *migrate.Pair

func routes(r *adapt.Routes) {
	r.Scope(adapt.Scope{Migration: migrate.Config{Key: bySession}}, func(r *adapt.Routes) {
		pair = r.Migrate("GET", "/notes/:id", oldNote, newNote)
	})
	r.Fetch.POST("/admin/canary", func(*fetch.Request) (*fetch.Response, error) {
		if err := pair.Set(migrate.Plan{Stage: migrate.Canary, Share: 0.5}, "ada"); err != nil {
			return nil, err
		}
		return fetch.NoContent()
	})
	r.Fetch.POST("/admin/kill", func(*fetch.Request) (*fetch.Response, error) {
		pair.Kill("I do not like it", "ada")
		return fetch.NoContent()
	})
	r.Fetch.GET("/admin/state", func(*fetch.Request) (*fetch.Response, error) {
		return fetch.Text(fmt.Sprintln(pair.Plan()))
	})
}

func main() {
	mux, err := adapt.New(routes)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}
