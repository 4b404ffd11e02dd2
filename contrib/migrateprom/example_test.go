package migrateprom_test

import (
	"fmt"
	"log"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/contrib/migrateprom"
)

// One line shows every migration of a mux.
func Example() {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Migrate("GET", "/users/:id", oldUser, newUser)
	})
	if err != nil {
		log.Fatal(err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(migrateprom.New(mux.Migrations()))

	families, err := registry.Gather()
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "crossfade_stage" {
			for _, m := range f.Metric {
				fmt.Println(m.Label[0].GetValue(), m.Label[1].GetValue(), m.Gauge.GetValue())
			}
		}
	}
	// Output:
	// GET /users/:id canary 0
	// GET /users/:id live 0
	// GET /users/:id new 0
	// GET /users/:id old 1
	// GET /users/:id shadow 0
}
