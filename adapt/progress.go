package adapt

// How far a service has come on its way from one shape to the other, for
// people, for programs and for a pull request.

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// Progress is what a mux has of each shape, at one moment. It is a value that
// the caller owns, and marshals to JSON as it is.
type Progress struct {
	// Routes counts endpoints: what is written.
	Routes Count `json:"routes"`
	// Traffic counts requests since the start, by the side that was called, of
	// the endpoints of Migrate alone: of the others nobody counts.
	Traffic Traffic `json:"traffic"`
	// Endpoints are all of them, sorted by owner, then path, then method.
	Endpoints []Endpoint `json:"endpoints"`
}

// Count is a number of endpoints by what they are.
type Count struct {
	Fetch     int `json:"fetch"`     // moved
	Migrating int `json:"migrating"` // registered with Migrate: their old handler still exists
	ReqRes    int `json:"reqres"`    // not moved
	HTTP      int `json:"http"`      // http.Handlers, which belong to neither shape
}

// Traffic is a number of requests by the side that was called; one that fell
// back was both.
type Traffic struct {
	Old uint64 `json:"old"`
	New uint64 `json:"new"`
}

// Endpoint is one line of the report.
type Endpoint struct {
	Method  string `json:"method"`
	Pattern string `json:"pattern"`
	Shape   string `json:"shape"` // fetch, reqres, http, or migrating
	Handler string `json:"handler"`
	Source  string `json:"source"`
	Owner   string `json:"owner,omitempty"`
	// Migration is what the pair of a migrating endpoint has counted.
	Migration *migrate.Snapshot `json:"migration,omitempty"`
}

const migrating = "migrating"

// ProgressOf reads the routes and the counters of a mux.
func ProgressOf(m *Mux) Progress {
	var p Progress
	for r := range m.Routes() {
		e := Endpoint{Method: r.Method, Pattern: r.Pattern, Shape: r.Shape.String(), Handler: r.Handler, Source: r.Source, Owner: r.Owner}
		switch {
		case r.Pair != nil:
			s := r.Pair.Snapshot()
			e.Shape, e.Migration = migrating, &s
			p.Routes.Migrating++
			p.Traffic.Old += s.Old.Total()
			p.Traffic.New += s.New.Total()
		case r.Shape == Fetch:
			p.Routes.Fetch++
		case r.Shape == ReqRes:
			p.Routes.ReqRes++
		default:
			p.Routes.HTTP++
		}
		p.Endpoints = append(p.Endpoints, e)
	}
	slices.SortStableFunc(p.Endpoints, func(a, b Endpoint) int {
		return cmp.Or(strings.Compare(a.Owner, b.Owner), strings.Compare(a.Pattern, b.Pattern), compareMethods(a.Method, b.Method))
	})
	return p
}

// Legacy lists the endpoints that still need the mutable shape, as "GET /path"
// in the order of the alphabet: those registered with ReqRes, and those of
// Migrate at whatever stage, because their old handler still exists. What a
// Handle registers is of neither shape.
func Legacy(m *Mux) iter.Seq[Route] {
	return func(yield func(Route) bool) {
		routes := slices.Collect(m.Routes())
		slices.SortStableFunc(routes, func(a, b Route) int { return strings.Compare(a.request(), b.request()) })
		for _, r := range routes {
			if (r.Pair != nil || r.Shape == ReqRes) && !yield(r) {
				return
			}
		}
	}
}

// moved is the part of the endpoints that has moved, of those that are to move.
func (c Count) moved() string {
	return percent(uint64(c.Fetch), uint64(c.Fetch+c.Migrating+c.ReqRes))
}

func percent(part, whole uint64) string {
	if whole == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%d %%", part*100/whole)
}

// headline is the two sums, each with what it is a sum of.
func (p Progress) headline() []string {
	return []string{
		fmt.Sprintf("by route: %s of the endpoints have moved (%d fetch, %d migrating, %d reqres; %d plain http aside)",
			p.Routes.moved(), p.Routes.Fetch, p.Routes.Migrating, p.Routes.ReqRes, p.Routes.HTTP),
		fmt.Sprintf("by traffic: %s of the requests to migrating endpoints were served by new (%d new, %d old)",
			percent(p.Traffic.New, p.Traffic.New+p.Traffic.Old), p.Traffic.New, p.Traffic.Old),
	}
}

var progressColumns = []string{"OWNER", "METHOD", "PATTERN", "SHAPE", "STAGE", "OLD", "NEW", "DIFFERENT", "SOURCE"}

func (e Endpoint) row() []string {
	row := []string{cmp.Or(e.Owner, "-"), e.Method, e.Pattern, e.Shape, "-", "-", "-", "-", e.Source}
	if s := e.Migration; s != nil {
		row[4] = s.Plan.String()
		switch {
		case s.Latch != nil && s.Latch.Trip != nil:
			row[4] += " (tripped from " + s.Set.String() + ")"
		case s.Latch != nil:
			row[4] += " (killed at " + s.Set.String() + ")"
		}
		row[5], row[6] = fmt.Sprint(s.Old.Total()), fmt.Sprint(s.New.Total())
		row[7] = fmt.Sprintf("%d of %d", s.Mismatch, s.Compared)
	}
	return row
}

// String is the report as an aligned table.
func (p Progress) String() string {
	rows := [][]string{progressColumns}
	for _, e := range p.Endpoints {
		rows = append(rows, e.row())
	}
	width := make([]int, len(progressColumns))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for _, line := range p.headline() {
		b.WriteString(line + "\n")
	}
	b.WriteByte('\n')
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			line += cell + strings.Repeat(" ", width[i]-len([]rune(cell))+2)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// Markdown is the report for a pull request or a wiki.
func (p Progress) Markdown() string {
	var b strings.Builder
	for _, line := range p.headline() {
		b.WriteString("- " + line + "\n")
	}
	b.WriteByte('\n')
	line := func(cells []string) {
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	line(progressColumns)
	line(slices.Repeat([]string{"---"}, len(progressColumns)))
	for _, e := range p.Endpoints {
		row := e.row()
		for i, cell := range row {
			row[i] = markdownEscapes.Replace(cell)
		}
		row[2] = "`" + e.Pattern + "`"
		line(row)
	}
	return b.String()
}

var markdownEscapes = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "[", `\[`, "<", `\<`)
