package paritytest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
)

// Servers are two whole services, such as the one before a migration and the one after it, with
// their middleware, which are compared over real connections. GET, HEAD and OPTIONS go to old
// twice, to learn what is noise. Headers that a connection adds are compared too.
type Servers struct {
	// Old is the service that is right, Next the one on trial.
	Old, Next http.Handler
	// Requests are what both are asked.
	Requests []*fetch.Request
	// Want are the statuses of the answers, as in Test.
	Want []int
	// Meant are the statuses of 500 and above that are meant, as in Test.
	Meant []int
	// Rules say where the answers may differ; one that matches nothing is an error, as in Test.
	Rules parity.Rules
	// Reset makes the state of the services new, before each call. nil: there is none.
	Reset func(testing.TB)
}

// Run asks both services every request and reports each difference as an error of t.
func (s Servers) Run(t testing.TB) {
	t.Helper()
	if err := s.Rules.Validate(); err != nil {
		t.Fatalf("paritytest: Rules: %v", err)
		return
	}
	client := &http.Transport{DisableCompression: true} // an http.Client would judge a Location
	defer client.CloseIdleConnections()
	a, b := httptest.NewServer(s.Old), httptest.NewServer(s.Next)
	defer a.Close()
	defer b.Close()
	ask := func(server string, r request) parity.Message {
		if s.Reset != nil {
			s.Reset(t)
		}
		return overWire(client, server, r)
	}
	if len(s.Requests) == 0 {
		t.Errorf("paritytest: Servers was given no Requests, so nothing was compared")
	}
	compareAll(t, s.Requests, s.Want, s.Meant, func(r request) *result {
		out := &result{request: r, reached: true, old: ask(a.URL, r)}
		if r.method == http.MethodGet || r.method == http.MethodHead || r.method == http.MethodOptions {
			out.noise = parity.Learn(out.old, ask(a.URL, r))
		}
		out.next = ask(b.URL, r)
		out.report = parity.Compare(out.old, out.next, learn(s.Rules, out.noise))
		return out
	})
}

func overWire(client *http.Transport, server string, r request) parity.Message {
	target := r.fresh().URL()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, server+target.RequestURI(), strings.NewReader(string(r.body)))
	if err != nil {
		return parity.Message{Err: "error: " + err.Error()}
	}
	req.Header = r.header.Clone()
	if r.host != "" {
		req.Host = r.host
	}
	res, err := client.RoundTrip(req)
	if err != nil {
		return parity.Message{URL: req.URL, Err: "aborted: " + err.Error()}
	}
	defer res.Body.Close()
	m := parity.Message{URL: req.URL, Status: res.StatusCode, Header: res.Header}
	if m.Body, err = io.ReadAll(res.Body); err != nil {
		m.Err = "aborted: " + err.Error()
	}
	m.Trailer = res.Trailer
	return m
}
