package form

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// spill is the temporary file of one form. Where the system allows it, its name is removed at once,
// so that not even a crash leaves it behind.
type spill struct {
	file    *os.File
	size    int64
	named   bool // the name could not be removed while the file is open
	cleanup runtime.Cleanup
	once    sync.Once
	err     error
	closed  atomic.Bool
}

func newSpill(max int64) (*spill, error) {
	if runtime.GOOS == "js" || runtime.GOOS == "wasip1" {
		return nil, &LimitError{"memory", max}
	}
	file, err := os.CreateTemp("", "crossfade-form-*")
	if err != nil {
		return nil, &diskError{err}
	}
	s := &spill{file: file, named: os.Remove(file.Name()) != nil}
	if s.named {
		s.cleanup = runtime.AddCleanup(s, func(f *os.File) { discard(f) }, file)
	}
	return s, nil
}

func (s *spill) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	if s.size += int64(n); err != nil {
		err = &diskError{err}
	}
	return n, err
}

func (s *spill) close() error {
	s.once.Do(func() {
		s.closed.Store(true)
		if !s.named {
			s.err = s.file.Close()
			return
		}
		s.cleanup.Stop()
		s.err = discard(s.file)
	})
	return s.err
}

func discard(f *os.File) error { return errors.Join(f.Close(), os.Remove(f.Name())) }

// diskError is a failure of the temporary file: ours, not the client's.
type diskError struct{ err error }

func (e *diskError) Error() string   { return fmt.Sprintf("cannot keep an uploaded file: %v", e.err) }
func (e *diskError) Unwrap() error   { return e.err }
func (e *diskError) StatusCode() int { return 500 }
