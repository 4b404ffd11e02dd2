package adapt_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

// The work after answers is bounded, runs in every form once its answer is complete, and is drained
// by Shutdown.
func TestAfterIsBoundedAndDrained(t *testing.T) {
	const bound = 1024
	var ran atomic.Int64
	var refused error
	release := make(chan struct{})
	h := served.Reads(func(r served.Request) (any, error) {
		accepted := 0
		for range bound + 1 {
			err := adapt.After(r.Context(), func(context.Context) {
				<-release
				ran.Add(1)
			})
			if err == nil {
				accepted++
			} else {
				refused = err
			}
		}
		return accepted, nil
	})
	for _, form := range served.Forms {
		t.Run(form.Name, func(t *testing.T) {
			served.LeavesNothing(t)
			ran.Store(0)
			refused, release = nil, make(chan struct{})
			mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { form.Register(r, "GET", "/", h) })
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			if w.Code != http.StatusOK || w.Body.String() != "1024" {
				t.Errorf("%d: %s were accepted, want %d", w.Code, w.Body, bound)
			}
			if refused == nil || !strings.Contains(refused.Error(), "1,024 functions are under way") {
				t.Errorf("one more is refused with %v", refused)
			}
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			if err := mux.Shutdown(gone); err == nil {
				t.Error("Shutdown does not wait for what is under way")
			}
			close(release)
			if err := mux.Shutdown(t.Context()); err != nil || ran.Load() != bound {
				t.Errorf("%d of %d have run when Shutdown returns %v", ran.Load(), bound, err)
			}
		})
	}
}
