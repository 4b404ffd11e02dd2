package outbound

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/route"
)

// having has all methods, and may be around a writer that has not.
type having struct {
	*log
	w http.ResponseWriter
}

func (h having) Unwrap() http.ResponseWriter { return h.w }

// A7: a 101 goes out when the connection is taken, and not at all where it cannot be; the writer at
// the bottom is the one that counts.
func TestA7No101BeforeTheConnection(t *testing.T) {
	can := &log{header: make(http.Header)}
	for name, tt := range map[string]struct {
		w    http.ResponseWriter
		want bool
	}{
		"it can": {can, true}, "it cannot": {httptest.NewRecorder(), false}, "there is none": {nil, false},
		"wrapped, and it can":                    {wrapped{httptest.NewRecorder(), can}, true},
		"wrapped by one that seems to":           {having{can, httptest.NewRecorder()}, false},
		"wrapped twice, and the last one cannot": {having{can, having{can, httptest.NewRecorder()}}, false},
	} {
		if CanHijack(tt.w) != tt.want {
			t.Errorf("%s: %v", name, !tt.want)
		}
		if tt.w == nil {
			continue
		}
		a := new(Answer)
		a.Begin(tt.w, httptest.NewRequest("GET", "/", nil), &route.Env{Service: new(route.Service)})
		err := a.Commit(101)
		e, refused := errors.AsType[*crossfade.Error](err)
		if refused == tt.want || refused && e.Status != 501 || a.Promised() != tt.want || a.Committed() {
			t.Errorf("%s: %v, promised %v", name, err, a.Promised())
		}
		if _, _, err := a.TakeOver(); (err == nil) != tt.want {
			t.Errorf("%s: Hijack: %v", name, err)
		}
	}
	a, l := newAnswer("GET")
	l.header.Set("Upgrade", "x")
	_ = a.Commit(101)
	if len(l.calls) != 0 {
		t.Errorf("before anybody has taken the connection: %q", l.calls)
	}
	if _, _, err := a.TakeOver(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"head 101", "hijack"}, l.calls); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	a, l = newAnswer("GET")
	_ = a.Commit(101)
	a.BreakPromise()
	if err := a.SendWhole(l.header, 500, "", nil); err != nil {
		t.Errorf("a 101 that nobody has acted on is in the way of an error: %v", err)
	}
}

// unwilling is a connection that nobody can have, though it is one.
type unwilling struct{ *log }

func (unwilling) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, http.ErrHijacked }

// A 101 that is out, of a connection that is not ours, is the head of an answer that nobody can end.
func TestTakeOverFails(t *testing.T) {
	a := new(Answer)
	l := &log{header: make(http.Header)}
	a.Begin(unwilling{l}, httptest.NewRequest("GET", "/", nil), &route.Env{Service: new(route.Service)})
	_ = a.Commit(101)
	if _, _, err := a.TakeOver(); !errors.Is(err, http.ErrHijacked) {
		t.Errorf("TakeOver: %v", err)
	}
	if got := factsOf(a); got != " committed promised" {
		t.Errorf("after a 101 without a connection:%s", got)
	}
}
