package dashboard

// All endpoints, what precedence decides between them, and what is left to do, to paste somewhere.

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
)

// maxOverlaps is how many are listed: two catch-alls can overlap with everything.
const maxOverlaps = 1000

type endpoints struct {
	Version   int         `json:"version"`
	Endpoints []adapt.Row `json:"endpoints"` // without what their pairs have counted
	Overlaps  []overlap   `json:"overlaps"`
	Omitted   int         `json:"omitted"` // overlaps beyond the first thousand
}

type overlap struct {
	Winner  string `json:"winner"`  // "GET /users/me"
	Loser   string `json:"loser"`   // likewise
	Example string `json:"example"` // a path that both match
	Dead    bool   `json:"dead"`    // the loser is an endpoint of a legacy app that has moved
	Text    string `json:"text"`    // in words
}

func (w *watch) endpoints() endpoints {
	out := endpoints{Version: version, Endpoints: w.rows, Overlaps: []overlap{}}
	for o := range w.mux.Overlaps() {
		if len(out.Overlaps) == maxOverlaps {
			out.Omitted++
			continue
		}
		out.Overlaps = append(out.Overlaps, overlap{request(o.Winner), request(o.Loser), o.Example, o.Dead, o.String()})
	}
	return out
}

func request(r adapt.Route) string { return r.Method + " " + r.Pattern }

// left answers with what is left, as Markdown.
func (v visit) left() {
	var b strings.Builder
	c := v.routes
	fmt.Fprintf(&b, "# What is left\n\n%d endpoints have moved, %d are migrating, %d have not begun.\n", c.Fetch, c.Migrating, c.ReqRes+c.Legacy)
	byOwner, owners := map[string][]string{}, []string{}
	for r := range v.mux.Legacy() {
		line := fmt.Sprintf("- [ ] %s, %s", code(request(r)), r.Shape)
		if r.Pair != nil {
			line = fmt.Sprintf("- [ ] %s, migrating: %s", code(request(r)), r.Pair.Plan())
		}
		if r.App != "" {
			line += " of " + code(r.App)
		}
		if _, known := byOwner[r.Owner]; !known {
			owners = append(owners, r.Owner)
		}
		byOwner[r.Owner] = append(byOwner[r.Owner], line+", "+code(r.Handler)+" at "+code(r.Source))
	}
	for _, owner := range owners {
		if owner != "" {
			fmt.Fprintf(&b, "\n## %s\n", code(owner))
		}
		b.WriteString("\n" + strings.Join(byOwner[owner], "\n") + "\n")
	}
	first := true
	for o := range v.mux.Overlaps() {
		if o.Dead {
			if first {
				b.WriteString("\n## Dead, and to be deleted\n\n")
				first = false
			}
			fmt.Fprintf(&b, "- [ ] %s of %s: %s at %s\n", code(request(o.Loser)), code(o.Loser.App), code(o.Loser.Handler), code(o.Loser.Source))
		}
	}
	v.w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	v.w.WriteHeader(http.StatusOK)
	_, _ = v.w.Write([]byte(b.String()))
}

// code returns s as code in Markdown, which nothing in s can end.
func code(s string) string {
	return "`" + strings.Map(func(c rune) rune {
		if c == '`' || c < ' ' {
			return '\''
		}
		return c
	}, s) + "`"
}
