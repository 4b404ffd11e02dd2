// Command odd stands in front of a Node service, and takes its endpoints over one by one.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/origin"
	"github.com/crossfade-go/crossfade/reqres"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "where to listen")
	node := flag.String("node", "http://127.0.0.1:3000", "where the Node service listens")
	var plan migrate.Plan
	flag.TextVar(&plan.Stage, "stage", migrate.Old, "the stage of all endpoints: at old Node answers, at shadow the handlers here are compared with it,\n"+
		"at live they answer and Node what they cannot, at new they alone answer")
	flag.Parse()
	mux, err := newMux(*node, plan)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %s, in front of %s; %s", *listen, *node, plan)
	server := &http.Server{Addr: *listen, Handler: mux}
	err = server.ListenAndServe()
	mux.Shutdown(context.Background())
	log.Fatal(err)
}

// config is that of the whole service. Handlers answer as they did in Node.
var config = adapt.Config{
	ReqRes:  reqres.Settings{Flavor: reqres.NextJS}, // handlers of pages/api
	Answers: adapt.Standard,                         // handlers of app
}

// newMux makes the service in front of the Node service at a URL.
func newMux(node string, plan migrate.Plan) (*adapt.Mux, error) {
	app, err := origin.New(origin.Config{URL: node, Kind: origin.NextJS, Endpoints: endpoints})
	if err != nil {
		return nil, err
	}
	return config.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Plan: plan, OnEvent: migrate.LogEvents(nil)}}, func(r *adapt.Routes) { routes(r.Legacy("/", app)) })
	})
}
