package dashboard

// What the page shows, as JSON: the page has nothing that a script has not.

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// you is who asks.
type you struct {
	By    string `json:"by"`
	Level string `json:"level"`
}

// state is the overview.
type state struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Title   string    `json:"title"`
	Host    string    `json:"host"` // that answers: the figures are its own
	You     you       `json:"you"`
	summary
	Pairs []json.RawMessage `json:"pairs"` // rows; of a live page those that have changed
	Open  *opened           `json:"open,omitempty"`
}

// summary is what all pairs together come to.
type summary struct {
	Routes  adapt.Count            `json:"routes"`
	Traffic adapt.Traffic          `json:"traffic"` // by the side whose answer the client got
	Owners  map[string]adapt.Count `json:"owners"`  // by name, "" for nobody's
	Apps    []adapt.AppCount       `json:"apps"`
	Follow  *follow                `json:"follow"`  // nil: it follows no source
	Recent  []change               `json:"changes"` // of all pairs, the newest first
}

// follow is how the document is that the service follows.
type follow struct {
	Source   migrate.SourceState `json:"source"`
	Document uint64              `json:"document"` // its version
	Seconds  float64             `json:"seconds"`  // since the source was last good
	Writable bool                `json:"writable"`
	Replicas map[string]uint64   `json:"replicas"` // that are there, with the version that each follows
}

// sides has one value for each.
type sides[T any] struct {
	Old T `json:"old"`
	New T `json:"new"`
}

// row is one pair in the overview.
type row struct {
	Name      string               `json:"name"`
	Method    string               `json:"method"`
	Pattern   string               `json:"pattern"`
	Owner     string               `json:"owner"`
	App       string               `json:"app,omitempty"`
	Handler   string               `json:"handler"`
	Source    string               `json:"source"`
	Plan      migrate.Plan         `json:"plan"`   // in force
	Wanted    migrate.Plan         `json:"wanted"` // another, where something holds the pair
	By        string               `json:"by"`     // who wants it
	Since     time.Time            `json:"since"`
	Holds     []holding            `json:"holds"` // what holds it, the strongest first
	Guard     migrate.GuardView    `json:"guard"`
	Rate      sides[float64]       `json:"rate"`   // requests a second, over ten seconds
	Minute    sides[migrate.Share] `json:"minute"` // failures and requests of the last minute
	Total     sides[uint64]        `json:"total"`  // requests since the start
	P99       sides[float32]       `json:"p99"`    // milliseconds
	Compared  uint64               `json:"compared"`
	Different uint64               `json:"different"`
	Document  string               `json:"document,omitempty"` // why what the document wants is not in force
}

// holding is what keeps a pair on old.
type holding struct {
	What string    `json:"what"` // killed, tripped or held, by the document
	Why  string    `json:"why"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

func (w *watch) rowOf(t *tracked) row {
	s, e := t.is, t.row
	r := row{Name: s.Name, Method: e.Method, Pattern: e.Pattern, Owner: e.Owner, App: e.App, Handler: e.Handler, Source: e.Source,
		Plan: s.Plan, Wanted: s.Wanted, By: s.By, Since: s.Since, Guard: s.Guard, Holds: []holding{},
		P99: sides[float32]{ms(s.OldTook.P99), ms(s.NewTook.P99)}, Compared: s.Compared, Different: s.Mismatch}
	if s.Held != nil {
		r.Holds = append(r.Holds, holding{"killed", s.Held.Reason, s.Held.By, s.Held.At})
	}
	if s.Document != nil {
		r.Holds = append(r.Holds, holding{"held", s.Document.Reason, s.Document.By, s.Document.At})
	}
	if s.Latched != nil {
		r.Holds = append(r.Holds, holding{"tripped", tripText(s.Latched), "the guard", s.Latched.At})
	}
	r.Total.Old, _ = sum(s.Old)
	r.Total.New, _ = sum(s.New)
	if ten, over := w.lately(t, 10); over > 0 {
		r.Rate = sides[float64]{float64(ten[0]) / over, float64(ten[2]) / over}
	}
	minute, _ := w.lately(t, 60)
	r.Minute = sides[migrate.Share]{migrate.Share{Bad: uint64(minute[1]), Of: uint64(minute[0])}, migrate.Share{Bad: uint64(minute[3]), Of: uint64(minute[2])}}
	if f := s.Followed; f != nil && len(r.Holds) == 0 {
		r.Document = f.Why
	}
	return r
}

// state returns what a visitor sees now.
func (w *watch) state(v visit) state {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.since(v, 0)
}

// since returns the state, with the rows that have changed after a look; the caller holds w.mu.
func (w *watch) since(v visit, look uint64) state {
	s := state{Version: version, At: time.Now(), Title: w.title, Host: w.host, You: you{v.by, v.level.name()}, Pairs: []json.RawMessage{}}
	s.summary = summary{Routes: w.routes, Apps: append([]adapt.AppCount{}, w.apps...), Owners: w.owners, Follow: w.following(), Recent: newest(w.recent)}
	for _, t := range w.pairs {
		c := countsOf(t.is)
		s.Traffic.Old += c.old
		s.Traffic.New += c.new - min(c.new, t.is.Fallbacks[migrate.FallbackRun]) // what its client got
		if t.seq > look {
			s.Pairs = append(s.Pairs, t.shown)
		}
	}
	return s
}

func (w *watch) following() *follow {
	f := inAdapt.Follower(w.mux)
	if f == nil {
		return nil
	}
	out := &follow{Writable: f.Writable(), Replicas: f.Replicas()}
	for _, t := range w.pairs {
		if is := t.is.Followed; is != nil {
			out.Source, out.Document, out.Seconds = is.Source, is.Version, is.Age.Seconds()
			break
		}
	}
	return out
}

// ownersOf counts the endpoints of each owner.
func ownersOf(rows []adapt.Row) map[string]adapt.Count {
	owners := make(map[string]adapt.Count)
	for _, r := range rows {
		c := owners[r.Owner]
		switch r.Shape {
		case "fetch":
			c.Fetch++
		case "migrating":
			c.Migrating++
		case "reqres":
			c.ReqRes++
		case "legacy":
			c.Legacy++
		default:
			c.HTTP++
		}
		owners[r.Owner] = c
	}
	return owners
}

// opened is a pair that somebody looks at.
type opened struct {
	Version  int              `json:"version"`
	Row      json.RawMessage  `json:"row"`
	Snapshot migrate.Snapshot `json:"snapshot"`
	Margin   float64          `json:"margin"`  // by how much more often new may fail
	Missing  []reason         `json:"missing"` // before new may serve more
	Groups   []group          `json:"groups"`  // of differences
	Changes  []change         `json:"changes"` // the newest first
	Series   series           `json:"series"`
}

// open shows a pair, with its last n samples.
func (w *watch) open(t *tracked, values bool, n int) *opened {
	groups := groupsOf(t.Pair, values)
	w.mu.Lock()
	defer w.mu.Unlock()
	return &opened{version, t.shown, t.is, margin(t.Pair), w.missing(t, time.Now()), groups, newest(t.history), w.series(t, n)}
}

func (v visit) one() {
	if t := v.asked(); t != nil {
		v.reply(200, v.open(t, v.level >= Raise, int(window/time.Second)))
	}
}

// change is something that happened to a pair.
type change struct {
	At     time.Time    `json:"at"`
	Pair   string       `json:"pair"`
	Kind   migrate.Kind `json:"kind"`
	By     string       `json:"by,omitempty"`
	Reason string       `json:"reason,omitempty"`
	From   string       `json:"from"` // the plan in force before
	To     string       `json:"to"`   // and after
	Wanted string       `json:"wanted"`
}

func changeOf(e migrate.Event) change {
	c := change{e.At, e.Pair, e.Kind, clip(e.By), clip(e.Reason), e.From.String(), e.To.String(), e.Wanted.String()}
	switch {
	case e.Trip != nil:
		c.By, c.Reason = "the guard", tripText(e.Trip)
	case e.Guard != nil:
		c.Reason = strings.TrimSuffix(string(e.Guard.Sight)+": "+string(e.Guard.Why), ": ")
	}
	return c
}

// tripText returns the evidence in words.
func tripText(t *migrate.Trip) string {
	text := string(t.Reason)
	if t.New.Of > 0 {
		text += fmt.Sprintf(": new %d of %d", t.New.Bad, t.New.Of)
	}
	if t.Old.Of > 0 {
		text += fmt.Sprintf(", old %d of %d", t.Old.Bad, t.Old.Of)
	}
	return text
}

// clip bounds what is kept of a text that somebody has written.
func clip(s string) string {
	const most = 500
	if len(s) <= most {
		return s
	}
	cut := most
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

func nameless(by string) string {
	if by == "" {
		return "somebody"
	}
	return by
}

// newest are all, in the other order.
func newest[T any](all []T) []T {
	out := make([]T, len(all))
	for i, one := range all {
		out[len(all)-1-i] = one
	}
	return out
}
