package rollout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/guard"
)

type coded int

func (c coded) Error() string   { return "coded" }
func (c coded) StatusCode() int { return int(c) }

// An answer counts by its status, an error by what it becomes.
func TestOutcome(t *testing.T) {
	_, _, x := inReqRes.Enter()
	x.Start(httptest.NewRecorder(), get())
	for _, c := range []struct {
		rule   string
		status int
		err    error
		want   guard.Outcome
	}{
		{"no answer", 0, nil, guard.Failed},
		{"200", 200, nil, guard.Answered},
		{"304", 304, nil, guard.Answered},
		{"404", 404, nil, guard.Refused},
		{"499", 499, nil, guard.Refused},
		{"500", 500, nil, guard.Failed},
		{"599", 599, nil, guard.Failed},
		{"an error", 0, errors.New("x"), guard.Failed},
		{"an error with a 4xx", 0, coded(404), guard.Refused},
		{"also wrapped", 0, fmt.Errorf("no: %w", coded(404)), guard.Refused},
		{"an error with a 5xx", 0, coded(503), guard.Failed},
		{"an error beats a status", 200, coded(503), guard.Failed},
		{"ErrDecline", 0, migrate.ErrDecline, guard.Declined},
		{"ErrDecline with a reason", 0, fmt.Errorf("not my tenant: %w", migrate.ErrDecline), guard.Declined},
		{"an abort", 0, http.ErrAbortHandler, guard.Broken},
		{"the end of the context", 0, context.Canceled, guard.Failed},
	} {
		if got := outcome(x, c.status, c.err); got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}
