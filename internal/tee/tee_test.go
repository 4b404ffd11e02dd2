package tee_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/crossfade-go/crossfade/internal/tee"
)

// source counts what is asked of it.
type source struct {
	io.Reader
	reads, closes int
}

func (b *source) Read(p []byte) (int, error) { b.reads++; return b.Reader.Read(p) }
func (b *source) Close() error               { b.closes++; return nil }

func TestTee(t *testing.T) {
	readAll := func(r io.Reader) { _, _ = io.Copy(io.Discard, r) }
	for _, c := range []struct {
		rule   string
		body   string
		length int64 // declared
		max    int64
		serve  func(r io.Reader)
		want   error // nil is a copy
	}{
		{"a body that was read to its end is copied", "hello", 5, 10, readAll, nil},
		{"also one of unknown length", "hello", -1, 10, readAll, nil},
		{"a body of exactly max is", "hello", 5, 5, readAll, nil},
		{"a byte more is not", "hello!", -1, 5, readAll, tee.ErrSize},
		{"nor is one that was not read", "hello", 5, 10, func(io.Reader) {}, tee.ErrUnread},
		{"or read in part", "hello", 5, 10, func(r io.Reader) { _, _ = io.ReadFull(r, make([]byte, 4)) }, tee.ErrUnread},
		{"the declared length is an end", "hello", 5, 10, func(r io.Reader) { _, _ = io.ReadFull(r, make([]byte, 5)) }, nil},
		{"without one the end must have been seen", "hello", -1, 10, func(r io.Reader) { _, _ = io.ReadFull(r, make([]byte, 5)) }, tee.ErrUnread},
		{"no body is complete without being read", "", 0, 10, func(io.Reader) {}, nil},
		{"an empty one of unknown length has to be asked", "", -1, 10, func(io.Reader) {}, tee.ErrUnread},
		{"and is then complete", "", -1, 10, readAll, nil},
		{"nothing is kept with a max of 0", "h", 1, 0, readAll, tee.ErrSize},
	} {
		t.Run(c.rule, func(t *testing.T) {
			for name, reader := range map[string]io.Reader{
				"plain":          strings.NewReader(c.body),
				"byte by byte":   iotest.OneByteReader(strings.NewReader(c.body)),
				"EOF with bytes": iotest.DataErrReader(strings.NewReader(c.body)),
			} {
				if name == "EOF with bytes" && c.want == tee.ErrUnread && c.length < 0 && c.body != "" {
					continue // there the end is seen with the last byte
				}
				body := tee.New(io.NopCloser(reader), c.length, c.max)
				c.serve(body)
				got, why := body.Copy()
				if why != c.want || c.want == nil && string(got) != c.body || c.want != nil && got != nil {
					t.Errorf("%s: copy %q, %v; want %v", name, got, why, c.want)
				}
			}
		})
	}
}

// The serving side must not notice the Tee: same bytes, same errors, no read that it did not ask
// for.
func TestTeePassesEverythingOn(t *testing.T) {
	broken := errors.New("broken")
	b := &source{Reader: io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken))}
	body := tee.New(b, -1, 10)
	if b.reads != 0 {
		t.Error("the body was read ahead")
	}
	got, err := io.ReadAll(body)
	if string(got) != "ab" || !errors.Is(err, broken) {
		t.Errorf("read %q, %v; want ab and the error of the body", got, err)
	}
	if _, why := body.Copy(); why != tee.ErrUnread {
		t.Errorf("the copy of a broken body: %v", why)
	}
	if err := body.Close(); err != nil || b.closes != 1 {
		t.Errorf("Close: %v, the body was closed %d times", err, b.closes)
	}
	reads := b.reads
	body.Copy()
	if b.reads != reads {
		t.Error("Copy reads the body")
	}
	if n, err := tee.New(http.NoBody, 0, 10).Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("reading http.NoBody: %d, %v", n, err)
	}
}

// What was copied belongs to the shadow, even if a goroutine of the serving side reads on.
func TestTeeCopyIsFinal(t *testing.T) {
	body := tee.New(io.NopCloser(strings.NewReader("abcdef")), 3, 10) // a lie about the length
	_, _ = io.ReadFull(body, make([]byte, 3))
	got, _ := body.Copy()
	_, _ = io.ReadAll(body)
	if again, why := body.Copy(); string(got) != "abc" || string(again) != "abc" {
		t.Errorf("the copy became %q, a second one %q, %v", got, again, why)
	}
}

func TestCapture(t *testing.T) {
	for _, stop := range []bool{false, true} {
		c := tee.Capture{Max: 5, Stop: stop}
		for _, s := range []string{"ab", "", "cde"} {
			if n, err := c.Write([]byte(s)); n != len(s) || err != nil {
				t.Errorf("Stop %v: Write(%q) = %d, %v", stop, s, n, err)
			}
		}
		if c.Truncated() || string(c.Bytes()) != "abcde" {
			t.Errorf("Stop %v: %q, truncated %v", stop, c.Bytes(), c.Truncated())
		}
		n, err := io.Copy(&c, bytes.NewReader(make([]byte, 100)))
		if refused := err != nil; refused != stop || !stop && n != 100 {
			t.Errorf("Stop %v: beyond the limit %d bytes, %v", stop, n, err)
		}
		if !c.Truncated() || string(c.Bytes()) != "abcde" || c.Total != 105 {
			t.Errorf("Stop %v: %q of %d bytes, truncated %v", stop, c.Bytes(), c.Total, c.Truncated())
		}
	}
	var zero tee.Capture
	if n, err := zero.Write([]byte("abc")); n != 3 || err != nil || len(zero.Bytes()) != 0 || !zero.Truncated() {
		t.Errorf("a zero Capture: %d, %v, kept %q", n, err, zero.Bytes())
	}
}
