package outbound

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/route"
)

// copier is a writer that can copy by itself.
type copier struct {
	log
	copies int
}

func (c *copier) ReadFrom(r io.Reader) (int64, error) {
	c.copies++
	return io.Copy(struct{ io.Writer }{&c.log}, r)
}

// A file is copied by the writer underneath where that can, after a first chunk which is read before
// the head goes out, since it may fail. What is not a file is written piece by piece.
func TestReadFrom(t *testing.T) {
	long := strings.Repeat("x", 100<<10)
	file := func(content string) io.Reader {
		f, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		_, err = f.WriteString(content)
		_, err2 := f.Seek(0, io.SeekStart)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, tt := range []struct {
		rule   string
		before func(a *Answer)
		src    io.Reader
		copies int
		n      int64
		err    string
		head   bool
	}{
		{"a short file needs no copy", nil, file("short"), 0, 5, "", true},
		{"a long one is copied after its first chunk", nil, file(long), 1, int64(len(long)), "", true},
		{"and a part of one", nil, io.LimitReader(file(long), 50<<10), 1, 50 << 10, "", true},
		{"at once where the head is out", func(a *Answer) { _ = a.Commit(200) }, file("short"), 1, 5, "", true},
		{"what is not a file is not", nil, struct{ io.Reader }{strings.NewReader(long)}, 0, int64(len(long)), "", true},
		{"a stream is written piece by piece", func(a *Answer) { a.BeginStream() }, file(long), 0, int64(len(long)), "", true},
		{"a source that fails leaves the answer open", nil, io.MultiReader(failing{}), 0, 0, "failed", false},
		{"where writes have a time each has its own", func(a *Answer) {
			service := *a.Env.Service
			service.Limits.WriteTimeout = 1e9
			a.Env = &route.Env{Service: &service}
		}, file(long), 0, int64(len(long)), "", true},
		{"nothing is read after the end", func(a *Answer) { _ = a.SendWhole(a.W.Header(), 200, "", nil) }, file("x"), 0, 0, ErrAlreadySent.Error(), true},
	} {
		w := &copier{log: log{header: make(http.Header)}}
		a := new(Answer)
		a.Begin(w, httptest.NewRequest("GET", "/", nil), &route.Env{Service: new(route.Service)})
		if tt.before != nil {
			tt.before(a)
		}
		n, err := a.ReadFrom(tt.src)
		got := strings.TrimPrefix(fmt.Sprint(err), "<nil>")
		if n != tt.n || got != tt.err || w.copies != tt.copies || a.Committed() != tt.head {
			t.Errorf("%s: %d bytes, %q, %d copies, committed %v", tt.rule, n, got, w.copies, a.Committed())
		}
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("failed") }

// While a copy waits for its source, others may write.
func TestWriteBesideACopy(t *testing.T) {
	w := &copier{log: log{header: make(http.Header)}}
	a := new(Answer)
	a.Begin(w, httptest.NewRequest("GET", "/", nil), &route.Env{Service: new(route.Service)})
	_ = a.Commit(200)
	src, more := io.Pipe()
	done := make(chan error)
	go func() { _, err := a.ReadFrom(src); done <- err }()
	_, _ = io.WriteString(more, "copied")
	if _, err := a.WriteString("beside"); err != nil {
		t.Error(err)
	}
	more.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	slices.Sort(w.calls)
	if diff := cmp.Diff([]string{"head 200", "write beside", "write copied"}, w.calls); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What a handler writes for a head alone is thrown away by net/http, but not for ever.
func TestBodyOfHEAD(t *testing.T) {
	a, _ := newAnswer("HEAD")
	chunk := make([]byte, 32<<10)
	var err error
	n := 0
	for ; err == nil && n < 100; n++ {
		_, err = a.Write(chunk)
	}
	if err != ErrAnswerComplete || n != 3 {
		t.Errorf("write %d: %v", n, err)
	}
}

// A status without a body has none, in whatever way it is written.
func TestNullBody(t *testing.T) {
	for _, code := range []int{204, 304} {
		a, l := newAnswer("GET")
		_ = a.Commit(code)
		_, err := a.Write([]byte("b"))
		_, err2 := a.WriteString("b")
		alone, err3 := a.Claim(code)
		if err != http.ErrBodyNotAllowed || err2 != http.ErrBodyNotAllowed || alone || err3 != nil || len(l.calls) != 1 {
			t.Errorf("%d: %v, %v, claimed %v, %v, %q", code, err, err2, alone, err3, l.calls)
		}
	}
}

// Not every error of a write says that nobody reads any more.
func TestFailed(t *testing.T) {
	for err, want := range map[error]bool{
		io.ErrClosedPipe: true, fmt.Errorf("wrapped: %w", io.ErrUnexpectedEOF): true,
		http.ErrContentLength: false, http.ErrBodyNotAllowed: false, fmt.Errorf("no: %w", http.ErrNotSupported): false,
		ErrHandlerReturned: false, ErrAlreadySent: false, http.ErrHijacked: false,
	} {
		a, _ := newAnswer("GET")
		_, _ = a.Claim(200)
		a.Wrote(0, err)
		if a.Failed() != want {
			t.Errorf("%v: failed %v", err, a.Failed())
		}
	}
}

// bare is a writer that can do nothing but what a writer must.
type bare struct{ http.ResponseWriter }

// flusher flushes as writers did before they could fail.
type flusher struct {
	http.ResponseWriter
	flushes int
}

func (f *flusher) Flush() { f.flushes++ }

// wrapped hides a writer, but not from http.ResponseController.
type wrapped struct {
	http.ResponseWriter
	w http.ResponseWriter
}

func (w wrapped) Unwrap() http.ResponseWriter { return w.w }

// A flush finds its way however the writer flushes, and says where it cannot.
func TestFlush(t *testing.T) {
	old := &flusher{ResponseWriter: httptest.NewRecorder()}
	for name, tt := range map[string]struct {
		w   http.ResponseWriter
		err error
	}{
		"an old flusher": {old, nil}, "a wrapped one": {wrapped{old.ResponseWriter, old}, nil},
		"none": {bare{httptest.NewRecorder()}, http.ErrNotSupported},
	} {
		a := new(Answer)
		a.Begin(tt.w, httptest.NewRequest("GET", "/", nil), &route.Env{Service: new(route.Service)})
		if err := a.Flush(); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v", name, err)
		}
		if a.Failed() || !a.Streaming() || a.Status() != 200 {
			t.Errorf("%s: failed %v, streaming %v, %d", name, a.Failed(), a.Streaming(), a.Status())
		}
	}
	if old.flushes != 2 {
		t.Errorf("flushed %d times", old.flushes)
	}
}

// What is answered after SwapWriter goes to the writer that was put in place.
func TestSwapWriter(t *testing.T) {
	a, l := newAnswer("GET")
	other := &log{header: make(http.Header)}
	if was := a.SwapWriter(other); was != http.ResponseWriter(l) {
		t.Error("SwapWriter does not return the writer before")
	}
	_ = a.Commit(200)
	if len(l.calls) != 0 || len(other.calls) != 1 || !a.Answers() || a.Closed() || a.Complete() {
		t.Errorf("the head went to %q and %q", l.calls, other.calls)
	}
}

// The body of a request that has been answered is not read any more, whoever asks for it first
// then.
func TestBodyAfterClose(t *testing.T) {
	a, _ := newAnswer("POST")
	a.R = httptest.NewRequest("POST", "/", strings.NewReader("body"))
	_ = a.Close()
	if _, err := a.Body().Stream().Read(make([]byte, 1)); err != http.ErrBodyReadAfterClose {
		t.Errorf("Read: %v", err)
	}
}
