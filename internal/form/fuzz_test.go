package form_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Arbitrary bytes never panic, and how they arrive changes neither what they say nor whether they
// are refused. (Where two faults meet, it can change which of them is told.)
func FuzzParseMultipart(f *testing.F) {
	for _, s := range []string{
		one(`Content-Disposition: form-data; name="a"; filename="f"`, "Content-Type: text/html;x=y"),
		upload("1", "2\r\n--boundar\r\n"),
		"--boundary--", "--boundary\r\n\r\n--boundary--", "--boundary \t\r\nA:b\r\n\r\n\r\n--boundary--\t\r\n",
		body("--boundary", `Content-Disposition: form-data; name="a`, `"; filename*=utf-8''%41`, "", "--boundary--"),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		lim := form.Limits{Memory: 50, Header: 200, Parts: 10}
		whole, err := parse(t, s, lim)
		slow, slowErr := form.ParseMultipart(iotest.OneByteReader(strings.NewReader(s)), "boundary", lim)
		if (err == nil) != (slowErr == nil) {
			t.Fatalf("%q at once: %v, byte by byte: %v", s, err, slowErr)
		}
		if err != nil {
			return
		}
		defer form.Close(slow)
		if diff := cmp.Diff(entries(t, whole), entries(t, slow)); diff != "" {
			t.Errorf("%q: at once and byte by byte differ\n%s", s, diff)
		}
	})
}

// What is written is read again, but for what the format loses: line breaks, quotes in names, types
// that are none.
func FuzzRoundTrip(f *testing.F) {
	f.Add("a", "value", "f.txt", "text/html", []byte("content\r\n--\x00\xFF"))
	f.Add("a\r\nb\"c", "x\ny\rz", `..\"x";y"`, "", []byte("\r\n--x"))
	f.Add(`a\`, "\uFEFF", `C:\`, "x\r\ny", []byte{})
	f.Add("é\xFF", "\xE2\x80", "日本", "TEXT/HTML;A=B", []byte("\r"))
	f.Fuzz(func(t *testing.T, name, value, fileName, mediaType string, content []byte) {
		if strings.ContainsFunc(name+fileName, func(r rune) bool { return r < ' ' && r != '\r' && r != '\n' || r == 0x7F || r == '\\' }) {
			return // what can be written and is not read, or read as an escape
		}
		sent := crossfade.NewForm(
			form.Entry{Name: name, Value: value},
			form.Entry{Name: name, File: crossfade.NewFile(fileName, mediaType, content)},
		)
		var out bytes.Buffer
		boundary := form.NewBoundary()
		if err := form.EncodeMultipart(&out, boundary, sent.Entries()); err != nil {
			t.Fatal(err)
		}
		got, err := form.ParseMultipart(&out, boundary, form.Limits{})
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		list := entries(t, got)
		if len(list) != 2 || list[1].File == nil || list[1].File.Content != string(content) {
			t.Fatalf("read %+v", list)
		}
		crlf := strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")
		escape := strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22")
		wantName := escape.Replace(crlf.Replace(text.WellFormed(name)))
		if list[0].Name != wantName || list[1].Name != wantName {
			t.Errorf("the name %q is read as %q and %q", name, list[0].Name, list[1].Name)
		}
		if want := crlf.Replace(text.WellFormed(value)); list[0].Value != want {
			t.Errorf("the value %q is read as %q", value, list[0].Value)
		}
		if want := escape.Replace(text.WellFormed(fileName)); list[1].File.Name != want {
			t.Errorf("the file name %q is read as %q", fileName, list[1].File.Name)
		}

		// From here on nothing is lost any more.
		out.Reset()
		form.EncodeMultipart(&out, boundary, got.Entries())
		again, err := form.ParseMultipart(&out, boundary, form.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if list[1].File.Type == "" {
			list[1].File.Type = "application/octet-stream"
		}
		if diff := cmp.Diff(list, entries(t, again)); diff != "" {
			t.Errorf("the second round (-first +second)\n%s", diff)
		}
	})
}

func FuzzURLEncoded(f *testing.F) {
	for _, s := range []string{"a=b&c=d", "a+b=%20&&=&x", "?a;b=%zz%", "\xFF=%FF&é=日", "%26=%3D"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		first := form.ParseURLEncoded(b)
		written := query.Encode(first.All())
		if diff := cmp.Diff(entries(t, first), entries(t, form.ParseURLEncoded([]byte(written)))); diff != "" {
			t.Errorf("%q is written as %q (-want +got)\n%s", b, written, diff)
		}
	})
}

func TestNewBoundary(t *testing.T) {
	a, b := form.NewBoundary(), form.NewBoundary()
	if a == b {
		t.Error("two boundaries must differ")
	}
	if n := len(a); n < 27 || n > 70 || strings.Trim(a, "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") != "" {
		t.Errorf("%q must be 27 to 70 letters, digits and hyphens", a)
	}
	var out strings.Builder
	if err := form.EncodeMultipart(&out, "b", slices.Values([]form.Entry(nil))); err != nil || out.String() != "--b--\r\n" {
		t.Errorf("an empty form is its closing boundary: %q, %v", out.String(), err)
	}
}

// A type cannot add a header line.
func TestEncodeRefusesATypeThatIsNone(t *testing.T) {
	var out strings.Builder
	form.EncodeMultipart(&out, "b", crossfade.NewForm(form.Entry{Name: "a", File: crossfade.NewFile("f", "a/b\r\nX: y", nil)}).Entries())
	if strings.Contains(out.String(), "X: y") || !strings.Contains(out.String(), "Content-Type: application/octet-stream\r\n") {
		t.Errorf("written: %q", out.String())
	}
}
