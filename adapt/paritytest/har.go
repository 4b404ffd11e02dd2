package paritytest

// HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/): log.entries[].request,
// whatever else a file has. Answers, which are most of a file, are passed over without being held;
// a file that is not JSON in one place is read on behind it, as long as its braces match.

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

type harPair struct{ Name, Value string }

// harRequest is what counts of an entry's request.
type harRequest struct {
	Method, URL                   string
	Headers, Cookies, QueryString []harPair
	BodySize                      float64
	PostData                      *struct {
		MimeType, Text, Encoding string
		Params                   []harPair
	}
}

func readHAR(r io.Reader, found func(entry) bool) error {
	s := &jsonStream{r: bufio.NewReaderSize(r, maxLine), line: 1}
	if bom, err := s.r.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = s.r.Discard(3) // Fiddler writes one
	}
	entries, stopped, n := false, false, 0
	err := s.members(func(name string) error {
		if name != "log" {
			return s.skip()
		}
		return s.members(func(name string) error {
			if name != "entries" {
				return s.skip()
			}
			entries = true
			return s.elements(func() error {
				e, err := s.entry()
				if err != nil {
					return err
				}
				n++
				e.n = n
				if stopped = !found(e); stopped {
					return errStopped
				}
				return nil
			})
		})
	})
	switch {
	case stopped:
		return nil
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("line %d: the file ends in the middle of its JSON: it is not whole", s.line)
	case err != nil:
		return fmt.Errorf("line %d: this is not an HTTP Archive: %w", s.line, err)
	case !entries:
		return errors.New("this is not an HTTP Archive: it has no log.entries")
	}
	return nil
}

var errStopped = errors.New("stopped")

// entry reads one element of log.entries. Its error is the end of the file, not of the entry.
func (s *jsonStream) entry() (entry, error) {
	e := entry{}
	var raw []byte
	c, err := s.peek()
	e.line = s.line
	if err != nil {
		return e, err
	}
	if c != '{' {
		e.err = errors.New("it is not an object")
		return e, s.skip()
	}
	depth, whole := s.depth, true
	err = s.members(func(name string) (err error) {
		if name != "request" {
			return s.skip()
		}
		raw, whole, err = s.value(maxEntry)
		return err
	})
	switch {
	case err != nil:
		e.err = fmt.Errorf("it is not JSON: %w", err)
		return e, s.leave(depth)
	case !whole:
		e.err = fmt.Errorf("its request is longer than %d bytes", maxEntry)
	case raw == nil:
		e.err = errors.New("it has no request")
	default:
		e.err = e.fill(raw)
	}
	return e, nil
}

// leave goes on to where the lists that have begun below the depth end.
func (s *jsonStream) leave(depth int) error {
	for s.depth > depth {
		c, err := s.peek()
		switch {
		case err != nil:
			return err
		case c == '{' || c == '[' || c == '"':
			if err := s.skip(); err != nil {
				return err
			}
			continue
		case c == '}' || c == ']':
			s.depth--
		}
		_, _ = s.r.Discard(1)
	}
	return nil
}

func (e *entry) fill(raw []byte) error {
	var r harRequest
	var wrong *json.UnmarshalTypeError
	switch err := json.Unmarshal(raw, &r); {
	case errors.As(err, &wrong):
		return fmt.Errorf("the %s of its request is a %s", wrong.Field, wrong.Value)
	case err != nil:
		return fmt.Errorf("its request cannot be read: %w", err)
	}
	if r.Method == "" || r.URL == "" {
		return errors.New("its request has no method or no url")
	}
	e.method, e.url = r.Method, r.URL
	if len(r.QueryString) > 0 && !strings.Contains(r.URL, "?") { // as Insomnia writes it
		e.url += "?" + urlencoded(r.QueryString)
	}
	cookies := ""
	for _, h := range r.Headers {
		e.header = append(e.header, [2]string{h.Name, h.Value})
	}
	if e.get("cookie") != "" {
		r.Cookies = nil
	}
	for _, c := range r.Cookies {
		cookies += "; " + c.Name + "=" + c.Value
	}
	if cookies != "" {
		e.header = append(e.header, [2]string{"Cookie", cookies[2:]})
	}
	return e.fillBody(r)
}

func (e *entry) fillBody(r harRequest) (err error) {
	p := r.PostData
	sent := cmp.Or(e.get("content-length"), "0")
	switch {
	case p == nil || p.Text == "" && len(p.Params) == 0:
		if r.BodySize > 0 || sent != "0" {
			return errors.New("its body is not in the file")
		}
		return nil
	case p.Text == "" && !strings.HasPrefix(strings.ToLower(p.MimeType), "application/x-www-form-urlencoded"):
		return fmt.Errorf("its body of the type %q is not in the file, only the names and values of its parts", p.MimeType)
	case p.Text == "":
		e.body = []byte(urlencoded(p.Params))
	case p.Encoding == "base64":
		if e.body, err = base64.StdEncoding.DecodeString(p.Text); err != nil {
			return fmt.Errorf("its body is not base64: %w", err)
		}
	default:
		e.body = []byte(p.Text)
	}
	if e.get("content-type") == "" && p.MimeType != "" {
		e.header = append(e.header, [2]string{"Content-Type", p.MimeType})
	}
	if has := strconv.Itoa(len(e.body)); sent != "0" && sent != has {
		return fmt.Errorf("its body has %s bytes in the file, and had %s: what is not text was lost", has, shortQuote(sent))
	}
	return nil
}

// get is the first header of that name.
func (e *entry) get(name string) string {
	for _, h := range e.header {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return ""
}

// urlencoded keeps the order, which url.Values would not.
func urlencoded(pairs []harPair) string {
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value)
	}
	return strings.Join(parts, "&")
}

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

// peek is the next byte that is not white space, which stays.
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
