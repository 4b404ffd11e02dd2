package message

// A stream onto the wire, for both shapes: the head goes out with the first
// byte, so that a source which fails before it can still become an error.

import "io"

// Sink is an exchange with the status that its first write commits.
type Sink struct {
	X      *Exchange
	Status int

	claimed bool // it is known whether X could be claimed: see solo.go
	solo    bool // and it was
	flusher errorFlusher

	src    io.Reader // of Copy
	short  bool      // its last read left room
	srcErr error
}

func (s *Sink) head() error { return s.X.CommitOnce(s.Status) }

// Write writes to the body.
func (s *Sink) Write(p []byte) (int, error) {
	if err := s.head(); err != nil {
		return 0, err
	}
	return s.X.Write(p)
}

// WriteString writes to the body.
func (s *Sink) WriteString(p string) (int, error) {
	if err := s.head(); err != nil {
		return 0, err
	}
	return s.X.WriteString(p)
}

// Flush sends what has been written, or just the head.
func (s *Sink) Flush() error {
	if err := s.head(); err != nil {
		return err
	}
	return s.X.Flush()
}
