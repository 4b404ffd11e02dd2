package engine_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

type handler = func(ctx context.Context, w http.ResponseWriter) error

// run runs a handler that has no exchange. What it writes has no type, so that none is guessed.
func run(ctx context.Context, _ <-chan struct{}, h handler) (engine.Answer, error) {
	return new(engine.Body).Run(ctx, nil, func(b *engine.Body) error {
		w := b.Writer()
		w.Header()["Content-Type"] = nil
		return h(b.Context(), w)
	})
}

// sink records what is written and flushed.
type sink struct {
	bytes.Buffer
	flushes int
	fail    error // returned by every write
}

func (s *sink) Write(p []byte) (int, error) {
	if s.fail != nil {
		return 0, s.fail
	}
	return s.Buffer.Write(p)
}

func (s *sink) WriteString(p string) (int, error) { return s.Write([]byte(p)) }
func (s *sink) Flush() error                      { s.flushes++; return nil }

func flush(w http.ResponseWriter) error { return http.NewResponseController(w).Flush() }

// consumers are the two ways to take a body.
var consumers = map[string]func(b *engine.Body) (string, error){
	"Read": func(b *engine.Body) (string, error) {
		p, err := io.ReadAll(b)
		return string(p), err
	},
	"Drain": func(b *engine.Body) (string, error) {
		var s sink
		err := b.Drain(&s)
		return s.String(), err
	},
}

// The type of an answer with trailers is that of its first write, as of every other answer, however
// long that comes after the status.
func TestTrailersKeepTheType(t *testing.T) {
	a, err := new(engine.Body).Run(t.Context(), nil, func(b *engine.Body) error {
		w := b.Writer()
		w.Header().Set("Trailer", "X-T")
		w.WriteHeader(200)
		time.Sleep(20 * time.Millisecond)
		_, err := io.WriteString(w, "x")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []header.Field{{Name: "Content-Type", Value: "text/plain; charset=utf-8"}, {Name: "Trailer", Value: "X-T"}}
	if diff := cmp.Diff(want, a.Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
	if body, err := consumers["Read"](a.Body); body != "x" || err != nil {
		t.Errorf("body %q, %v", body, err)
	}
}

func TestAnswers(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 64<<10)
	tests := []struct {
		rule    string
		handler handler
		status  int
		fields  []header.Field
		whole   bool
		body    string
	}{{
		"a handler that writes nothing answers an empty 200",
		func(context.Context, http.ResponseWriter) error { return nil },
		200, []header.Field{}, true, "",
	}, {
		"a small answer is handed over whole",
		func(_ context.Context, w http.ResponseWriter) error {
			w.Header().Set("X-A", "1")
			w.WriteHeader(201)
			_, err := io.WriteString(w, "hello")
			return err
		},
		201, []header.Field{{Name: "X-A", Value: "1"}}, true, "hello",
	}, {
		"what changes after the head is not part of it",
		func(_ context.Context, w http.ResponseWriter) error {
			w.WriteHeader(200)
			w.Header().Set("X-Late", "1")
			return nil
		},
		200, []header.Field{}, true, "",
	}, {
		"an informational status is not the head",
		func(_ context.Context, w http.ResponseWriter) error {
			w.WriteHeader(103)
			w.WriteHeader(404)
			w.WriteHeader(500)
			return nil
		},
		404, []header.Field{}, true, "",
	}, {
		"a body beyond what is held back is streamed in one write",
		func(_ context.Context, w http.ResponseWriter) error {
			_, err := io.WriteString(w, big)
			return err
		},
		200, []header.Field{}, false, big,
	}, {
		"a body beyond what is held back is streamed in many writes",
		func(_ context.Context, w http.ResponseWriter) error {
			for i := 0; i < len(big); i += 100 {
				if _, err := io.WriteString(w, big[i:min(i+100, len(big))]); err != nil {
					return err
				}
			}
			return nil
		},
		200, []header.Field{}, false, big,
	}}
	for _, tt := range tests {
		for name, consume := range consumers {
			t.Run(tt.rule+"/"+name, func(t *testing.T) {
				a, err := run(t.Context(), t.Context().Done(), tt.handler)
				if err != nil {
					t.Fatal(err)
				}
				if a.Status != tt.status || (a.Body == nil) != tt.whole {
					t.Errorf("status %d, whole %t, want %d, %t", a.Status, a.Body == nil, tt.status, tt.whole)
				}
				if diff := cmp.Diff(tt.fields, a.Fields); diff != "" {
					t.Errorf("fields (-want +got):\n%s", diff)
				}
				body := a.Text + string(a.Whole)
				if a.Body != nil {
					body, err = consume(a.Body)
				}
				if err != nil || body != tt.body {
					t.Errorf("body of %d bytes, err %v; want %d bytes", len(body), err, len(tt.body))
				}
			})
		}
	}
}

func TestFlushHandsOverTheHead(t *testing.T) {
	release := make(chan struct{})
	a, err := run(t.Context(), t.Context().Done(), func(_ context.Context, w http.ResponseWriter) error {
		w.WriteHeader(202)
		if err := flush(w); err != nil {
			return err
		}
		<-release
		io.WriteString(w, "tail")
		return flush(w)
	})
	if err != nil || a.Status != 202 || a.Body == nil {
		t.Fatalf("answer %+v, err %v before the handler has ended", a, err)
	}
	close(release)
	var s sink
	if err := a.Body.Drain(&s); err != nil || s.String() != "tail" || s.flushes == 0 {
		t.Errorf("drained %q with %d flushes, err %v", s.String(), s.flushes, err)
	}
}

var errHandler = errors.New("handler")

func TestFailures(t *testing.T) {
	fail := map[string]func() error{
		"error":  func() error { return errHandler },
		"panic":  func() error { panic(errHandler) },
		"abort":  func() error { panic(http.ErrAbortHandler) },
		"goexit": func() error { runtime.Goexit(); return nil },
	}
	check := func(t *testing.T, kind string, err error) {
		t.Helper()
		p, isPanic := errors.AsType[*exchange.PanicError](err)
		switch {
		case err == nil:
			t.Error("the failure was lost")
		case kind == "abort" && err != http.ErrAbortHandler:
			t.Errorf("got %v, want http.ErrAbortHandler itself", err)
		case kind == "panic" && (!isPanic || !bytes.Contains(p.Stack, []byte("TestFailures"))):
			t.Errorf("got %v, want a *PanicError with the handler's stack", err)
		case (kind == "panic" || kind == "error") && !errors.Is(err, errHandler):
			t.Errorf("got %v, want it to wrap the handler's error", err)
		}
	}
	for kind, f := range fail {
		t.Run("before the head is the error of Run/"+kind, func(t *testing.T) {
			_, err := run(t.Context(), t.Context().Done(), func(_ context.Context, w http.ResponseWriter) error {
				io.WriteString(w, "held back, so never seen")
				return f()
			})
			check(t, kind, err)
		})
		for name, consume := range consumers {
			t.Run("after the head is the error of the body/"+kind+"/"+name, func(t *testing.T) {
				a, err := run(t.Context(), t.Context().Done(), func(_ context.Context, w http.ResponseWriter) error {
					io.WriteString(w, "part")
					flush(w)
					return f()
				})
				if err != nil {
					t.Fatal(err)
				}
				body, err := consume(a.Body)
				check(t, kind, err)
				if body != "part" {
					t.Errorf("body %q, want what was flushed", body)
				}
			})
		}
	}
}

func TestCloseEndsTheHandler(t *testing.T) {
	ended := make(chan error, 1)
	a, err := run(t.Context(), t.Context().Done(), func(ctx context.Context, w http.ResponseWriter) error {
		flush(w)
		for {
			if _, err := io.WriteString(w, "tick"); err != nil {
				<-ctx.Done()
				ended <- err
				return err
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	io.ReadFull(a.Body, make([]byte, 4))
	a.Body.Close()
	a.Body.Close()
	if err := <-ended; err == nil {
		t.Error("a write after Close succeeded")
	}
	if _, err := a.Body.Read(make([]byte, 1)); err == nil {
		t.Error("a read after Close succeeded")
	}
}

func TestCloseWakesAReader(t *testing.T) {
	a, err := run(t.Context(), t.Context().Done(), func(ctx context.Context, w http.ResponseWriter) error {
		flush(w)
		<-ctx.Done()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	go a.Body.Close()
	if _, err := a.Body.Read(make([]byte, 1)); err == nil {
		t.Error("the read succeeded")
	}
}

func TestFailingSinkEndsTheHandler(t *testing.T) {
	full := errors.New("client gone")
	got := make(chan error, 1)
	a, err := run(t.Context(), t.Context().Done(), func(ctx context.Context, w http.ResponseWriter) error {
		flush(w)
		_, err := io.WriteString(w, "x")
		got <- err
		<-ctx.Done()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Body.Drain(&sink{fail: full}); err != full {
		t.Errorf("Drain: %v, want the sink's error", err)
	}
	if err := <-got; err != full {
		t.Errorf("the handler's write: %v, want the sink's error", err)
	}
}

func TestAHandlerThatNeverAnswersIsGivenUp(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	givenUp, late := make(chan struct{}), make(chan error, 1)
	_, err := run(ctx, ctx.Done(), func(ctx context.Context, w http.ResponseWriter) error {
		<-givenUp
		_, err := io.WriteString(w, "too late")
		late <- err
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Run: %v, want the context's error", err)
	}
	close(givenUp)
	if err := <-late; err == nil {
		t.Error("a write after Run gave up succeeded")
	}
}

func TestAHandlerKnowsBetterWhyItsContextEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := run(ctx, ctx.Done(), func(ctx context.Context, w http.ResponseWriter) error {
		cancel()
		<-ctx.Done()
		return errHandler
	})
	if err != errHandler {
		t.Errorf("Run: %v, want the handler's error", err)
	}
}

func TestWritesFromSeveralGoroutines(t *testing.T) {
	for name, consume := range consumers {
		t.Run(name, func(t *testing.T) {
			a, err := run(t.Context(), t.Context().Done(), func(_ context.Context, w http.ResponseWriter) error {
				var wg sync.WaitGroup
				for range 4 {
					wg.Go(func() {
						for range 500 {
							io.WriteString(w, "0123456789")
						}
					})
				}
				wg.Wait()
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if body, err := consume(a.Body); err != nil || body != strings.Repeat("0123456789", 2000) {
				t.Errorf("%d bytes, err %v: want each write whole", len(body), err)
			}
		})
	}
}

func TestWritesAfterTheHandlerReturned(t *testing.T) {
	var kept http.ResponseWriter
	_, err := run(t.Context(), t.Context().Done(), func(_ context.Context, w http.ResponseWriter) error {
		kept = w
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(kept, "late"); !errors.Is(err, outbound.ErrHandlerReturned) {
		t.Errorf("Write: %v, want ErrHandlerReturned", err)
	}
	if err := flush(kept); !errors.Is(err, outbound.ErrHandlerReturned) {
		t.Errorf("Flush: %v, want ErrHandlerReturned", err)
	}
}

func TestLockedThreadsSurvive(t *testing.T) {
	a, err := run(t.Context(), t.Context().Done(), func(_ context.Context, w http.ResponseWriter) error {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		flush(w)
		_, err := io.WriteString(w, "locked")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(a.Body); err != nil || string(body) != "locked" {
		t.Errorf("%q, %v", body, err)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error)       { return len(p), nil }
func (discard) WriteString(s string) (int, error) { return len(s), nil }
func (discard) Flush() error                      { return nil }

func BenchmarkEngine(b *testing.B) {
	small, chunk := make([]byte, 100), make([]byte, 4<<10)
	for name, h := range map[string]handler{
		"100B": func(_ context.Context, w http.ResponseWriter) error { w.Write(small); return nil },
		"1MiB in 4KiB writes": func(_ context.Context, w http.ResponseWriter) error {
			for range 256 {
				w.Write(chunk)
			}
			return nil
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a, err := run(context.Background(), context.Background().Done(), h)
				if err != nil {
					b.Fatal(err)
				}
				if a.Body == nil {
					continue
				}
				if err := a.Body.Drain(discard{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/io.Pipe", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pr, pw := io.Pipe()
				go func() { h(context.Background(), pipeWriter{pw}); pw.Close() }()
				if _, err := io.Copy(io.Discard, pr); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type pipeWriter struct{ *io.PipeWriter }

func (pipeWriter) Header() http.Header { return http.Header{} }
func (pipeWriter) WriteHeader(int)     {}
