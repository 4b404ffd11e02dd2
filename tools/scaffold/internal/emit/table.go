package emit

// The table is tried with the mux itself before anything is written.

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

// CollisionError is what two files both serve.
type CollisionError struct {
	First, Second string // the endpoint and its file
	Example       string // a request that both match
}

// Error is the report on one collision.
func (e *CollisionError) Error() string {
	return fmt.Sprintf("two files serve the same requests, such as %s:\n    %s\n    %s", e.Example, e.First, e.Second)
}

// place returns an endpoint and its file, in one line.
func place(e *project.Endpoint) string {
	shape := "reqres"
	if e.Fetch {
		shape = "fetch "
	}
	return fmt.Sprintf("%s %-7s %s  %s:%d", shape, e.Method, e.Own, e.File, e.Line)
}

func register(r *adapt.Routes, e *project.Endpoint) {
	next := func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() }
	old := func(_ *reqres.Request, res *reqres.Response) error { return res.End() }
	switch {
	case e.Fetch && e.Method == "ANY":
		r.Fetch.Any(e.Pattern, next)
	case e.Fetch:
		r.Fetch.On(e.Method, e.Pattern, next)
	case e.Method == "ANY":
		r.ReqRes.Any(e.Pattern, old)
	default:
		r.ReqRes.On(e.Method, e.Pattern, old)
	}
}

// refusal says why the mux refuses the pattern of an endpoint, "" where it does not.
func refusal(e *project.Endpoint) string {
	_, err := adapt.New(func(r *adapt.Routes) { register(r, e) })
	if err == nil {
		return ""
	}
	text := strings.TrimSpace(err.Error())
	if m := refused.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return text[strings.LastIndexByte(text, '\n')+1:]
}

// refused is how the mux says what is wrong with a pattern, behind the line of ours that registers it.
var refused = regexp.MustCompile(`pattern "(?:[^"\\]|\\.)*", offset \d+: (.*)`)

// build makes a mux of endpoints, each with its index as the owner.
func build(list []*project.Endpoint) (*adapt.Mux, error) {
	return adapt.New(func(r *adapt.Routes) {
		for i, e := range list {
			if e.Pattern != "" {
				r.Scope(adapt.Scope{Owner: strconv.Itoa(i)}, func(r *adapt.Routes) { register(r, e) })
			}
		}
	})
}

// try builds the table. It takes the pattern of an endpoint that the mux refuses, and says why; collisions are the pairs of
// files of which only one can be served.
func try(p *project.Project) (notes []project.Note, collisions []error) {
	for _, e := range p.Endpoints {
		if e.Pattern == "" {
			continue
		}
		if why := refusal(e); why != "" {
			e.Pattern, e.Reason = "", why
		}
	}
	mux, err := build(p.Endpoints)
	of := func(r adapt.Route) *project.Endpoint {
		i, err := strconv.Atoi(r.Owner)
		if err != nil || i >= len(p.Endpoints) {
			return &project.Endpoint{Own: r.Pattern, Method: r.Method}
		}
		return p.Endpoints[i]
	}
	for c := range adapt.Collisions(err) {
		collisions = append(collisions, &CollisionError{place(of(c.First)), place(of(c.Second)), c.Example})
	}
	if err != nil && len(collisions) == 0 {
		return nil, []error{err}
	}
	if p.Next {
		collisions = append(collisions, sameRoute(p)...)
	}
	if err != nil || len(collisions) > 0 {
		return nil, collisions
	}
	// Express serves with the first line that matches, the mux with the most specific pattern.
	if !p.Next {
		order := map[*project.Endpoint]int{}
		for i, e := range p.Endpoints {
			order[e] = i
		}
		for o := range mux.Overlaps() {
			winner, loser := of(o.Winner), of(o.Loser)
			if order[loser] < order[winner] && loser.Method != "ANY" {
				notes = append(notes, project.Note{At: fmt.Sprintf("%s:%d", loser.File, loser.Line), Text: fmt.Sprintf(
					"Express serves %s with %s, which is registered first; the table serves it with %s (%s:%d), which is more specific",
					o.Example, loser.Own, winner.Own, winner.File, winner.Line)})
			}
		}
	}
	return notes, nil
}

// sameRoute finds the files of one route that export different verbs: Next.js serves one of them, and drops the other.
func sameRoute(p *project.Project) (collisions []error) {
	first := map[string]*project.Endpoint{}
	reported := map[[2]string]bool{}
	for _, e := range p.Endpoints {
		if e.Pattern == "" || !strings.HasPrefix(e.File, "app/") && !strings.HasPrefix(e.File, "src/app/") {
			continue
		}
		f, ok := first[e.Pattern]
		pair := [2]string{e.File, ""}
		if ok {
			pair[1] = f.File
		}
		switch {
		case !ok:
			first[e.Pattern] = e
		case f.File != e.File && f.Method != e.Method && !reported[pair]:
			reported[pair] = true
			collisions = append(collisions, &CollisionError{place(f), place(e), "every method of " + e.Own + ", of which Next.js serves one file only"})
		}
	}
	return collisions
}

// order sorts endpoints as the table lists them: by path, then method.
func order(list []*project.Endpoint) []*project.Endpoint {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *project.Endpoint) int {
		return cmp.Or(cmp.Compare(a.Own, b.Own), cmp.Compare(a.Method, b.Method), cmp.Compare(a.File, b.File))
	})
	return list
}
