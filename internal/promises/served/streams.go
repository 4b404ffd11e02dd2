package served

// Streams of every kind, and sources that tell whether they were closed.

import (
	"errors"
	"iter"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// Soon fails the test if c does not deliver: how long "soon" is does not matter, as long as it is
// not never.
func Soon[T any](t testing.TB, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(20 * time.Second):
		buf := make([]byte, 1<<20)
		t.Fatalf("%s did not happen\n%s", what, buf[:runtime.Stack(buf, true)])
		panic("unreachable")
	}
}

// Producers are the ways to stream, each of which runs step until it fails; the result of the
// producer goes to ended.
func Producers(step func(i int) error, ended chan<- error) map[string]Twins {
	chunk := []byte("chunk\n")
	seq := func(yield func([]byte, error) bool) {
		for i := 0; ; i++ {
			if err := step(i); err != nil {
				yield(nil, err)
				ended <- err
				return
			}
			if !yield(chunk, nil) {
				ended <- errors.New("yield returned false")
				return
			}
		}
	}
	events := func(yield func(fetch.Event, error) bool) {
		for b, err := range iter.Seq2[[]byte, error](seq) {
			if !yield(fetch.Event{Data: strings.TrimSpace(string(b))}, err) {
				return
			}
		}
	}
	return map[string]Twins{
		"function": {
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				for i := 0; ; i++ {
					if err := step(i); err != nil {
						ended <- err
						return err
					}
					if _, err := res.Write(chunk); err != nil {
						ended <- err
						return err
					}
					if err := res.Flush(); err != nil {
						ended <- err
						return err
					}
				}
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.StreamFunc(func(w *fetch.Writer) error {
					for i := 0; ; i++ {
						if err := step(i); err != nil {
							ended <- err
							return err
						}
						if _, err := w.Write(chunk); err != nil {
							ended <- err
							return err
						}
						if err := w.Flush(); err != nil {
							ended <- err
							return err
						}
					}
				})
			},
		},
		"iterator": {
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.SSE(events) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.StreamSeq(seq) },
		},
		"events": {
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.SSE(events) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.SSE(events) },
		},
		"reader": {
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				return res.Send(NewSource(step, chunk, ended))
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.Stream(NewSource(step, chunk, ended))
			},
		},
	}
}

// Source is a reader that fails when step does, and knows how often it was closed.
type Source struct {
	step   func(int) error
	chunk  []byte
	i      int
	closed atomic.Bool
	ended  chan<- error
}

func NewSource(step func(int) error, chunk []byte, ended chan<- error) *Source {
	openSources.Add(1)
	return &Source{step: step, chunk: chunk, ended: ended}
}

func (s *Source) Read(p []byte) (int, error) {
	if err := s.step(s.i); err != nil {
		return 0, err
	}
	s.i++
	return copy(p, s.chunk), nil
}

func (s *Source) Close() error {
	if !s.closed.CompareAndSwap(false, true) {
		closedTwice.Add(1)
		return nil
	}
	openSources.Add(-1)
	s.ended <- errors.New("closed")
	return nil
}
