package outbound

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/route"
)

// inServer is r as net/http's server has it, which guesses types.
func inServer(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), http.ServerContextKey, new(http.Server)))
}

// What a head says of its message and its connection is between us and net/http, whoever has put it
// there.
func TestFraming(t *testing.T) {
	tests := []struct {
		rule       string
		code, http int
		foreign    bool
		body       string
		head, want http.Header
	}{
		{"a type is not guessed for a body of ours", 200, 1, false, "b", http.Header{}, http.Header{"Content-Type": nil}},
		{"but for an http.Handler's", 200, 1, true, "b", http.Header{}, http.Header{}},
		{"without a body there is nothing to guess", 204, 1, false, "", http.Header{}, http.Header{}},
		{"a type that is set stays", 200, 1, false, "b", http.Header{"Content-Type": {"a/b"}}, http.Header{"Content-Type": {"a/b"}}},
		{"a second framing goes, with the length", 200, 1, false, "b",
			http.Header{"Transfer-Encoding": {"gzip"}, "Content-Length": {"9"}, "Content-Type": {"a/b"}}, http.Header{"Content-Type": {"a/b"}}},
		{"so does a length that is not one", 200, 1, true, "b", http.Header{"Content-Length": {"-1"}}, http.Header{}},
		{"and one without a value", 200, 1, true, "b", http.Header{"Content-Length": {}}, http.Header{}},
		{"fields of the connection go, and those that it names", 200, 1, true, "b",
			http.Header{"Keep-Alive": {"5"}, "Te": {"x"}, "Connection": {"x-one, Content-Type"}, "X-One": {"1"}, "X-Two": {"2"}, "Content-Type": {"a/b"}},
			http.Header{"X-Two": {"2"}}},
		{"close stays", 200, 1, true, "b", http.Header{"Connection": {"close, x"}, "X": {"1"}}, http.Header{"Connection": {"close"}}},
		{"but on HTTP/2 there is no such field", 200, 2, true, "b", http.Header{"Connection": {"close"}}, http.Header{}},
		{"the offer of an upgrade stays", 426, 1, true, "b", http.Header{"Connection": {"upgrade"}, "Upgrade": {"x"}}, http.Header{"Connection": {"upgrade"}, "Upgrade": {"x"}}},
		{"and its acceptance", 101, 1, true, "", http.Header{"Connection": {"upgrade"}, "Upgrade": {"x"}}, http.Header{"Connection": {"upgrade"}, "Upgrade": {"x"}}},
		{"but not on HTTP/2", 426, 2, true, "b", http.Header{"Connection": {"upgrade"}, "Upgrade": {"x"}}, http.Header{}},
		{"an upgrade that nobody asked about goes", 200, 1, true, "b", http.Header{"Upgrade": {"x"}}, http.Header{}},
	}
	for _, tt := range tests {
		a, l := newAnswer("GET")
		a.R = inServer(a.R)
		a.R.ProtoMajor, a.Foreign = tt.http, tt.foreign
		l.header = tt.head.Clone()
		if tt.code < 200 {
			_ = a.Commit(tt.code)
			_, _, _ = a.TakeOver()
		} else {
			_ = a.SendWhole(l.header, tt.code, tt.body, nil)
		}
		if diff := cmp.Diff(tt.want, l.header); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.rule, diff)
		}
	}
}

// The hooks of the head run once, in order, before the head is looked at; those of an exchange
// whose head is another one's have their turn there.
func TestHooks(t *testing.T) {
	hook := func(name string) func(*http.Request, int, http.Header) {
		return func(r *http.Request, code int, h http.Header) {
			h.Add("X-Hook", r.Method+" "+http.StatusText(code)+" "+name)
		}
	}
	for silent, want := range map[bool]http.Header{
		false: {"X-Hook": {"GET Created one", "GET Created two"}, "Content-Type": nil},
		true:  {"Content-Type": nil},
	} {
		w := httptest.NewRecorder()
		a := new(Answer)
		a.Begin(w, inServer(httptest.NewRequest("GET", "/", nil)), &route.Env{
			Service: new(route.Service), Head: []func(*http.Request, int, http.Header){hook("one"), hook("two")},
		})
		a.Silent = silent
		_ = a.Commit(103)
		_ = a.Commit(201)
		_, _ = a.WriteString("body")
		if diff := cmp.Diff(want, w.Header()); diff != "" {
			t.Errorf("silent %v (-want +got)\n%s", silent, diff)
		}
	}
}

// Single values share the room of the record; appending to one of them does not reach the next.
func TestHeadersOfTheRecord(t *testing.T) {
	a, l := newAnswer("GET")
	a.SetHeader(l.header, "A", "1")
	a.AddHeader(l.header, "B", "2")
	a.AddHeader(l.header, "A", "3")
	a.SetLength(l.header, 4)
	a.SetHeader(l.header, "C", "5")
	want := http.Header{"A": {"1", "3"}, "B": {"2"}, "Content-Length": {"4"}, "C": {"5"}}
	if diff := cmp.Diff(want, l.header); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
