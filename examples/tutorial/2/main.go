// Step 2 of the tutorial: a second route, in the other shape, in the same mux.
package main

import (
	"log"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
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

func checkNote(req *fetch.Request) (*fetch.Response, error) {
	n, err := fetch.Decode[note](req)
	if err != nil {
		return nil, err // 400 with the place of the mistake, 413, or 415
	}
	if n.Text == "" {
		return nil, fetch.Errorf(422, "a note needs a text")
	}
	return fetch.JSON(n)
}

func routes(r *adapt.Routes) {
	r.ReqRes.GET("/notes/:id", oldNote)
	r.Fetch.POST("/notes/check", checkNote)
}

func main() {
	mux, err := adapt.New(routes)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}
