package form_test

import (
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/linear"
	"github.com/crossfade-go/crossfade/internal/text"
)

func itself(err error) error { return err }

// part is what a part says: the name, the file's name without its folders, and the content.
type part struct{ Name, FileName, Content string }

func parts(r io.Reader, lim form.Limits) (list []part, err error) {
	for p, err := range form.Parts(r, "boundary", lim, itself) {
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		list = append(list, part{text.WellFormed(p.FormName()), text.WellFormed(p.FileName()), text.WellFormed(string(content))})
	}
	return list, nil
}

// Parts refuses what ParseMultipart refuses with the same error, and yields what that keeps.
func FuzzParts(f *testing.F) {
	for _, s := range []string{
		one(`Content-Disposition: form-data; name="a"`), one(`Content-Disposition: form-data; name="a"; filename="f.txt"`, "Content-Type: text/plain"),
		one(`Content-Disposition: form-data; name="a"; filename*=utf-8''%C3%A4.txt`), one(`Content-Disposition: form-data; name="é\"`), one("Content-Disposition: form-data; name=\"a\xff\\\\(\"; filename=\"\xe2\\[.txt\""),
		"\r\n\r\n" + one(`Content-Disposition: form-data; name=a`), body("--boundary", `Content-Disposition: form-data; name="a"`, "", "--boundary--"),
		one("X: y"), "--boundary--", "--boundary\r\n", "", one(`Content-Disposition: form-data; name="a"`)[:70],
		body("--boundary", `Content-Disposition: form-data; name="a"`, "", "--boundar\r\n--\r\n--boundar", "--boundary--"),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		lim := form.Limits{Parts: 3, Header: 200, Memory: -1, Total: -1}
		whole, wantErr := form.ParseMultipart(strings.NewReader(s), "boundary", lim)
		list, err := parts(iotest.HalfReader(strings.NewReader(s)), lim)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("%q: error %v, of the form %v", s, err, wantErr)
		}
		if err != nil {
			return
		}
		var want []part
		for _, e := range entries(t, whole) {
			p := part{Name: e.Name, Content: e.Value}
			if e.File != nil {
				p.Content = text.WellFormed(e.File.Content)
				if e.File.Name != "" {
					p.FileName = filepath.Base(e.File.Name)
				}
			}
			want = append(want, p)
		}
		if diff := cmp.Diff(want, list); diff != "" {
			t.Errorf("%q (-form +parts)\n%s", s, diff)
		}
	})
}

// A part has the header that was sent, and the names that a Form has.
func TestParts_header(t *testing.T) {
	in := one(`Content-disposition: form-data; name="a"; filename="x"; filename*=utf-8''%E2%82%AC.txt`, "Content-Type: image/png", "x-y: 1", "X-Y: 2")
	for part, err := range form.Parts(strings.NewReader(in), "boundary", form.Limits{}, itself) {
		if err != nil {
			t.Fatal(err)
		}
		if part.FormName() != "a" || part.FileName() != "€.txt" {
			t.Errorf("%q, %q", part.FormName(), part.FileName())
		}
		want := textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="a"; filename="x"; filename*=utf-8''%E2%82%AC.txt`}, "Content-Type": {"image/png"}, "X-Y": {"1", "2"},
		}
		if diff := cmp.Diff(want, part.Header); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// Names that are not UTF-8 are made so, and a backslash escapes a quote and another one alone.
func TestParts_names(t *testing.T) {
	in := one("Content-Disposition: form-data; name=\"a\xff\\(\\\\\\\"\"; filename=\"\xe2\\[.txt\"")
	for part, err := range form.Parts(strings.NewReader(in), "boundary", form.Limits{}, itself) {
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"a\uFFFD\\(\\\"", "\uFFFD\\[.txt"}; part.FormName() != want[0] || part.FileName() != want[1] {
			t.Errorf("%q, %q, want %q", part.FormName(), part.FileName(), want)
		}
	}
}

// A part that is not read, or read in part, is passed over, and its fault is found all the same.
func TestParts_unread(t *testing.T) {
	two := body("--boundary", `Content-Disposition: form-data; name="a"`, "", strings.Repeat("long\r\n--bound", 5000), "--boundary", `Content-Disposition: form-data; name="b"`, "", "", "--boundary--")
	var names []string
	for part, err := range form.Parts(strings.NewReader(two), "boundary", form.Limits{}, itself) {
		if err != nil {
			t.Fatal(err)
		}
		io.ReadFull(part, make([]byte, 10))
		names = append(names, part.FormName())
	}
	if diff := cmp.Diff([]string{"a", "b"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wrapped := errors.New("wrapped")
	var last error
	for _, last = range form.Parts(strings.NewReader(two[:3000]), "boundary", form.Limits{}, func(error) error { return wrapped }) {
	}
	if last != wrapped {
		t.Errorf("of a body that broke off: %v", last)
	}
}

// Wherever the end of a part falls in the buffers, all of it is read, and the next part begins
// behind it.
func TestParts_sizes(t *testing.T) {
	for n := 4000; n < 4200; n++ {
		content := strings.Repeat("x", n)
		in := body("--boundary", `Content-Disposition: form-data; name="a"`, "", content, "--boundary", `Content-Disposition: form-data; name="b;"`, "", content, "--boundary--")
		list, err := parts(strings.NewReader(in), form.Limits{})
		if diff := cmp.Diff([]part{{"a", "", content}, {"b;", "", content}}, list); diff != "" || err != nil {
			t.Fatalf("%d bytes: %v (-want +got)\n%.500s", n, err, diff)
		}
	}
}

// A part that somebody has kept gives nothing of anybody's.
func TestParts_kept(t *testing.T) {
	in := one(`Content-Disposition: form-data; name="a"`)
	in = strings.Replace(in, "value", strings.Repeat("x", 10000), 1)
	var kept io.Reader
	for p, err := range form.Parts(strings.NewReader(in), "boundary", form.Limits{}, itself) {
		if err != nil {
			t.Fatal(err)
		}
		kept = p
		break
	}
	for range form.Parts(strings.NewReader(strings.ReplaceAll(in, "x", "y")), "boundary", form.Limits{}, itself) {
		b, err := io.ReadAll(kept)
		if strings.Contains(string(b), "y") {
			t.Errorf("read %q, %v", b, err)
		}
	}
}

// busboy, undici 7 and mime/multipart read the name that is not of ASCII only.
func TestC1ExtendedFileName(t *testing.T) {
	for _, c := range []struct{ rule, in, want string }{
		{"filename* counts before filename", `filename="=?utf-8?B?w6QudHh0?="; filename*=utf-8''%C3%A4.txt`, "ä.txt"},
		{"whatever their order", `filename*=UTF-8'de'%C3%A4.txt; filename="a.txt"`, "ä.txt"},
		{"in quotes, too", `filename="a"; filename*="utf-8''%C3%A4"`, "ä"},
		{"in UTF-8 only", `filename="a"; filename*=ISO-8859-1''%E4`, "a"},
		{"nor without one", `filename="a"; filename*=%C3%A4`, "a"},
		{"nor without a language", `filename="a"; filename*=utf-8'%C3%A4`, "a"},
		{"an encoded word alone is a name", `filename="=?utf-8?B?w6QudHh0?="`, "=?utf-8?B?w6QudHh0?="},
	} {
		in := one(`Content-Disposition: form-data; name="a"; ` + c.in)
		f, err := parse(t, in, form.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if got := entries(t, f)[0].File.Name; got != c.want {
			t.Errorf("%s: %q, want %q", c.rule, got, c.want)
		}
		if list, err := parts(strings.NewReader(in), form.Limits{}); err != nil || list[0].FileName != c.want {
			t.Errorf("%s: as a part %v, %v, want %q", c.rule, list, err, c.want)
		}
	}
}

// Some senders begin with line breaks, and undici 7, busboy and mime/multipart read them.
func TestC2LineBreaksBeforeTheFirstBoundary(t *testing.T) {
	good := one(`Content-Disposition: form-data; name="a"`)
	for _, before := range []string{"", "\r\n", "\r\n\r\n\r\n"} {
		f, err := parse(t, before+good, form.Limits{})
		if err != nil || f.Get("a") != "value" {
			t.Errorf("%q: %v, %v", before, f, err)
		}
		list, err := parts(iotest.OneByteReader(strings.NewReader(before+good)), form.Limits{})
		if err != nil || list[0].Content != "value" {
			t.Errorf("%q: as parts: %v, %v", before, list, err)
		}
	}
}

// What comes before a part is no longer than its header may be.
func TestPreambleIsBounded(t *testing.T) {
	for size, want := range map[int]bool{100: true, 1 << 20: false} {
		preamble := strings.Repeat("preamble\r\n", size/10)
		_, err := parse(t, preamble+one(`Content-Disposition: form-data; name="a"`), form.Limits{Total: -1})
		var limit *form.LimitError
		if (err == nil) != want || !want && (!errors.As(err, &limit) || limit.Limit != "header") {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
}

// Many parts, long ones, long headers, and content that looks like a boundary, cost in proportion.
func TestA17HostileForms(t *testing.T) {
	none := form.Limits{Parts: -1, Header: -1, Memory: -1, Total: -1}
	for name, input := range map[string]func(n int) string{
		"many parts": func(n int) string {
			return strings.Repeat("--boundary\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n", n/20) + "--boundary--"
		},
		"many fields": func(n int) string {
			return one(append(repeated("X: y", n), "Content-Disposition: form-data; name=a")...)
		},
		"many parameters": func(n int) string { return one("Content-Disposition: form-data; name=a" + strings.Repeat("; x=y", n)) },
		"many quotes": func(n int) string {
			return one(`Content-Disposition: form-data; name="` + strings.Repeat(`\"`, n) + `"`)
		},
		"long name": func(n int) string { return one("Content-Disposition: form-data; name=" + strings.Repeat("a", n)) },
		"nearly a boundary": func(n int) string {
			return strings.Replace(one("Content-Disposition: form-data; name=a"), "value", strings.Repeat("\r\n--boundar", n), 1)
		},
		"carriage returns": func(n int) string {
			return strings.Replace(one("Content-Disposition: form-data; name=a"), "value", strings.Repeat("\r", n), 1)
		},
		"line breaks first": func(n int) string { return strings.Repeat("\r\n", n) },
		"padding":           func(n int) string { return "--boundary" + strings.Repeat(" ", n) },
	} {
		t.Run(name, func(t *testing.T) {
			linear.Check(t, 4000, func(n int) func() {
				in := input(n)
				return func() {
					form.ParseMultipart(strings.NewReader(in), "boundary", none)
					parts(strings.NewReader(in), none)
				}
			})
		})
	}
}

func repeated(s string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = s
	}
	return list
}
