package paritytest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// jsonStream walks JSON as it arrives. It knows strings and braces, which is enough to find a value
// and to pass one over; what a value says is for encoding/json.
type jsonStream struct {
	r     *bufio.Reader
	line  int
	depth int // of the lists that have begun
}

func (s *jsonStream) next() (byte, error) {
	c, err := s.r.ReadByte()
	if c == '\n' && err == nil {
		s.line++
	}
	return c, err
}

// peek returns the next byte that is not white space, which stays.
func (s *jsonStream) peek() (byte, error) {
	for {
		c, err := s.next()
		if err != nil {
			return 0, err
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			return c, s.r.UnreadByte()
		}
	}
}

// take reads the byte that has to be next.
func (s *jsonStream) take(want byte) error {
	c, err := s.peek()
	if err == nil && c != want {
		return fmt.Errorf("%q is where %q should be", c, want)
	}
	_, _ = s.r.Discard(1)
	return err
}

// members calls f at the value of each member of an object, which f has to read.
func (s *jsonStream) members(f func(name string) error) error {
	return s.list('{', '}', func() error {
		raw, whole, err := s.value(maxLine)
		if err != nil {
			return err
		}
		var name string
		if !whole || json.Unmarshal(raw, &name) != nil {
			return errors.New("a member has no name")
		}
		if err := s.take(':'); err != nil {
			return err
		}
		return f(name)
	})
}

// elements calls f at each element of an array, which f has to read.
func (s *jsonStream) elements(f func() error) error { return s.list('[', ']', f) }

func (s *jsonStream) list(open, end byte, f func() error) error {
	if err := s.take(open); err != nil {
		return err
	}
	s.depth++
	for first := true; ; first = false {
		c, err := s.peek()
		switch {
		case err != nil:
			return err
		case c == end:
			s.depth--
			return s.take(end)
		case !first:
			if err := s.take(','); err != nil {
				return err
			}
		}
		if err := f(); err != nil {
			return err
		}
	}
}

func (s *jsonStream) skip() error {
	_, _, err := s.value(0)
	return err
}

// value reads a value to its end and returns it if it is not longer than most.
func (s *jsonStream) value(most int) (raw []byte, whole bool, err error) {
	if _, err := s.peek(); err != nil {
		return nil, false, err
	}
	var buf bytes.Buffer
	length, depth, text, escaped := 0, 0, false, false
	for {
		if text && !escaped { // all at once: most of a file is the text of answers
			chunk, _ := s.r.Peek(s.r.Buffered())
			n := bytes.IndexAny(chunk, "\"\\\n")
			if n < 0 {
				n = len(chunk)
			}
			if length += n; length <= most {
				buf.Write(chunk[:n])
			}
			_, _ = s.r.Discard(n)
		}
		c, err := s.next()
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, false, err
		}
		ends := false
		switch {
		case escaped:
			escaped = false
		case text:
			escaped = c == '\\'
			if c == '"' {
				text = false
				ends = depth == 0
			}
		case c == '"':
			text = true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth == 0 { // a scalar has ended in front of it
				return buf.Bytes(), length <= most, s.r.UnreadByte()
			}
			depth--
			ends = depth == 0
		case depth == 0 && (c == ',' || c == ':' || c == ' ' || c == '\t' || c == '\r' || c == '\n'):
			if c == '\n' {
				s.line--
			}
			return buf.Bytes(), length <= most, s.r.UnreadByte()
		}
		if length++; length <= most {
			buf.WriteByte(c)
		}
		if ends {
			return buf.Bytes(), length <= most, nil
		}
	}
}
