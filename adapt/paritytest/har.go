package paritytest

// HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/): log.entries[].request,
// whatever else a file has. Answers, which are most of a file, are passed over without being held;
// a file that is not JSON in one place is read on behind it, as long as its braces match.

import (
	"bufio"
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
		File                     string `json:"_file"` // beside the archive, as Playwright attaches it
		SHA1                     string `json:"_sha1"` // likewise
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
		if r.BodySize > 0 || sent != "0" || p != nil && p.File+p.SHA1 != "" {
			return errors.New("its body is not in the file")
		}
		return nil
	case p.Text == "" && !strings.HasPrefix(strings.ToLower(p.MimeType), "application/x-www-form-urlencoded"):
		return fmt.Errorf("its body of the type %q is not in the file, only the names and values of its parts", p.MimeType)
	case p.Text == "":
		e.body, sent = []byte(urlencoded(p.Params)), "0" // which may have been encoded in another way
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
	if head, body, ok := strings.Cut(p.Text, "\r\n\r\n"); ok && strconv.Itoa(len(body)) == sent && strings.HasPrefix(strings.ToLower(head), "content-") {
		e.body = []byte(body) // Firefox writes the headers of a form in front of it
	}
	if has := strconv.Itoa(len(e.body)); sent != "0" && sent != has {
		return fmt.Errorf("its body has %s bytes in the file, and had %s: what is not text was lost", has, shortQuote(sent))
	}
	return nil
}

// get returns the first header of that name.
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
