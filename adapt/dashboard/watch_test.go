package dashboard

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// BenchmarkLook is what a second costs with 100 pairs among 1,000 endpoints.
func BenchmarkLook(b *testing.B) {
	d := New(Config{Authorize: func(*http.Request) (string, Level) { return "x", Read }}).(*dashboard)
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Mount("/m", d)
		for i := range 100 {
			r.Migrate("GET", fmt.Sprintf("/pair%d/:id", i), func(*reqres.Request, *reqres.Response) error { return nil }, func(*fetch.Request) (*fetch.Response, error) { return nil, nil })
		}
		for i := range 900 {
			r.Fetch.GET(fmt.Sprintf("/endpoint%d", i), func(*fetch.Request) (*fetch.Response, error) { return nil, nil })
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	defer mux.Shutdown(b.Context())
	for range int(window / time.Second) {
		d.w.look(time.Now(), true)
	}
	b.ReportAllocs()
	for b.Loop() {
		d.w.look(time.Now(), true)
	}
}
