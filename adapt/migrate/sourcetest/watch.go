package sourcetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/pprof"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// A watch follows a source as a mux does: it calls Watch again when that returns an error. It looks
// for the faults that any check may meet: two calls of put at once, one after the end, a document
// that is changed after it was put, a return without a reason.
type watch struct {
	cancel context.CancelFunc
	done   chan struct{}
	label  string
	within time.Duration

	mu      sync.Mutex
	docs    []put
	wrong   []error
	gaveUp  error         // the last that Watch has returned before its end
	news    chan struct{} // closed and replaced at each put
	putting atomic.Int32
	ended   bool
}

// put is one document as it was and as it is.
type put struct {
	at      time.Time
	was, is migrate.Document
}

var labels atomic.Uint64

func follow(ctx context.Context, p Place) *watch {
	ctx, cancel := context.WithCancel(ctx)
	w := &watch{cancel: cancel, done: make(chan struct{}), news: make(chan struct{}), label: strconv.FormatUint(labels.Add(1), 10), within: p.patience()}
	go pprof.Do(ctx, pprof.Labels("sourcetest", w.label), func(ctx context.Context) {
		defer close(w.done)
		for first := true; first || ctx.Err() == nil; first = false { // also if ctx has ended before
			err := watchOnce(ctx, p.Source, w.put)
			switch {
			case ctx.Err() != nil && err != nil:
				w.fault(fmt.Errorf("Source.Watch returns an error after its context has ended, want nil: %w", err))
			case ctx.Err() == nil && err == nil:
				w.fault(errors.New("Source.Watch returns nil although its context has not ended"))
			case errors.Is(err, errPanic):
				w.fault(err)
			}
			if ctx.Err() == nil {
				w.mu.Lock()
				w.gaveUp = err
				w.mu.Unlock()
			}
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
		w.mu.Lock()
		w.ended = true
		w.mu.Unlock()
	})
	return w
}

var errPanic = errors.New("Source.Watch panics")

func watchOnce(ctx context.Context, s migrate.Source, put func(migrate.Document)) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: %v", errPanic, v)
		}
	}()
	return s.Watch(ctx, put)
}

func (w *watch) fault(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, known := range w.wrong {
		if known.Error() == err.Error() {
			return
		}
	}
	w.wrong = append(w.wrong, err)
}

func (w *watch) put(d migrate.Document) {
	if w.putting.Add(1) > 1 {
		w.fault(errors.New("put is called by two goroutines at once"))
	}
	time.Sleep(200 * time.Microsecond) // let the other one come
	w.mu.Lock()
	if w.ended {
		w.wrong = append(w.wrong, errors.New("put is called after Watch has returned"))
	}
	w.docs = append(w.docs, put{time.Now(), clone(d), d})
	close(w.news)
	w.news = make(chan struct{})
	w.mu.Unlock()
	w.putting.Add(-1)
}

// clone copies what a source could change later.
func clone(d migrate.Document) migrate.Document {
	pairs := make(map[string]migrate.Directive, len(d.Pairs))
	for name, directive := range d.Pairs {
		if directive.Plan != nil {
			plan := *directive.Plan
			directive.Plan = &plan
		}
		pairs[name] = directive
	}
	d.Pairs = pairs
	return d
}

// until waits until the newest document is what is wanted.
func (w *watch) until(within time.Duration, what string, wanted func(migrate.Document) bool) {
	for deadline := time.After(within); ; {
		w.mu.Lock()
		news, docs := w.news, w.docs
		w.mu.Unlock()
		n := len(docs)
		if n > 0 && wanted(docs[n-1].was) {
			return
		}
		select {
		case <-news:
			continue
		case <-deadline:
		}
		if n == 0 {
			fail("nothing is put within %v, want %s", within, what)
		}
		fail("after %v the last that was put is %s, want %s", within, show(docs[n-1].was), what)
	}
}

// untilIs waits for a document with that content.
func (w *watch) untilIs(within time.Duration, want migrate.Document) {
	w.until(within, show(want), func(got migrate.Document) bool { return alike(got, want) })
}

// goesOn fails where a watch has given up over what it has found.
func (w *watch) goesOn(found string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.gaveUp != nil {
		fail("Source.Watch returns an error for %s, which it is to put, and to go on: %w", found, w.gaveUp)
	}
}

// seen returns what was put so far.
func (w *watch) seen() []put {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.docs[:len(w.docs):len(w.docs)]
}

// end ends the watch and returns everything that was wrong with it.
func (w *watch) end() error {
	w.cancel()
	select {
	case <-w.done:
	case <-time.After(w.within):
		w.fault(fmt.Errorf("Source.Watch has not returned %v after its context ended", w.within))
		w.mu.Lock() // it may still find fault
		defer w.mu.Unlock()
		return errors.Join(w.wrong...)
	}
	time.Sleep(50 * time.Millisecond) // whoever puts after the end has had the time to do so
	if left := leftover(w.label, w.within); left != "" {
		w.fault(fmt.Errorf("Source.Watch has returned, and left goroutines behind:\n%s", left))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.docs {
		if !alike(d.was, d.is) {
			w.wrong = append(w.wrong, fmt.Errorf("a document was changed after it was put: it was %s, and is %s", show(d.was), show(d.is)))
			break
		}
	}
	return errors.Join(w.wrong...)
}

// leftover returns the goroutines that still carry the label of a watch, which those that it starts
// inherit.
func leftover(label string, within time.Duration) string {
	mark := []byte(`"sourcetest":"` + label + `"`)
	pause := 10 * time.Millisecond // a profile of all goroutines is dear
	for deadline := time.Now().Add(min(within, 5*time.Second)); ; time.Sleep(pause) {
		pause *= 2
		var all bytes.Buffer
		_ = pprof.Lookup("goroutine").WriteTo(&all, 1)
		var left []byte
		for stack := range bytes.SplitSeq(all.Bytes(), []byte("\n\n")) {
			if bytes.Contains(stack, mark) {
				left = append(append(left, stack...), '\n')
			}
		}
		if len(left) == 0 || time.Now().After(deadline) {
			return string(left)
		}
	}
}

// alike compares what a document says; that something is wrong with it, but not the words for it.
func alike(a, b migrate.Document) bool {
	if (a.Err != nil) != (b.Err != nil) || a.Err == nil && (a.Version != b.Version || len(a.Pairs) != len(b.Pairs)) {
		return false
	}
	for name, x := range a.Pairs {
		y, there := b.Pairs[name]
		if !there || (x.Err != nil) != (y.Err != nil) {
			return false
		}
		x.Err, y.Err = nil, nil
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}

func show(d migrate.Document) string {
	if d.Err != nil {
		return fmt.Sprintf("a document that is wrong (%v)", d.Err)
	}
	return fmt.Sprintf("version %d with %d pairs %.200s", d.Version, len(d.Pairs), fmt.Sprint(d.Pairs))
}
