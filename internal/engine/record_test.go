package engine_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/engine"
)

// A record is what a client of net/http would have seen.
func TestRecorder(t *testing.T) {
	tests := []struct {
		rule    string
		method  string
		handler http.HandlerFunc
		status  string
		header  http.Header
		body    string
		length  int64
		err     error
	}{{
		rule:    "nothing written is an empty 200",
		handler: func(http.ResponseWriter, *http.Request) {},
		status:  "200 OK", header: http.Header{},
	}, {
		rule: "the first status counts, informational ones do not",
		handler: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(103)
			w.WriteHeader(404)
			w.WriteHeader(500)
			io.WriteString(w, "gone")
		},
		status: "404 Not Found", header: http.Header{}, body: "gone", length: 4,
	}, {
		rule: "the head is fixed when it is written, and a nil value is not a header",
		handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-A", "1")
			w.Header()["Content-Type"] = nil
			w.(http.Flusher).Flush()
			w.Header().Set("X-Late", "1")
		},
		status: "200 OK", header: http.Header{"X-A": {"1"}},
	}, {
		rule: "a 204 takes no body",
		handler: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			if _, err := w.Write([]byte("x")); !errors.Is(err, http.ErrBodyNotAllowed) {
				panic(err)
			}
		},
		status: "204 No Content", header: http.Header{},
	}, {
		rule: "the body of an answer to HEAD is its length", method: "HEAD",
		handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			io.WriteString(w, "hello")
		},
		status: "200 OK", header: http.Header{"Content-Length": {"5"}}, length: 5,
	}, {
		rule: "an answer that breaks off is an error",
		handler: func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "hal")
			panic(http.ErrAbortHandler)
		},
		status: "200 OK", header: http.Header{}, body: "hal", length: 3, err: http.ErrAbortHandler,
	}}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "/", nil)
			rec := new(engine.Recorder)
			if err := rec.Record(func() { tt.handler(rec, r) }); !errors.Is(err, tt.err) {
				t.Errorf("error %v, want %v", err, tt.err)
			}
			res := rec.Response(r)
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.Status != tt.status || string(body) != tt.body || res.ContentLength != tt.length || rec.Status() != res.StatusCode {
				t.Errorf("%s %q of %d bytes, want %s %q of %d", res.Status, body, res.ContentLength, tt.status, tt.body, tt.length)
			}
			if diff := cmp.Diff(tt.header, rec.Head()); diff != "" {
				t.Errorf("head (-want +got):\n%s", diff)
			}
		})
	}
	defer func() {
		if v := recover(); v != "mine" {
			t.Errorf("another panic goes on as %v", v)
		}
	}()
	new(engine.Recorder).Record(func() { panic("mine") })
}
