package rollout

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
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
		want   migrate.Outcome
	}{
		{"no answer", 0, nil, migrate.Failed},
		{"200", 200, nil, migrate.Answered},
		{"304", 304, nil, migrate.Answered},
		{"404", 404, nil, migrate.Refused},
		{"499", 499, nil, migrate.Refused},
		{"500", 500, nil, migrate.Failed},
		{"599", 599, nil, migrate.Failed},
		{"an error", 0, errors.New("x"), migrate.Failed},
		{"an error with a 4xx", 0, coded(404), migrate.Refused},
		{"also wrapped", 0, fmt.Errorf("no: %w", coded(404)), migrate.Refused},
		{"an error with a 5xx", 0, coded(503), migrate.Failed},
		{"an error beats a status", 200, coded(503), migrate.Failed},
		{"ErrDecline", 0, migrate.ErrDecline, migrate.Declined},
		{"ErrDecline with a reason", 0, fmt.Errorf("not my tenant: %w", migrate.ErrDecline), migrate.Declined},
		{"an abort", 0, http.ErrAbortHandler, migrate.Broken},
		{"the end of the context", 0, context.Canceled, migrate.Failed},
	} {
		if got := outcome(x, c.status, c.err); got != c.want {
			t.Errorf("%s: %v, want %v", c.rule, got, c.want)
		}
	}
}
