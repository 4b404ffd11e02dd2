package outbound

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/route"
)

// log is a writer that notes what reaches it, and fails when it is told to.
type log struct {
	header http.Header
	calls  []string
	broken bool
}

func (l *log) Header() http.Header { return l.header }

func (l *log) WriteHeader(code int) { l.calls = append(l.calls, fmt.Sprint("head ", code)) }

func (l *log) Write(p []byte) (int, error) {
	if l.broken {
		return 0, io.ErrClosedPipe
	}
	l.calls = append(l.calls, "write "+string(p))
	return len(p), nil
}

func (l *log) FlushError() error { l.calls = append(l.calls, "flush"); return nil }

func (l *log) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	l.calls = append(l.calls, "hijack")
	return nil, nil, nil
}

func newAnswer(method string) (*Answer, *log) {
	a, l := new(Answer), &log{header: make(http.Header)}
	a.Begin(l, httptest.NewRequest(method, "/", nil), &route.Env{Service: new(route.Service)})
	return a, l
}

// calls is all that can be done with an answer.
var calls = []struct {
	name string
	do   func(a *Answer) error
}{
	{"Commit(103)", func(a *Answer) error { return a.Commit(103) }},
	{"Commit(200)", func(a *Answer) error { return a.Commit(200) }},
	{"Commit(0)", func(a *Answer) error { return a.Commit(0) }},
	{"CommitOnce(200)", func(a *Answer) error { return a.CommitOnce(200) }},
	{"SendWhole", func(a *Answer) error { return a.SendWhole(a.W.Header(), 200, "", nil) }},
	{"Write", func(a *Answer) error { _, err := a.Write([]byte("b")); return err }},
	{"WriteString", func(a *Answer) error { _, err := a.WriteString("b"); return err }},
	{"ReadFrom", func(a *Answer) error { _, err := a.ReadFrom(strings.NewReader("b")); return err }},
	{"broken write", func(a *Answer) error {
		a.W.(*log).broken = true
		defer func() { a.W.(*log).broken = false }()
		_, err := a.Write([]byte("b"))
		return err
	}},
	{"Flush", func(a *Answer) error { return a.Flush() }},
	{"Claim", func(a *Answer) error {
		alone, err := a.Claim(200)
		if err == nil && !alone {
			err = errNotAlone
		}
		return err
	}},
	{"BeginStream", func(a *Answer) error { a.BeginStream(); return nil }},
	{"End", func(a *Answer) error { a.End(); return nil }},
	{"Commit(101)", func(a *Answer) error { return a.Commit(101) }},
	{"TakeOver", func(a *Answer) error { _, _, err := a.TakeOver(); return err }},
	{"Close", func(a *Answer) error { return a.Close() }},
}

var (
	errNotAlone = errors.New("not alone")
	errStatus   = errors.New("HTTP has the statuses 100 to 999")
)

// transitions says what each call does in each class of states: the error, "-" for none, and the
// facts that it adds. A class is the first of these that holds: closed, exclusive, taken
// (hijacked), head (of a flushed answer to HEAD), ended, committed, promised (a 101 waits for the
// connection), open.
const transitions = `
call            | open                            | promised          | committed             | exclusive | ended       | head     | taken       | closed
Commit(103)     | -                               | sent              | sent                  | sent      | sent        | sent     | sent        | returned
Commit(200)     | - committed                     | sent              | sent                  | sent      | sent        | sent     | sent        | returned
Commit(0)       | status                          | sent              | sent                  | sent      | sent        | sent     | sent        | returned
Commit(101)     | - promised                      | sent              | sent                  | sent      | sent        | sent     | sent        | returned
CommitOnce(200) | - committed                     | sent              | -                     | -         | -           | -        | -           | *
SendWhole       | - committed ended               | sent              | sent                  | sent      | sent        | sent     | sent        | returned
Write           | - committed                     | sent              | -                     | sent      | sent        | complete | hijacked    | returned
WriteString     | - committed                     | sent              | -                     | sent      | sent        | complete | hijacked    | returned
ReadFrom        | - committed                     | sent              | -                     | sent      | sent        | complete | hijacked    | returned
broken write    | pipe committed failed           | sent              | pipe failed           | sent      | sent        | complete | hijacked    | returned
Flush           | - committed streaming           | sent              | - streaming           | sent      | sent        | -        | hijacked    | returned
Claim           | - committed streaming exclusive | sent              | - streaming exclusive | sent      | sent        | alone    | hijacked    | returned
BeginStream     | - streaming                     | - streaming       | - streaming           | -         | - streaming | -        | - streaming | -
End             | -                               | -                 | - ended               | - ended   | -           | -        | -           | -
TakeOver        | - committed ended               | - committed ended | - ended               | - ended   | -           | -        | -           | returned
Close           | - closed                        | - closed          | - closed              | - closed  | - closed    | - closed | - closed    | -`

// ofHEAD is where an answer to HEAD differs: only its head is wanted.
const ofHEAD = `
call            | open                           | committed
Write           | - committed                    | *
WriteString     | - committed                    | *
ReadFrom        | - committed                    | *
broken write    | pipe committed failed          | *
Flush           | - committed ended streaming    | - ended streaming
Claim           | alone committed                | alone`

var facts = []string{"committed", "ended", "closed", "streaming", "exclusive", "failed"}

func factsOf(a *Answer) (all string) {
	for i, name := range facts {
		if a.state.has(1 << i) {
			all += " " + name
		}
	}
	if a.promised {
		all += " promised"
	}
	return all
}

func classOf(a *Answer) string {
	switch {
	case a.state.has(closed):
		return "closed"
	case a.state.has(exclusive):
		return "exclusive"
	case a.state.has(ended) && a.status == http.StatusSwitchingProtocols:
		return "taken"
	case a.state.has(ended) && a.state.has(streaming) && a.R.Method == http.MethodHead:
		return "head"
	case a.state.has(ended):
		return "ended"
	case a.state.has(committed):
		return "committed"
	case a.promised:
		return "promised"
	}
	return "open"
}

func errorName(err error) string {
	for name, is := range map[string]error{
		"sent": ErrAlreadySent, "returned": ErrHandlerReturned, "complete": ErrAnswerComplete,
		"hijacked": http.ErrHijacked, "pipe": io.ErrClosedPipe, "alone": errNotAlone,
	} {
		if errors.Is(err, is) {
			return name
		}
	}
	switch {
	case err == nil:
		return "-"
	case strings.Contains(err.Error(), errStatus.Error()):
		return "status"
	}
	return err.Error()
}

// table reads the cells of a table by call and class.
func table(text string) map[[2]string]string {
	cells := make(map[[2]string]string)
	var classes []string
	for line := range strings.Lines(strings.TrimSpace(text)) {
		row := strings.Split(line, "|")
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		if classes == nil {
			classes = row
			continue
		}
		for i, cell := range row[1:] {
			cells[[2]string{row[0], classes[i+1]}] = cell
		}
	}
	return cells
}

// Every state that can be reached is reached, from there every call is made, and what it does is
// what the table says. No call reaches the writer once the answer has ended, and the head goes out
// once.
func TestTransitions(t *testing.T) {
	states, made := 0, 0
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		want, forHEAD := table(transitions), table(ofHEAD)
		seen := map[string]bool{"": true}
		for queue := [][]int{nil}; len(queue) > 0; queue = queue[1:] {
			states++
			for i, call := range calls {
				a, l := newAnswer(method)
				var path []string
				for _, step := range queue[0] {
					path = append(path, calls[step].name)
					_ = calls[step].do(a)
				}
				class, before, reached := classOf(a), factsOf(a), len(l.calls)
				cell := want[[2]string{call.name, class}]
				if c, ok := forHEAD[[2]string{call.name, class}]; ok && method == http.MethodHead {
					cell = c
				}
				err := call.do(a)
				made++
				got := errorName(err)
				for i, name := range facts {
					if a.state.has(1<<i) && !strings.Contains(before, name) {
						got += " " + name
					}
				}
				if a.promised && !strings.Contains(before, "promised") {
					got += " promised"
				}
				for _, fact := range strings.Fields(before) { // what holds already is not added
					cell = strings.Replace(cell, " "+fact, "", 1)
				}
				where := fmt.Sprintf("%s: %s after %q", method, call.name, path)
				if cell != "*" && got != cell {
					t.Errorf("%s (%s:%s): %q, the table says %q", where, class, before, got, cell)
				}
				if class != "open" && class != "promised" && class != "committed" && call.name != "TakeOver" && len(l.calls) != reached {
					t.Errorf("%s (%s): the writer was given %q", where, class, l.calls[reached:])
				}
				if heads := strings.Count(strings.Join(l.calls, "\n")+"\n", "head 200\n"); heads > 1 {
					t.Errorf("%s: the head went out %d times: %q", where, heads, l.calls)
				}
				key := fmt.Sprint(factsOf(a), a.status)
				if !seen[key] {
					seen[key] = true
					queue = append(queue, append(append([]int(nil), queue[0]...), i))
				}
			}
		}
	}
	t.Logf("%d states, %d transitions", states, made)
	if states < 60 {
		t.Errorf("only %d states were reached", states)
	}
}

// A head may promise a length. Until that many bytes are written the answer has not ended, and
// closing it says what is missing.
func TestPromisedLength(t *testing.T) {
	whole := func(code int, text string) func(a *Answer) {
		return func(a *Answer) { _ = a.SendWhole(a.W.Header(), code, text, nil) }
	}
	tests := []struct {
		rule, method, length string
		do                   func(a *Answer)
		ended                bool
		short                string
	}{
		{"a whole answer that keeps it", "GET", "4", whole(200, "body"), true, ""},
		{"a whole answer that does not", "GET", "9", whole(200, "body"), false, "the body has 4 bytes, its Content-Length said 9"},
		{"one with bytes", "GET", "4", func(a *Answer) { _ = a.SendWhole(a.W.Header(), 200, "", []byte("body")) }, true, ""},
		{"HEAD promises for GET", "HEAD", "9", whole(200, ""), true, ""},
		{"a 304 promises for a 200", "GET", "9", whole(304, ""), true, ""},
		{"writes that keep it", "GET", "2", func(a *Answer) { _, _ = a.WriteString("ab"); a.End() }, true, ""},
		{"writes that do not", "GET", "3", func(a *Answer) { _, _ = a.WriteString("ab"); a.End() }, false, "the body has 2 bytes, its Content-Length said 3"},
		{"the one who has claimed the answer", "GET", "3", func(a *Answer) { _, _ = a.Claim(200); a.Wrote(2, nil) }, false, "the body has 2 bytes, its Content-Length said 3"},
		{"what is not a length promises nothing", "GET", "x", whole(200, "body"), true, ""},
		{"a connection that was taken over owes nothing", "GET", "9", func(a *Answer) { _ = a.Commit(200); _, _, _ = a.TakeOver() }, true, ""},
		{"no answer owes nothing", "GET", "9", func(*Answer) {}, false, ""},
	}
	for _, tt := range tests {
		a, _ := newAnswer(tt.method)
		a.W.Header()["Content-Length"] = []string{tt.length}
		tt.do(a)
		if a.Ended() != tt.ended {
			t.Errorf("%s: ended %v, want %v", tt.rule, a.Ended(), tt.ended)
		}
		early := a.Short()
		short := a.Close()
		if fmt.Sprint(early) != fmt.Sprint(short) {
			t.Errorf("%s: Short says %v, Close %v", tt.rule, early, short)
		}
		if got := strings.TrimPrefix(fmt.Sprint(short), "<nil>"); got != tt.short {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.short)
		}
	}
}

// A hook that panics leaves the answer open, a writer that panics leaves one of which nobody knows
// whether it is out; the lock is free in both cases.
func TestPanicWhileSending(t *testing.T) {
	for name, send := range map[string]func(a *Answer){
		"whole":  func(a *Answer) { _ = a.SendWhole(a.W.Header(), 200, "body", nil) },
		"Commit": func(a *Answer) { _ = a.Commit(204) },
		"Write":  func(a *Answer) { _, _ = a.WriteString("body") },
	} {
		for _, inHook := range []bool{true, false} {
			a, _ := newAnswer("GET")
			if inHook {
				env := *a.Env
				env.Head = []func(*http.Request, int, http.Header){func(*http.Request, int, http.Header) { panic("hook") }}
				a.Env = &env
			} else {
				a.W = panicking{a.W}
			}
			func() {
				defer func() { _ = recover() }()
				send(a)
			}()
			if a.Committed() == inHook || a.Unsure() == inHook || a.Ended() {
				t.Errorf("%s, of a hook %v:%s, unsure %v", name, inHook, factsOf(a), a.Unsure())
			}
		}
	}
}

type panicking struct{ http.ResponseWriter }

func (panicking) WriteHeader(int) { panic("writer") }

// Adopt takes over what another exchange has answered, and closes that one for good.
func TestAdopt(t *testing.T) {
	a, _ := newAnswer("GET")
	of, _ := newAnswer("GET")
	of.W.Header()["Content-Length"] = []string{"5"}
	_, _ = of.WriteString("four")
	a.Adopt(of)
	if got := fmt.Sprint(factsOf(a), a.Status(), a.Declared()); got != " committed200 true" {
		t.Errorf("adopted:%s", got)
	}
	if err := a.Short(); err == nil {
		t.Error("what the head has promised is not adopted")
	}
	if _, err := of.WriteString("more"); !errors.Is(err, ErrHandlerReturned) {
		t.Errorf("the other one can still be written to: %v", err)
	}
	if got := factsOf(of); got != " committed closed" {
		t.Errorf("the other one:%s", got)
	}
}
