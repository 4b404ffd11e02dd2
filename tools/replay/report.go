package main

// The report is bounded, however long the file: counts, and of each place that differs
// at an endpoint the first request that shows it.

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/paritytest"
)

const (
	maxEndpoints = 2000
	maxPlaces    = 2000
	maxLeft      = 100
	maxText      = 2000     // bytes of a name, a reason, a command
	others       = "others" // endpoints beyond the bound
)

// report is the result, and its JSON. Fields are added, and Version grows when one changes its
// meaning.
type report struct {
	Version int    `json:"version"` // 1
	Old     string `json:"old"`     // the servers, without credentials
	New     string `json:"new"`
	File    string `json:"file"`
	// Complete is false where not all of the file was asked; Why says the reason.
	Complete bool    `json:"complete"`
	Why      string  `json:"why,omitempty"`
	Seconds  float64 `json:"seconds"`
	Asked    int     `json:"asked"` // Alike + Different + Unstable + Failed
	Alike    int     `json:"alike"`
	// Different were answered differently by new; Unstable differently by old itself; Failed by
	// neither.
	Different int `json:"different"`
	Unstable  int `json:"unstable"`
	Failed    int `json:"failed"`
	// Partial answers, among the above, were longer than what was compared of them.
	Partial int `json:"partial"`
	// Skipped entries were left out because the flags say so, Unreadable ones could not be read;
	// Left are the first hundred of both, none with -redact.
	Skipped    int    `json:"skipped"`
	Unreadable int    `json:"unreadable"`
	Left       []left `json:"left"`
	// Endpoints are sorted by name, Places by endpoint and place. OmittedPlaces were beyond the
	// bound.
	Endpoints     []*endpoint `json:"endpoints"`
	Places        []*place    `json:"places"`
	OmittedPlaces int         `json:"omittedPlaces"`
	// StaleRules are rules whose place was in no answer.
	StaleRules []string `json:"staleRules"`

	mu        sync.Mutex
	began     time.Time
	redact    bool
	server    string
	endpoints map[string]*endpoint
	places    map[[3]string]*place
	stale     map[string]int
}

type left struct {
	Line    int    `json:"line"`
	Entry   int    `json:"entry,omitempty"` // of a HAR
	Skipped bool   `json:"skipped"`
	Why     string `json:"why"`
}

// String is as the error of the entry.
func (l left) String() string {
	return (&paritytest.EntryError{Line: l.Line, Entry: l.Entry, Err: errors.New(l.Why)}).Error()
}

// endpoint counts the requests to a method and a path without its identifiers.
type endpoint struct {
	Name      string `json:"name"`
	Asked     int    `json:"asked"`
	Alike     int    `json:"alike"`
	Different int    `json:"different"`
	Unstable  int    `json:"unstable"`
	Failed    int    `json:"failed"`
}

// place is where the answers of an endpoint differ.
type place struct {
	Endpoint string `json:"endpoint"`
	Place    string `json:"place"` // a path for rules, such as body.items[*].price
	Kind     string `json:"kind"`  // as package parity names it, or unstable, or failed
	Count    int    `json:"count"` // requests
	// Of the first request that shows it:
	Number int    `json:"number"` // in the file, counted from 1 among those asked
	Old    string `json:"old"`    // what stands there, or its type
	New    string `json:"new"`
	Hint   string `json:"hint,omitempty"`
	Curl   string `json:"curl"` // the request, without credentials
}

func newReport(c *command) *report {
	return &report{
		Version: 1, Old: shown(c.old), New: shown(c.next), File: c.file, Left: []left{}, StaleRules: []string{},
		began: time.Now(), redact: c.redact, server: strings.TrimSuffix(shown(c.old), "/"),
		endpoints: map[string]*endpoint{}, places: map[[3]string]*place{}, stale: map[string]int{},
	}
}

// shown returns the URL of a server without credentials; url.Redacted shows the name.
func shown(u *url.URL) string {
	c := *u
	if c.User != nil {
		c.User = url.User("xxxxx")
	}
	return c.String()
}

// leave notes an entry that was not asked.
func (r *report) leave(e *paritytest.EntryError) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.Skipped {
		r.Skipped++
	} else {
		r.Unreadable++
	}
	if len(r.Left) < maxLeft && !r.redact {
		r.Left = append(r.Left, left{e.Line, e.Entry, e.Skipped, shorten(e.Err.Error())})
	}
}

// add notes an answer.
func (r *report) add(a answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.endpoint(a.endpoint)
	r.Asked++
	e.Asked++
	if a.report.Partial {
		r.Partial++
	}
	for _, rule := range a.report.Stale {
		r.stale[rule]++
	}
	switch {
	case a.failed:
		r.Failed++
		e.Failed++
		r.note(a, place{Place: "status", Kind: "failed", Old: outcome(a.old.Status, a.old.Err), New: outcome(a.next.Status, a.next.Err),
			Hint: "both failed, which proves nothing; if the status is meant, say so with -meant"})
	case len(a.unstable) > 0:
		r.Unstable++
		e.Unstable++
		for _, where := range a.unstable {
			path, _, _ := strings.Cut(where, " ")
			r.note(a, place{Place: path, Kind: "unstable", Hint: "old differs from itself here: " + where})
		}
	case !a.report.Equal():
		r.Different++
		e.Different++
		seen := map[[2]string]bool{}
		for _, d := range a.report.Diffs {
			if key := [2]string{d.Class, d.Kind.String()}; !seen[key] {
				seen[key] = true
				p := place{Place: d.Class, Kind: d.Kind.String(), Old: d.Old, New: d.New, Hint: d.Hint}
				if r.redact {
					p.Old, p.New = d.OldType, d.NewType
				}
				r.note(a, p)
			}
		}
	default:
		r.Alike++
		e.Alike++
	}
}

func outcome(status int, err string) string {
	if err != "" {
		return err
	}
	return fmt.Sprint(status)
}

func (r *report) endpoint(name string) *endpoint {
	e := r.endpoints[name]
	if e == nil && len(r.endpoints) >= maxEndpoints {
		name = others
		e = r.endpoints[name]
	}
	if e == nil {
		e = &endpoint{Name: name}
		r.endpoints[name] = e
	}
	return e
}

// note counts a place, and keeps of the requests that show it the first in the file.
func (r *report) note(a answer, p place) {
	key := [3]string{a.endpoint, p.Place, p.Kind}
	known := r.places[key]
	switch {
	case known == nil && len(r.places) >= maxPlaces:
		r.OmittedPlaces++
		return
	case known == nil:
		known = &place{}
		r.places[key] = known
	case known.Number < a.number:
		known.Count++
		return
	}
	p.Endpoint, p.Count, p.Number, p.Curl = a.endpoint, known.Count+1, a.number, a.curl(r.server, r.redact)
	*known = p
}

// finish sorts what was noted. The error is why it has ended before the file did.
func (r *report) finish(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Complete, r.Seconds = err == nil, time.Since(r.began).Seconds()
	if err != nil {
		r.Why = err.Error()
	}
	for rule, n := range r.stale {
		if n == r.Asked {
			r.StaleRules = append(r.StaleRules, rule)
		}
	}
	slices.Sort(r.StaleRules)
	r.Endpoints = slices.SortedFunc(maps.Values(r.endpoints), func(a, b *endpoint) int { return strings.Compare(a.Name, b.Name) })
	r.Places = slices.SortedFunc(maps.Values(r.places), func(a, b *place) int {
		return cmp.Or(strings.Compare(a.Endpoint, b.Endpoint), cmp.Compare(a.Number, b.Number), strings.Compare(a.Place, b.Place), strings.Compare(a.Kind, b.Kind))
	})
}

// Headers that are not shown.
var credentials = []string{"Authorization", "Proxy-Authorization", "Cookie"}

// curl returns the request as a command to paste. A body that a shell could not take, and a request
// that is too long to read, are named and left out.
func (q question) curl(server string, redact bool) string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	target := q.target
	if redact {
		_, target, _ = strings.Cut(q.endpoint, " ")
	}
	words := []string{"curl", "-i", "-X", q.method, quote(server + target)}
	if q.method == http.MethodHead {
		words = []string{"curl", "-I", quote(server + target)}
	}
	for _, name := range slices.Sorted(maps.Keys(q.header)) {
		for _, value := range q.header[name] {
			if redact || slices.Contains(credentials, name) {
				value = "…"
			}
			words = append(words, "-H", quote(name+": "+value))
		}
	}
	if body := string(q.body); body != "" {
		if redact || strings.ContainsFunc(body, func(c rune) bool { return c < ' ' || c == 0x7f || c == '\ufffd' }) {
			body = fmt.Sprintf("(%d bytes)", len(body))
		}
		words = append(words, "--data-binary", quote(body))
	}
	return shorten(strings.Join(words, " "))
}

// shorten bounds what a file can make the report hold.
func shorten(s string) string {
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "") + " …"
	}
	return s
}

// headline returns the result in one line.
func (r *report) headline() string {
	parts := []string{fmt.Sprintf("%d of %d requests were answered alike", r.Alike, r.Asked)}
	for _, n := range []struct {
		n    int
		what string
	}{
		{r.Different, "different"}, {r.Unstable, "unstable: old differs from itself"}, {r.Failed, "failed on both"},
	} {
		if n.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.n, n.what))
		}
	}
	return strings.Join(parts, ", ")
}

// notes returns what else has to be known about the figures.
func (r *report) notes() (notes []string) {
	say := func(when bool, format string, args ...any) {
		if when {
			notes = append(notes, fmt.Sprintf(format, args...))
		}
	}
	say(!r.Complete, "not all of the file was asked: %s", r.Why)
	say(r.Partial > 0, "answers of which only the beginning was compared: %d", r.Partial)
	say(r.Skipped > 0, "entries of the file that were left out: %d", r.Skipped)
	say(r.Unreadable > 0, "entries of the file that could not be read: %d", r.Unreadable)
	say(r.OmittedPlaces > 0, "differences at further places, which are not shown: %d", r.OmittedPlaces)
	for _, rule := range r.StaleRules {
		say(true, "the rule %s matches nothing in any answer", rule)
	}
	return notes
}
