// Step 1 of the tutorial: one route, in the shape in which the service was written.
package main

import (
	"log"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
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

func routes(r *adapt.Routes) {
	r.ReqRes.GET("/notes/:id", oldNote)
}

func main() {
	mux, err := adapt.New(routes)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}
