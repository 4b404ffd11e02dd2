// Step 3 of the tutorial: a guard, written once for handlers of both shapes.
package main

import (
	"context"
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

type userKey struct{}

func requireUser(r *http.Request) (context.Context, error) {
	c, err := r.Cookie("session")
	if err != nil {
		return nil, fetch.Errorf(401, "log in first")
	}
	return context.WithValue(r.Context(), userKey{}, c.Value), nil
}

func me(req *fetch.Request) (*fetch.Response, error) {
	user, _ := req.Context().Value(userKey{}).(string)
	return fetch.Text(user)
}

func routes(r *adapt.Routes) {
	r.Guard(requireUser)
	r.ReqRes.GET("/notes/:id", oldNote)
	r.Fetch.GET("/me", me)
}

func main() {
	mux, err := adapt.New(routes)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("localhost:8080", mux))
}
