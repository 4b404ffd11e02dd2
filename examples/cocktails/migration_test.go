package main

import (
	"sync"
	"sync/atomic"
	"testing"
)

// Each step of a migration holds from the next request on, for everybody, and so
// does the way back; all the while, whoever asks gets the same answer.
func TestMigration(t *testing.T) {
	s := start(t)
	ada, visitor := s.member("ada", "lovelace"), s.visitor()

	var crowd sync.WaitGroup
	var done atomic.Bool
	var asked atomic.Int64
	for i := range 8 {
		crowd.Go(func() {
			c := []*client{ada, visitor}[i%2]
			for !done.Load() {
				got, shape := c.ask("GET", "/api/cocktails/negroni", "")
				s.compare("in the crowd", expectJSON(200, negroni, "Cache-Control: no-cache"), got)
				if shape == "" {
					t.Error("an answer is of no shape")
				}
				asked.Add(1)
			}
		})
	}
	defer crowd.Wait()
	defer done.Store(true)

	const (
		pair     = `{"pair":"GET /api/cocktails/:id",`
		watching = `"guard":"watching"`
		held     = `{"error":"migrate: the plan is stored, not in force: old serves until Reset, or until the document releases what it holds (pair \"GET /api/cocktails/:id\")"}`
	)
	steps := []struct {
		rule         string
		method, path string
		body         string
		want         string // the status of the migration
		ada, visitor string // the shapes that serve them
	}{
		{"at first old serves", "GET", "", "",
			`"plan":{"stage":"old"},"wanted":{"stage":"old"},"guard":"off"}`, "reqres", "reqres"},
		{"a canary of all is for those with a session", "PUT", "", `{"stage":"canary","share":1}`,
			`"plan":{"stage":"canary","share":1},"wanted":{"stage":"canary","share":1},"by":"ada",` + watching + `}`, "fetch", "reqres"},
		{"a canary of none is for nobody", "PUT", "", `{"stage":"canary"}`,
			`"plan":{"stage":"canary"},"wanted":{"stage":"canary"},"by":"ada","guard":"idle"}`, "reqres", "reqres"},
		{"new serves all", "PUT", "", `{"stage":"new"}`,
			`"plan":{"stage":"new"},"wanted":{"stage":"new"},"by":"ada","guard":"off"}`, "fetch", "fetch"},
		{"rolled back, old serves all, and says why", "DELETE", "?reason=wrong+glass", "",
			`"plan":{"stage":"old"},"wanted":{"stage":"new"},"by":"ada","held":{"why":"wrong glass","by":"ada"},"guard":"off"}`, "reqres", "reqres"},
		{"rolled back again, without a reason", "DELETE", "", "",
			`"plan":{"stage":"old"},"wanted":{"stage":"new"},"by":"ada","held":{"why":"no reason given","by":"ada"},"guard":"off"}`, "reqres", "reqres"},
		{"a new plan does not lift the roll-back", "PUT", "", `{"stage":"canary","share":1}`, "", "reqres", "reqres"},
		{"a reset does, and puts it in force", "POST", "", "",
			`"plan":{"stage":"canary","share":1},"wanted":{"stage":"canary","share":1},"by":"ada",` + watching + `}`, "fetch", "reqres"},
		{"and back to the start", "PUT", "", `{"stage":"old"}`,
			`"plan":{"stage":"old"},"wanted":{"stage":"old"},"by":"ada","guard":"off"}`, "reqres", "reqres"},
	}
	for range 5 {
		for _, step := range steps {
			got, _ := ada.ask(step.method, "/api/admin/migration"+step.path, step.body)
			switch {
			case step.want == "":
				s.compare(step.rule, expectJSON(409, held), got)
			case step.method != "GET": // the first step is the first just once
				s.compare(step.rule, expectJSON(200, pair+step.want), got)
			}
			for _, who := range []struct {
				name, want string
				*client
			}{{"ada", step.ada, ada}, {"a visitor", step.visitor, visitor}} {
				got, shape := who.ask("GET", "/api/cocktails/negroni", "")
				s.compare(step.rule, expectJSON(200, negroni, "Cache-Control: no-cache"), got)
				if shape != who.want {
					t.Errorf("%s: %s is served by %s, want %s", step.rule, who.name, shape, who.want)
				}
				got, _ = who.ask("GET", "/api/cocktails/water", "")
				s.compare(step.rule, expectJSON(404, `{"error":"there is no such cocktail"}`), got)
			}
		}
	}
	if asked.Load() == 0 {
		t.Error("the crowd has not asked")
	}
}
