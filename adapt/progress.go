package adapt

// How far a service has come on its way from one shape to the other, for people, for programs and
// for a pull request.

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/markdown"
)

// Progress is what a mux has of each shape, at one moment. It is a value that the caller owns, and
// marshals to JSON as it is.
type Progress struct {
	// Routes counts endpoints: what is written.
	Routes Count `json:"routes"`
	// Traffic counts requests since the start, by the side that was called, of the endpoints of
	// Migrate alone: of the others nobody counts.
	Traffic Traffic `json:"traffic"`
	// Endpoints are all of them, sorted by owner, then path, then method.
	Endpoints []Row `json:"endpoints"`
	// Stale are rules of migrations that have matched nothing in any comparison of the pairs that
	// have them, each once: nobody needs them, or their place is misspelt. The rows do not say so
	// again.
	Stale []string `json:"staleRules,omitempty"`
	// Apps are the legacy apps, in the order of registration.
	Apps []AppCount `json:"apps,omitempty"`
}

// Count is a number of endpoints by what they are.
type Count struct {
	Fetch     int `json:"fetch"`     // moved
	Migrating int `json:"migrating"` // registered with Migrate: their old handler still exists
	ReqRes    int `json:"reqres"`    // not moved
	Legacy    int `json:"legacy"`    // not moved out of their legacy app
	HTTP      int `json:"http"`      // http.Handlers, which belong to neither shape
}

// Traffic is a number of requests by the side that was called; one that fell back was both.
type Traffic struct {
	Old uint64 `json:"old"` // that old handlers served
	New uint64 `json:"new"` // that new handlers served or tried
}

// Row is one line of the report.
type Row struct {
	Method  string `json:"method"`          // the Route's
	Pattern string `json:"pattern"`         // likewise
	Shape   string `json:"shape"`           // fetch, reqres, http, legacy, or migrating
	Handler string `json:"handler"`         // the Route's
	Source  string `json:"source"`          // likewise
	Owner   string `json:"owner,omitempty"` // likewise
	// App and Reason are those of the Route.
	App    string `json:"app,omitempty"`
	Reason string `json:"reason,omitempty"` // see App
	// Migration is what the pair of a migrating endpoint has counted.
	Migration *migrate.Snapshot `json:"migration,omitempty"`
}

const migrating = "migrating"

// Progress reads the routes and the counters of the mux.
func (m *Mux) Progress() Progress {
	p := Progress{Apps: internal{}.Apps(m)}
	var pairs []*migrate.Pair
	for _, entry := range m.rows {
		r := entry.Route
		if entry.taken != nil || entry.rest && entry.app.listed() {
			continue
		}
		e := Row{
			Method: r.Method, Pattern: r.Pattern, Shape: r.Shape.String(), Handler: r.Handler, Source: r.Source, Owner: r.Owner,
			App: r.App, Reason: r.Reason,
		}
		switch {
		case r.Pair != nil:
			s := r.Pair.Snapshot()
			s.Stale = nil
			e.Shape, e.Migration = migrating, &s
			pairs = append(pairs, r.Pair)
			p.Routes.Migrating++
			p.Traffic.Old += total(s.Old)
			p.Traffic.New += total(s.New)
		case r.Shape == ShapeFetch:
			p.Routes.Fetch++
		case r.Shape == ShapeReqRes:
			p.Routes.ReqRes++
		case entry.rest: // nobody knows how many
		case r.Shape == ShapeLegacy:
			p.Routes.Legacy++
		default:
			p.Routes.HTTP++
		}
		p.Endpoints = append(p.Endpoints, e)
	}
	p.Stale = migrate.Internal(door.Key()).Stale(pairs)
	slices.SortStableFunc(p.Endpoints, func(a, b Row) int {
		return cmp.Or(strings.Compare(a.Owner, b.Owner), strings.Compare(a.Pattern, b.Pattern), compareMethods(a.Method, b.Method))
	})
	return p
}

// Legacy lists the endpoints that still need what is to be left, as "GET /path" in the order of the
// alphabet: those registered with ReqRes, those of Migrate at whatever stage, because their old
// handler still exists, and those of legacy apps, under the pattern that the app lists; an app
// without a list is one endpoint, for all that it serves. Handlers of Handle and Mount are not
// among them.
func (m *Mux) Legacy() iter.Seq[Route] {
	var left []Route
	for _, e := range m.rows {
		r := e.Route
		switch {
		case e.taken != nil || e.part() || e.rest && e.app.listed():
			continue
		case e.Pair != nil && e.row != nil:
			r.Pattern = e.row.Pattern
		case e.Pair == nil && e.Shape != ShapeReqRes && !e.ofApp():
			continue
		}
		left = append(left, r)
	}
	slices.SortStableFunc(left, func(a, b Route) int { return strings.Compare(a.request(), b.request()) })
	return slices.Values(left)
}

// percent returns part as a percentage of whole, rounded down.
func percent[N int | uint64](part, whole N) string {
	if whole == 0 {
		return "0 %"
	}
	return fmt.Sprintf("%d %%", part*100/whole)
}

// headline returns the two sums, each with what it is a sum of, and a line for each app and each
// stale rule.
func (p Progress) headline() []string {
	what, legacy := "the endpoints", ""
	var unlisted, more []string
	for _, a := range p.Apps {
		more = append(more, a.String())
		legacy = fmt.Sprintf(", %d legacy", p.Routes.Legacy)
		if !a.Listed {
			unlisted = append(unlisted, a.place())
		}
	}
	for _, rule := range p.Stale {
		more = append(more, "a rule that matches nothing: "+rule)
	}
	if unlisted != nil {
		what = "the endpoints that are known, which those of " + strings.Join(unlisted, " and ") + " are not,"
	}
	c, t := p.Routes, p.Traffic
	return append([]string{
		fmt.Sprintf("by route: %s of %s have moved (%d fetch, %d migrating, %d reqres%s; %d plain http aside)",
			percent(c.Fetch, c.Fetch+c.Migrating+c.ReqRes+c.Legacy), what, c.Fetch, c.Migrating, c.ReqRes, legacy, c.HTTP),
		fmt.Sprintf("by traffic: %s of the requests to migrating endpoints were served by new (%d new, %d old)",
			percent(t.New, t.New+t.Old), t.New, t.Old),
	}, more...)
}

var progressColumns = []string{"OWNER", "METHOD", "PATTERN", "SHAPE", "STAGE", "OLD", "NEW", "OLD TOOK", "NEW TOOK", "DIFFERENT", "SOURCE"}

func (e Row) row() []string {
	row := []string{cmp.Or(e.Owner, "-"), e.Method, e.Pattern, e.Shape, "-", "-", "-", "-", "-", "-", e.Source}
	if e.App != "" {
		row[3] += " " + e.App
	}
	if e.Reason != "" {
		row[10] += " (" + e.Reason + ")"
	}
	if s := e.Migration; s != nil {
		row[4] = s.Plan.String()
		switch {
		case s.Held != nil:
			row[4] += " (killed at " + s.Wanted.String() + ")"
		case s.Latched != nil:
			row[4] += " (tripped from " + s.Wanted.String() + ")"
		case s.Document != nil:
			row[4] += " (held by the document at " + s.Wanted.String() + ")"
		}
		row[5], row[6] = fmt.Sprint(total(s.Old)), fmt.Sprint(total(s.New))
		row[7], row[8] = took(s.OldTook), took(s.NewTook)
		row[9] = fmt.Sprintf("%d of %d", s.Mismatch, s.Compared)
		if s.Compared == 0 && s.Shadows.Skipped[migrate.SkipMethod] > 0 {
			row[9] += ": " + e.Method + " has no shadow"
		}
	}
	return row
}

// took returns how long the recent answers of a side took: half of them at most the first, 99 of a
// hundred at most the second.
func took(d migrate.Durations) string {
	if d.Of == 0 {
		return "-"
	}
	return short(d.P50) + " / " + short(d.P99)
}

// short returns a duration with three digits: more are not known.
func short(d time.Duration) string {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

// String is the report as an aligned table.
func (p Progress) String() string {
	var b strings.Builder
	for _, line := range p.headline() {
		b.WriteString(line + "\n")
	}
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\n"+strings.Join(progressColumns, "\t"))
	for _, e := range p.Endpoints {
		fmt.Fprintln(table, strings.Join(e.row(), "\t"))
	}
	table.Flush()
	return b.String()
}

// Markdown is the report for a pull request, a wiki, or the summary of a job: a CI appends it to
// the file that GITHUB_STEP_SUMMARY names.
func (p Progress) Markdown() string {
	var b strings.Builder
	for _, line := range p.headline() {
		b.WriteString("- " + markdown.Text(line) + "\n")
	}
	var rows [][]string
	for _, e := range p.Endpoints {
		row := e.row()
		for i, cell := range row {
			row[i] = markdown.Text(cell)
		}
		row[2] = markdown.Code(e.Pattern)
		rows = append(rows, row)
	}
	return b.String() + "\n" + markdown.Table(progressColumns, rows)
}

// total returns the number of requests of one side, however they ended.
func total(counts map[migrate.Outcome]uint64) (n uint64) {
	for _, count := range counts {
		n += count
	}
	return n
}
