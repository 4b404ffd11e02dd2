package migrate_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// body counts what is asked of it.
type body struct {
	io.Reader
	reads, closes int
}

func (b *body) Read(p []byte) (int, error) { b.reads++; return b.Reader.Read(p) }
func (b *body) Close() error               { b.closes++; return nil }

func TestTee(t *testing.T) {
	readAll := func(r io.Reader) { _, _ = io.Copy(io.Discard, r) }
	for _, c := range []struct {
		rule   string
		body   string
		length int64 // declared
		max    int64
		serve  func(r io.Reader)
		want   string // "none" is a copy
	}{
		{"a body that was read to its end is copied", "hello", 5, 10, readAll, "none"},
		{"also one of unknown length", "hello", -1, 10, readAll, "none"},
		{"a body of exactly max is", "hello", 5, 5, readAll, "none"},
		{"a byte more is not", "hello!", -1, 5, readAll, "body-size"},
		{"nor is one that was not read", "hello", 5, 10, func(io.Reader) {}, "body-unread"},
		{"or read in part", "hello", 5, 10, func(r io.Reader) { _, _ = io.ReadFull(r, make([]byte, 4)) }, "body-unread"},
		{"the declared length is an end", "hello", 5, 10, func(r io.Reader) { _, _ = io.ReadFull(r, make([]byte, 5)) }, "none"},
		{"without one the end must have been seen", "hello", -1, 10, func(r io.Reader) { _, _ = io.ReadFull(r, make([]byte, 5)) }, "body-unread"},
		{"no body is complete without being read", "", 0, 10, func(io.Reader) {}, "none"},
		{"an empty one of unknown length has to be asked", "", -1, 10, func(io.Reader) {}, "body-unread"},
		{"and is then complete", "", -1, 10, readAll, "none"},
		{"nothing is kept with a max of 0", "h", 1, 0, readAll, "body-size"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			for name, reader := range map[string]io.Reader{
				"plain":          strings.NewReader(c.body),
				"byte by byte":   iotest.OneByteReader(strings.NewReader(c.body)),
				"EOF with bytes": iotest.DataErrReader(strings.NewReader(c.body)),
			} {
				if name == "EOF with bytes" && c.want == "body-unread" && c.length < 0 && c.body != "" {
					continue // there the end is seen with the last byte
				}
				tee := migrate.NewTee(io.NopCloser(reader), c.length, c.max)
				c.serve(tee)
				got, why := tee.Copy()
				if why.String() != c.want || c.want == "none" && string(got) != c.body || c.want != "none" && got != nil {
					t.Errorf("%s: copy %q, %v; want %v", name, got, why, c.want)
				}
			}
		})
	}
}

// The serving side must not notice the Tee: same bytes, same errors, no read that it did not ask for.
func TestTeePassesEverythingOn(t *testing.T) {
	broken := errors.New("broken")
	b := &body{Reader: io.MultiReader(strings.NewReader("ab"), iotest.ErrReader(broken))}
	tee := migrate.NewTee(b, -1, 10)
	if b.reads != 0 {
		t.Error("the body was read ahead")
	}
	got, err := io.ReadAll(tee)
	if string(got) != "ab" || !errors.Is(err, broken) {
		t.Errorf("read %q, %v; want ab and the error of the body", got, err)
	}
	if _, why := tee.Copy(); why != migrate.SkipBodyUnread {
		t.Errorf("the copy of a broken body: %v", why)
	}
	if err := tee.Close(); err != nil || b.closes != 1 {
		t.Errorf("Close: %v, the body was closed %d times", err, b.closes)
	}
	reads := b.reads
	tee.Copy()
	if b.reads != reads {
		t.Error("Copy reads the body")
	}
	none := migrate.NewTee(nil, 0, 10)
	if n, err := none.Read(make([]byte, 1)); n != 0 || err != io.EOF || none.Close() != nil {
		t.Errorf("reading no body: %d, %v", n, err)
	}
	if n, err := migrate.NewTee(http.NoBody, 0, 10).Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("reading http.NoBody: %d, %v", n, err)
	}
}

// What was copied belongs to the shadow, even if a goroutine of the serving side reads on.
func TestTeeCopyIsFinal(t *testing.T) {
	tee := migrate.NewTee(io.NopCloser(strings.NewReader("abcdef")), 3, 10) // a lie about the length
	_, _ = io.ReadFull(tee, make([]byte, 3))
	got, _ := tee.Copy()
	_, _ = io.ReadAll(tee)
	if again, why := tee.Copy(); string(got) != "abc" || string(again) != "abc" {
		t.Errorf("the copy became %q, a second one %q, %v", got, again, why)
	}
}

func TestCapture(t *testing.T) {
	for _, stop := range []bool{false, true} {
		c := migrate.Capture{Max: 5, Stop: stop}
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
	var zero migrate.Capture
	if n, err := zero.Write([]byte("abc")); n != 3 || err != nil || len(zero.Bytes()) != 0 || !zero.Truncated() {
		t.Errorf("a zero Capture: %d, %v, kept %q", n, err, zero.Bytes())
	}
}
