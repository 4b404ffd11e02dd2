package crossfade_test

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/paritytest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// D1: the pair of the README (whose code TestReadmeCode holds to that of example_test.go) goes all
// the way with no rule and no difference: in a test, in a shadow, at every stage and after the last
// step, refusals and conditional requests included.

var readmeRequests = []string{
	"GET /accounts/1",
	"HEAD /accounts/1",
	"GET /accounts/none",
	"HEAD /accounts/none",
	"GET /accounts/1\nIf-None-Match: *",
	"GET /accounts/1\nIf-None-Match: " + readmeTag,
	"HEAD /accounts/1\nIf-None-Match: " + readmeTag,
	"GET /accounts/1\nIf-None-Match: \"other\"",
	"GET /accounts/1\nIf-None-Match: " + readmeTag + "\nCache-Control: no-cache",
	"GET /accounts/none\nIf-None-Match: *",
}

const readmeTag = `W/"17-QvB2sgXTgp6ryIzC1Z6TY5omsSA"`

func TestD1ReadmePairInATest(t *testing.T) {
	test := paritytest.Test{Method: "GET", Pattern: "/accounts/:id", Old: oldAccount, Next: newAccount}
	for _, raw := range readmeRequests {
		line, head, _ := strings.Cut(raw, "\n")
		method, target, _ := strings.Cut(line, " ")
		var opts []fetch.RequestOption
		for _, field := range strings.FieldsFunc(head, func(r rune) bool { return r == '\n' }) {
			name, value, _ := strings.Cut(field, ": ")
			opts = append(opts, fetch.RequestHeader(name, value))
		}
		test.Requests = append(test.Requests, fetch.NewRequest(method, target, opts...))
	}
	test.Run(t)
}

func TestD1ReadmePairAtEveryStage(t *testing.T) {
	forms := map[string]func(r *adapt.Routes){
		"nothing":    func(*adapt.Routes) {},
		"net/http":   func(r *adapt.Routes) { r.Use(func(next http.Handler) http.Handler { return next }) },
		"fetch":      func(r *adapt.Routes) { r.UseFetch(func(next fetch.Handler) fetch.Handler { return next }) },
		"reqres":     func(r *adapt.Routes) { r.UseReqRes(func(next reqres.Handler) reqres.Handler { return next }) },
		"fetch.ETag": func(r *adapt.Routes) { r.UseFetch(fetch.ETag) },
	}
	for around, use := range forms {
		want := answers(t, around, func(r *adapt.Routes) { use(r); r.ReqRes.GET("/accounts/:id", oldAccount) })
		if !strings.Contains(want[0], "Etag: "+readmeTag) || !strings.Contains(want[5], "304 Not Modified") || !strings.Contains(want[2], "charset=utf-8") {
			t.Fatalf("behind %s: old answers otherwise than this test says:\n%s", around, strings.Join(want, "\n"))
		}
		for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.Canary, migrate.Live, migrate.New} {
			plan := migrate.Plan{Stage: stage}
			if stage == migrate.Canary {
				plan.Share = 1
			}
			var pair *migrate.Pair
			got := answers(t, around, func(r *adapt.Routes) {
				r.Scope(adapt.Scope{Migration: migrate.Config{
					Plan: plan, Shadow: migrate.ShadowConfig{Control: -1, MaxConcurrent: len(readmeRequests), MaxSchedLatency: -1},
					Key: func(*http.Request) (string, bool) { return "key", true },
				}}, func(r *adapt.Routes) {
					use(r)
					pair = r.Migrate("GET", "/accounts/:id", oldAccount, newAccount)
				})
			})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("behind %s at %v (-old +the pair):\n%s", around, stage, diff)
			}
			s := pair.Snapshot()
			if s.Mismatch > 0 || stage == migrate.Shadow && s.Compared == 0 {
				t.Errorf("behind %s at %v: %d compared, %d differ at %v", around, stage, s.Compared, s.Mismatch, s.Places)
			}
			if fell := s.Fallbacks[migrate.FallbackRun]; fell > 0 || len(s.Stale) > 0 {
				t.Errorf("behind %s at %v: %d fallbacks", around, stage, fell)
			}
		}
		got := answers(t, around, func(r *adapt.Routes) { use(r); r.Fetch.GET("/accounts/:id", newAccount) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("behind %s after the last step (-old +new):\n%s", around, diff)
		}
	}
}

// answers are what a mux says to readmeRequests, on the wire.
func answers(t *testing.T, around string, routes func(*adapt.Routes)) []string {
	t.Helper()
	mux, err := adapt.New(routes)
	if err != nil {
		t.Fatalf("behind %s: %v", around, err)
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	var all []string
	for _, raw := range readmeRequests {
		line, head, _ := strings.Cut(raw, "\n")
		conn, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(30 * time.Second))
		if head != "" {
			head = strings.ReplaceAll(head, "\n", "\r\n") + "\r\n"
		}
		io.WriteString(conn, line+" HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n"+head+"\r\n")
		b, err := io.ReadAll(conn)
		conn.Close()
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, raw+"\n"+undated(b))
	}
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	return all
}

// undated is an answer with the lines of its head sorted, without the Date.
func undated(b []byte) string {
	head, body, _ := bytes.Cut(b, []byte("\r\n\r\n"))
	var lines []string
	for scan := bufio.NewScanner(bytes.NewReader(head)); scan.Scan(); {
		if !strings.HasPrefix(scan.Text(), "Date: ") {
			lines = append(lines, scan.Text())
		}
	}
	slices.Sort(lines[1:])
	return strings.Join(lines, "\n") + "\n\n" + string(body)
}
