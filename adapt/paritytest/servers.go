package paritytest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
)

// Servers compares two whole services over real connections, such as the one
// before a migration and the one after it, with their middleware. GET, HEAD and
// OPTIONS go to old twice, to learn what is noise; what has a state must be in
// the same one on both sides. What a connection adds is compared too.
func Servers(t testing.TB, old, next http.Handler, reqs ...*fetch.Request) {
	t.Helper()
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	a, b := httptest.NewServer(old), httptest.NewServer(next)
	defer a.Close()
	defer b.Close()
	if len(reqs) == 0 {
		t.Errorf("paritytest: Servers was given no requests, so nothing was compared")
	}
	for i, req := range reqs {
		r, err := snapshot(req)
		if err != nil {
			t.Errorf("paritytest: request %d: %v", i, err)
			continue
		}
		out := &result{request: r, reached: true, old: overWire(client, a.URL, r)}
		if r.method == http.MethodGet || r.method == http.MethodHead || r.method == http.MethodOptions {
			out.noise = parity.Learn(out.old, overWire(client, a.URL, r))
		}
		out.next = overWire(client, b.URL, r)
		out.report = parity.Compare(out.old, out.next, learn(parity.Rules{}, out.noise))
		out.check(t, 0)
	}
}

func overWire(client *http.Client, server string, r request) parity.Message {
	target := r.fresh().URL()
	req, err := http.NewRequest(r.method, server+target.RequestURI(), strings.NewReader(string(r.body)))
	if err != nil {
		return parity.Message{Err: "error: " + err.Error()}
	}
	req.Header = r.header.Clone()
	if r.host != "" {
		req.Host = r.host
	}
	res, err := client.Do(req)
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
