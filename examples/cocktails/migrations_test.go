package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// The page is ada's: for others there is none. What she does on it holds for the next request, and stands in
// the log with her name.
func TestMigrationsPage(t *testing.T) {
	s := start(t)
	ada := s.member("ada", "lovelace")
	for who, c := range map[string]*client{"a visitor": s.visitor(), "grace": s.member("grace", "hopper")} {
		if got, _ := c.ask("GET", "/admin/migrations/", ""); got.Status != 404 {
			t.Errorf("%s gets %d", who, got.Status)
		}
	}
	got, _ := ada.ask("GET", "/admin/migrations/", "")
	if got.Status != 200 || !strings.Contains(got.Header["Content-Security-Policy"], "default-src 'none'") || !strings.Contains(got.Body, "main.js") {
		t.Errorf("ada gets %d %v %s", got.Status, got.Header, got.Body)
	}
	const order = `{"act":"raise","pair":"GET /api/cocktails/:id","plan":{"stage":"new"},"despite":true}`
	act := func(body string, status int) {
		t.Helper()
		if got, _ := ada.ask("POST", "/admin/migrations/v1/act", body, "Content-Type: application/json"); got.Status != status {
			t.Errorf("%s: %d %s", body, got.Status, got.Body)
		}
	}
	act(order, 200)
	if _, shape := ada.ask("GET", "/api/cocktails/negroni", ""); shape != "fetch" {
		t.Errorf("after the raise %s serves", shape)
	}
	act(`{"act":"kill","pair":"GET /api/cocktails/:id","reason":"wrong glass"}`, 200)
	if _, shape := ada.ask("GET", "/api/cocktails/negroni", ""); shape != "reqres" {
		t.Errorf("after the kill %s serves", shape)
	}
	if !s.log.has(`msg=dashboard by=ada act=kill pair="GET /api/cocktails/:id"`) {
		t.Errorf("the log is\n%s", s.log)
	}
}

// The story can be watched: its stages, and the trip.
func TestStoryIsWatched(t *testing.T) {
	if testing.Short() {
		t.Skip("tells the story")
	}
	out, in := io.Pipe()
	ended := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		ended <- run(ctx, []string{"-story", "-pace", "500ms"}, in, io.Discard)
		in.Close()
	}()
	lines := bufio.NewReader(out)
	head := ""
	for !strings.Contains(head, "/admin/migrations/") {
		line, err := lines.ReadString('\n')
		if head += line; err != nil {
			t.Fatalf("the story says %q, and %v", head, err)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	s := &service{t: t, url: regexp.MustCompile(`(http://\S+)/web/`).FindStringSubmatch(head)[1]}
	ada := s.member("ada", "lovelace")
	res := ada.open("GET", "/admin/migrations/v1/live", "")
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("the stream is %d", res.StatusCode)
	}
	seen := map[string]bool{}
	events := bufio.NewScanner(res.Body)
	events.Buffer(nil, 1<<24)
	for events.Scan() { // to the end of the story
		text, ok := strings.CutPrefix(events.Text(), "data: ")
		if !ok {
			continue
		}
		var state struct {
			Pairs []struct {
				Plan  struct{ Stage string }
				Holds []struct{ What string }
			}
		}
		if err := json.Unmarshal([]byte(text), &state); err != nil {
			t.Fatal(err)
		}
		for _, p := range state.Pairs {
			seen[p.Plan.Stage] = true
			for _, h := range p.Holds {
				seen[h.What] = true
			}
		}
	}
	if err := <-ended; err != nil {
		t.Errorf("the story ended with %v", err)
	}
	for _, stage := range []string{"shadow", "canary", "tripped", "live", "new"} {
		if !seen[stage] {
			t.Errorf("%s was not shown; only %v", stage, seen)
		}
	}
}
