// Package paritytest proves in a test that the new handler of an endpoint answers as the old one
// does, before any traffic sees it.
//
//	paritytest.Test{
//		Method: "GET", Pattern: "/accounts/:id",
//		Old: oldAccount, Next: newAccount,
//		Requests: []*fetch.Request{
//			fetch.NewRequest("GET", "/accounts/1"),
//			fetch.NewRequest("GET", "/accounts/none"),
//		},
//	}.Run(t)
//
// Each request goes to the old handler, to the old handler once more, and to the new one, each time
// through a mux of its own, with a request of its own and after a Reset. Places in which the two
// old answers differ are noise, which is logged as rules to paste and then compared by shape.
// Places that may differ for other reasons are named by parity.Rules; a rule that matches nothing
// in any answer fails the test, because it is there for nobody.
//
// A test in which both sides fail in the same way proves nothing. So an answer of 500 or above from
// both, a request that does not reach the handlers, and a table in which every request is refused
// are failures too, unless Want or Meant says that they are meant.
//
// Endpoints that leave an app with a router of its own, such as gin, are proved with Servers: old is
// the app, next the mux with its pairs at migrate.New. Requests can also be those of real traffic:
// see HAR, AccessLog and Curl.
package paritytest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// Test is one endpoint with both its handlers.
type Test struct {
	// Method and Pattern register the endpoint, as in r.Migrate.
	Method, Pattern string
	Old             reqres.Handler // the side that is right
	Next            fetch.Handler  // the side on trial

	// Requests are what both sides are asked. They are copied, not used up.
	Requests []*fetch.Request
	// Want are the statuses of the answers, in the order of Requests: what is known for certain. 0,
	// and what is missing, is any below 500.
	Want []int
	// Meant are the statuses that prove something whichever request gets them, such as 503 where
	// requests are generated or recorded, so that nobody can count them for Want: a 5xx of both
	// sides, or 401 of all.
	Meant []int

	// Config is that of the muxes of both sides: what renders errors, and the settings of the
	// reqres shape. Default: the zero Config, whose errors are not logged.
	Config adapt.Config
	// Use registers what guards the endpoint, such as r.Use(auth), on both sides. nil: nothing.
	Use func(r *adapt.Routes)

	// Rules say where the answers may differ.
	Rules parity.Rules
	// Reset makes the state that handlers work on new. It runs before every call of a handler, so
	// three times for each request. Nil is for handlers without a state.
	Reset func(testing.TB)
}

// Run asks both sides every request and reports each difference as an error of t, with the request
// as a curl command and as Go.
func (p Test) Run(t testing.TB) {
	t.Helper()
	sides := p.sides(t)
	if sides == nil {
		return
	}
	refused, noise := compareAll(t, p.Requests, p.Want, p.Meant, func(r request) *result { return sides.compare(t, r) })
	switch {
	case len(p.Requests) == 0:
		t.Errorf("paritytest: %s %s has no Requests, so nothing was compared", p.Method, p.Pattern)
	case refused == len(p.Requests):
		t.Errorf("paritytest: every request to %s %s was refused with 400 or above, which handlers that do nothing would answer alike: add one that is served, or say in Want or Meant that this is meant", p.Method, p.Pattern)
	}
	if text := noise.String(); text != "" {
		t.Logf("paritytest: the old handler differs from itself; these Rules say so:\n%s", text)
	}
}

// compareAll reports what differs in the answers to each request, and the rules that are stale for
// all of them. It returns how many requests old refuses although nobody says that this is meant, and
// what is noise.
func compareAll(t testing.TB, requests []*fetch.Request, want, meant []int, compare func(request) *result) (refused int, noise parity.Noise) {
	t.Helper()
	stale := map[string]int{}
	for i, req := range requests {
		r, err := snapshot(req)
		if err != nil {
			t.Errorf("paritytest: Requests[%d]: %v", i, err)
			continue
		}
		code := 0
		if i < len(want) {
			code = want[i]
		}
		result := compare(r)
		result.check(t, code, meant)
		if code == 0 && result.old.Status >= 400 && !slices.Contains(meant, result.old.Status) {
			refused++
		}
		noise = noise.Merge(result.noise)
		for _, rule := range result.report.Stale {
			stale[rule]++
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(stale)) {
		if stale[rule] == len(requests) {
			t.Errorf("paritytest: the rule %s matches nothing in any answer: delete it, or add the request that it is for", rule)
		}
	}
	return refused, noise
}

// Fuzz compares both sides over what the fuzzer makes of the Requests: targets, header lines and
// bodies. Requests that do not reach the handlers are passed over. Want and rules that match
// nothing are not looked at.
func (p Test) Fuzz(f *testing.F) {
	f.Helper()
	for i, req := range p.Requests {
		r, err := snapshot(req)
		if err != nil {
			f.Fatalf("paritytest: Requests[%d]: %v", i, err)
		}
		f.Add(r.target, r.headerLines(), r.body)
	}
	sides := p.sides(f)
	if sides == nil {
		return
	}
	method := p.Method
	if method == "ANY" {
		method = http.MethodGet
	}
	f.Fuzz(func(t *testing.T, target, header string, body []byte) {
		r := request{method: method, target: target, header: parseLines(header), body: body}
		if !strings.HasPrefix(target, "/") || r.fresh().Err() != nil {
			t.Skip()
		}
		result := sides.compare(t, r)
		if !result.reached {
			t.Skip()
		}
		result.differences(t)
	})
}

// result is what the comparison of one request has shown.
type result struct {
	request   request
	old, next parity.Message
	why       [2]error // that the handlers returned, for the reader
	reached   bool
	noise     parity.Noise
	report    parity.Report
}

// check reports everything that is wrong.
func (r *result) check(t testing.TB, want int, meant []int) {
	t.Helper()
	switch {
	case !r.reached:
		t.Errorf("paritytest: %s does not reach the handlers, but is answered with %d by the mux%s", r.request.name(), r.old.Status, r.request)
		return
	case want != 0 && (r.old.Status != want || r.next.Status != want):
		t.Errorf("paritytest: %s is answered with %d by old and %d by new, not with %d%s", r.request.name(), r.old.Status, r.next.Status, want, r.request)
	case want == 0 && failed(r.old, meant) && failed(r.next, meant):
		hint := ""
		if r.old.Err == "" && r.next.Err == "" { // nobody means a panic
			hint = "; if it is meant, say so in Want or Meant"
		}
		t.Errorf("paritytest: %s fails on both sides, old %s, new %s, which proves nothing%s%s",
			r.request.name(), how(r.old, r.why[0]), how(r.next, r.why[1]), hint, r.request)
	}
	r.differences(t)
}

func (r *result) differences(t testing.TB) {
	t.Helper()
	if len(r.noise.Structural) > 0 {
		t.Errorf("paritytest: %s: the old handler disagrees with itself in what clients rely on: %s. Make it or its fixture deterministic (see Reset)%s",
			r.request.name(), strings.Join(r.noise.Structural, ", "), r.request)
	}
	if !r.report.Equal() {
		t.Errorf("paritytest: %s is answered differently by the new handler\n%s%s%s", r.request.name(), r.report, r.reasons(), r.request)
	}
}

func (r *result) reasons() string {
	text := ""
	for i, side := range []string{"old", "new"} {
		if r.why[i] != nil {
			text += "\n" + side + " returned the error: " + r.why[i].Error()
		}
	}
	return text
}

func failed(m parity.Message, meant []int) bool {
	return m.Err != "" || m.Status >= 500 && !slices.Contains(meant, m.Status)
}

func how(m parity.Message, why error) string {
	switch {
	case m.Err != "":
		return m.Err
	case why != nil:
		return "error: " + why.Error()
	}
	return http.StatusText(m.Status)
}

// learn adds what old does not have in common with itself.
func learn(rules parity.Rules, noise parity.Noise) parity.Rules {
	rules.Noise = rules.Noise.Merge(noise)
	return rules
}
