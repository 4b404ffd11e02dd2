package handler

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"sync/atomic"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/examples/hosts/hosttest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// project is what vercel.json says.
type project struct {
	Rewrites  []struct{ Source, Destination string }
	Functions map[string]struct{ MaxDuration int }
}

// serve is the platform before the function: what no rewrite sends to a function is a page of the platform's.
// The function sees the request as the client has sent it, the path included.
func serve(t *testing.T) *httptest.Server {
	t.Helper()
	b, err := os.ReadFile("../vercel.json")
	if err != nil {
		t.Fatal(err)
	}
	var p project
	if err := json.Unmarshal(b, &p); err != nil {
		t.Fatal(err)
	}
	for file := range p.Functions {
		if _, err := os.Stat("../" + file); err != nil {
			t.Errorf("vercel.json configures a function without a file: %v", err)
		}
	}
	functions := map[string]http.HandlerFunc{"/api/index": Handler}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, rewrite := range p.Rewrites {
			if regexp.MustCompile("^" + rewrite.Source + "$").MatchString(r.URL.Path) {
				functions[rewrite.Destination](w, r)
				return
			}
		}
		http.Error(w, "NOT_FOUND", http.StatusNotFound)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestVercel(t *testing.T) { hosttest.Run(t, hosttest.Host{URL: serve(t).URL}) }

// When the function has returned, and may be frozen, the work after the answer is done; the client has
// not waited for it.
func TestTheFunctionWaitsForTheWork(t *testing.T) {
	deployed := mux
	defer func() { mux = deployed }()
	var err error
	var done atomic.Bool
	answered, returned := make(chan struct{}), make(chan struct{})
	mux, err = adapt.New(func(r *adapt.Routes) {
		r.Fetch.POST("/orders", func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Must(fetch.NoContent()), adapt.After(req.Context(), func(context.Context) {
				<-answered
				done.Store(true)
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Handler(w, r)
		close(returned)
	}))
	defer s.Close()
	if got := (hosttest.Host{URL: s.URL}).Ask(t, "POST", "/orders", ""); got.Status != 204 {
		t.Fatalf("%d %s %v", got.Status, got.Body, got.Err)
	}
	close(answered)
	if <-returned; !done.Load() {
		t.Error("the function has returned, and the work is not done")
	}
}
