// Step 6 of the tutorial: the endpoint has moved, its line is one word shorter, and the count says so.
package main

import (
	"log"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
)

type note struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

var notes = map[string]note{"1": {"1", "buy milk"}}

func newNote(req *fetch.Request) (*fetch.Response, error) {
	n, ok := notes[req.Param("id")]
	if !ok {
		return nil, fetch.Errorf(404, "no such note")
	}
	return fetch.JSON(n)
}

func routes(r *adapt.Routes) {
	r.Fetch.GET("/notes/:id", newNote)
}

func main() {
	mux, err := adapt.New(routes)
	if err != nil {
		log.Fatal(err)
	}
	log.Print(mux.Progress())
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}
