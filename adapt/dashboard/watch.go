package dashboard

// What the page shows is collected beside the requests: a goroutine reads the counters of the mux
// every second, which takes a few milliseconds with 100 pairs (BenchmarkLook), and the pairs tell
// their events. A page that asks is answered from what was collected.

import (
	"bytes"
	"encoding/json"
	"os"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/door"
)

// What other packages of ours keep for this one.
var (
	inAdapt   = adapt.Internal(door.Key())
	inMigrate = migrate.Internal(door.Key())
)

const (
	perPair = 50  // changes that are kept of a pair
	latest  = 15  // of all
	audits  = 200 // acts
)

type watch struct {
	mux   *adapt.Mux
	need  Evidence
	title string
	host  string
	every int // looks between two samples
	poked chan struct{}
	stop  chan struct{} // closed when the mux shuts down
	done  chan struct{} // closed when nothing runs any more
	once  sync.Once

	streams streams
	looking sync.Mutex

	mu     sync.Mutex
	looks  uint64
	news   chan struct{} // closed at the next look
	rows   []adapt.Row   // all endpoints, without what their pairs have counted
	routes adapt.Count
	owners map[string]adapt.Count
	apps   []adapt.AppCount
	pairs  []*tracked // in the order of the endpoints
	named  map[string]*tracked
	slots  int       // samples that are kept
	times  []float64 // of the samples, in seconds
	recent []change  // the newest last
	audit  []entry
}

// tracked is what is known of one pair.
type tracked struct {
	*migrate.Pair
	row     *adapt.Row
	is      migrate.Snapshot
	samples []sample
	sampled counts
	history []change
	since   begin
	shown   []byte // its row
	seq     uint64 // the look at which that changed
}

func newWatch(m *adapt.Mux, c Config) *watch {
	w := &watch{mux: m, need: c.Evidence, title: c.Title, poked: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
		news: make(chan struct{}), named: make(map[string]*tracked), streams: newStreams()}
	w.host, _ = os.Hostname()
	for p := range m.Migrations() {
		w.named[p.Name()] = &tracked{Pair: p}
		inMigrate.Listen(p, w.hear)
	}
	w.every, w.slots = steps(len(w.named), c.Memory)
	all := m.Progress()
	w.rows, w.routes, w.owners = all.Endpoints, all.Routes, ownersOf(all.Endpoints)
	for i := range w.rows {
		if row := &w.rows[i]; row.Migration != nil {
			t := w.named[row.Migration.Name]
			t.row, row.Migration, t.samples = row, nil, make([]sample, 0, w.slots)
			w.pairs = append(w.pairs, t)
		}
	}
	w.look(time.Now(), false)
	go w.run()
	return w
}

// end stops everything, and waits for that. It may be called again.
func (w *watch) end() {
	w.once.Do(func() { close(w.stop) })
	<-w.done
}

func (w *watch) run() {
	defer close(w.done)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for n := 1; ; {
		select {
		case <-w.stop:
			return
		case <-w.poked:
			w.look(time.Now(), false)
		case now := <-tick.C:
			w.look(now, n%w.every == 0)
			n++
		}
	}
}

// hear takes an event of a pair, on a goroutine of the pair's.
func (w *watch) hear(e migrate.Event) {
	switch e.Kind {
	case migrate.KindMismatch, migrate.KindSummary:
		return // shown elsewhere
	}
	c := changeOf(e)
	w.mu.Lock()
	t := w.named[e.Pair]
	t.history = keep(t.history, c, perPair)
	w.recent = keep(w.recent, c, latest)
	w.mu.Unlock()
	select {
	case w.poked <- struct{}{}: // so that a trip is seen at once
	default:
	}
}

// lookAt reads the counters of one pair, for what is decided now: the last look may be a second old.
func (w *watch) lookAt(t *tracked) {
	w.looking.Lock()
	defer w.looking.Unlock()
	s := t.Snapshot()
	w.mu.Lock()
	defer w.mu.Unlock()
	t.is, t.since = s, t.since.next(s, time.Now())
}

// look reads all counters, and wakes the pages that are open.
func (w *watch) look(now time.Time, sampling bool) {
	w.looking.Lock() // a count that was read earlier is not put in the place of a later one
	defer w.looking.Unlock()
	apps, is := inAdapt.Apps(w.mux), make([]migrate.Snapshot, len(w.pairs))
	for i, t := range w.pairs {
		is[i] = t.Snapshot()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks++
	w.apps = apps
	if sampling {
		w.times = keep(w.times, float64(now.UnixMilli())/1000, w.slots)
	}
	for i, t := range w.pairs {
		t.is = is[i]
		if c := countsOf(t.is); sampling {
			t.samples = keep(t.samples, t.sample(c), w.slots)
			t.sampled = c
		}
		t.since = t.since.next(t.is, now)
		shown, err := json.Marshal(w.rowOf(t))
		if err == nil && !bytes.Equal(shown, t.shown) {
			t.shown, t.seq = shown, w.looks
		}
	}
	close(w.news)
	w.news = make(chan struct{})
}

// keep appends to what is bounded; the oldest makes room.
func keep[T any](all []T, one T, most int) []T {
	if len(all) >= most {
		all = append(all[:0], all[1:]...)
	}
	return append(all, one)
}

// tail returns the last n.
func tail[T any](all []T, n int) []T { return all[max(0, len(all)-n):] }
