package adapt_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// Wait waits for the work of its request, whichever context of it is given, in every form.
func TestWait(t *testing.T) {
	var release chan struct{}
	var inner context.Context
	h := served.Reads(func(r served.Request) (any, error) {
		inner = r.Context()
		return nil, adapt.After(inner, func(context.Context) { <-release })
	})
	hosts := []struct {
		name string
		ask  func(t *testing.T, mux *adapt.Mux) context.Context
	}{
		{"the context within", func(t *testing.T, mux *adapt.Mux) context.Context {
			mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			return inner
		}},
		{"the context of the host", func(t *testing.T, mux *adapt.Mux) context.Context {
			ctx := adapt.Waitable(t.Context())
			mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
			return ctx
		}},
		{"in process", func(t *testing.T, mux *adapt.Mux) context.Context {
			ctx := adapt.Waitable(t.Context())
			res, err := mux.Fetch(fetch.NewRequest("GET", "/").WithContext(ctx))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := res.Bytes(); err != nil {
				t.Fatal(err)
			}
			return ctx
		}},
		{"a request around it", func(t *testing.T, mux *adapt.Mux) context.Context {
			var around context.Context
			outer := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
				r.Fetch.GET("/", func(req *fetch.Request) (*fetch.Response, error) {
					around = req.Context()
					return mux.Fetch(req)
				})
			})
			outer.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			return around
		}},
	}
	for _, form := range served.Forms {
		for _, host := range hosts {
			t.Run(form.Name+"/"+host.name, func(t *testing.T) {
				served.LeavesNothing(t)
				release = make(chan struct{})
				mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { form.Register(r, "GET", "/", h) })
				ctx := host.ask(t, mux)
				soon, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
				defer cancel()
				if err := adapt.Wait(soon); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Wait does not wait until its deadline: %v", err)
				}
				close(release)
				if err := adapt.Wait(ctx); err != nil {
					t.Error(err)
				}
				if err := mux.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
}

// The shadow run of a migration is work of its request.
func TestWaitWaitsForShadows(t *testing.T) {
	release := make(chan struct{})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: served.Patient(migrate.Shadow)}, func(r *adapt.Routes) {
			r.Migrate("GET", "/", func(req *reqres.Request, res *reqres.Response) error { return res.JSON(1) },
				func(req *fetch.Request) (*fetch.Response, error) {
					<-release
					return fetch.JSON(1)
				})
		})
	})
	ctx := adapt.Waitable(t.Context())
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	soon, cancel := context.WithTimeout(ctx, 5*time.Millisecond)
	defer cancel()
	if err := adapt.Wait(soon); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Wait does not wait for the shadow: %v", err)
	}
	close(release)
	if err := adapt.Wait(ctx); err != nil {
		t.Error(err)
	}
	for pair := range mux.Migrations() {
		if s := pair.Snapshot(); s.Compared != 1 {
			t.Errorf("after Wait the shadow has not been compared: %+v", s.Shadows)
		}
	}
}

// What ends the waiting is the context that Wait is given, and a context of nobody is a mistake.
func TestWaitGivesUp(t *testing.T) {
	if err := adapt.Wait(t.Context()); err == nil || !strings.Contains(err.Error(), "Waitable") {
		t.Errorf("a context of no request: %v", err)
	}
	if err := adapt.Wait(adapt.Waitable(t.Context())); err != nil {
		t.Errorf("no work: %v", err)
	}
	release := make(chan struct{})
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/", func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Must(fetch.NoContent()), adapt.After(req.Context(), func(context.Context) { <-release })
		})
	})
	ctx, cancel := context.WithCancelCause(adapt.Waitable(t.Context()))
	mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	cause := errors.New("the host has no time left")
	cancel(cause)
	if err := adapt.Wait(ctx); err != cause {
		t.Errorf("Wait gives up with %v, want the cause", err)
	}
	close(release)
	if err := adapt.Wait(context.WithoutCancel(ctx)); err != nil {
		t.Error(err)
	}
}

// A host that freezes the process after an answer waits for the work of the request first.
func ExampleWait() {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.POST("/orders", func(req *fetch.Request) (*fetch.Response, error) {
			err := adapt.After(req.Context(), func(context.Context) { fmt.Println("the receipt is sent") })
			return fetch.Must(fetch.NoContent()), err
		})
	})
	if err != nil {
		panic(err)
	}
	invoke := func(w http.ResponseWriter, r *http.Request) {
		ctx := adapt.Waitable(r.Context())
		mux.ServeHTTP(w, r.WithContext(ctx))
		if err := adapt.Wait(context.WithoutCancel(ctx)); err != nil {
			fmt.Println(err)
		}
	}
	invoke(httptest.NewRecorder(), httptest.NewRequest("POST", "/orders", nil))
	fmt.Println("frozen")
	// Output:
	// the receipt is sent
	// frozen
}
