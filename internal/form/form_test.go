package form_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// entry is an entry whose content can be compared.
type entry struct {
	Name, Value string
	File        *file
}

type file struct {
	Name, Type, Content string
}

func entries(t testing.TB, f *form.Form) []entry {
	t.Helper()
	list := []entry{}
	for e := range f.Entries() {
		seen := entry{Name: e.Name, Value: e.Value}
		if e.File != nil {
			b, err := e.File.Bytes()
			if err != nil || int64(len(b)) != e.File.Size {
				t.Errorf("file %q: size %d, content of %d, %v", e.File.Name, e.File.Size, len(b), err)
			}
			seen.File = &file{e.File.Name, e.File.Type, string(b)}
		}
		list = append(list, seen)
	}
	return list
}

// body joins lines with CRLF.
func body(lines ...string) string { return strings.Join(lines, "\r\n") }

func parse(t testing.TB, s string, lim form.Limits) (*form.Form, error) {
	t.Helper()
	f, err := form.ParseMultipart(strings.NewReader(s), "boundary", lim)
	if f != nil {
		t.Cleanup(func() { form.Close(f) })
	}
	if (f == nil) == (err == nil) {
		t.Fatalf("form %v with error %v", f, err)
	}
	return f, err
}

// one is a body of a single part with the given header lines and the content "value".
func one(header ...string) string {
	return body(append(append([]string{"--boundary"}, header...), "", "value", "--boundary--", "")...)
}

// The rules of the Content-Disposition beyond those of the vectors, and of the text of errors.
func TestMultipart(t *testing.T) {
	text := func(name string) []entry { return []entry{{Name: name, Value: "value"}} }
	upload := func(name string) []entry {
		return []entry{{Name: "a", File: &file{name, "text/plain", "value"}}}
	}
	for _, c := range []struct {
		rule, in string
		want     []entry
		err      string
	}{
		{rule: "names may be bare", in: one(`Content-Disposition: form-data; name=a; filename=f.txt`), want: upload("f.txt")},
		{rule: "the order of parameters is free", in: one(`Content-Disposition: form-data; filename="f"; name="a"`), want: upload("f")},
		{rule: "other parameters do not count", in: one(`Content-Disposition: form-data; size=5; name="a"; x="y;z"`), want: text("a")},
		{rule: "the case of names does not count", in: one(`Content-Disposition: Form-Data; NAME="a"; FileName="f"`), want: upload("f")},
		{rule: "white space around parameters does not count", in: one("Content-Disposition: form-data ;\tname = \"a\" ; "), want: text("a")},
		{rule: "an empty name is a name", in: one(`Content-Disposition: form-data; name=""`), want: text("")},
		{rule: "a semicolon may be quoted", in: one(`Content-Disposition: form-data; name="a;b"`), want: text("a;b")},
		{rule: "a backslash of a path is one", in: one(`Content-Disposition: form-data; name="a"; filename="C:\dir\f.txt"`), want: upload(`C:\dir\f.txt`)},
		{rule: "a quote inside quotes is behind a backslash", in: one(`Content-Disposition: form-data; name="a"; filename="x\"y".txt"`), err: "part 1 has a malformed Content-Disposition"},
		{rule: "a quote may be escaped", in: one(`Content-Disposition: form-data; name="a"; filename="x\"y\".txt"`), want: upload(`x"y".txt`)},
		{rule: "filename* counts where nothing else does", in: one(`Content-Disposition: form-data; name="a"; filename*=UTF-8''%e2%82%ac.txt`), want: upload("€.txt")},
		{rule: "filename* alone makes a file without a name where it is not in UTF-8", in: one(`Content-Disposition: form-data; name="a"; filename*=iso-8859-1'en'%e9`), want: upload("")},
		{rule: "the first Content-Disposition counts", in: one(`Content-Disposition: form-data; name="a"`, `Content-Disposition: form-data; name="b"; filename="f"`), want: text("a")},
		{rule: "an empty part may share the line break of its header", in: body("--boundary", `Content-Disposition: form-data; name="a"`, "", "--boundary--"), want: []entry{{Name: "a"}}},
		{rule: "content may begin like a delimiter", in: strings.Replace(one(`Content-Disposition: form-data; name="a"`), "value", "--boundar\r\n\r\n--\r\r\n--boundar\r", 1), want: []entry{{Name: "a", Value: "--boundar\r\n\r\n--\r\r\n--boundar\r"}}},
		{rule: "padding is spaces and tabs", in: body("--boundary\t \t", `Content-Disposition: form-data; name="a"`, "", "value", "--boundary-- \t", "epilogue"), want: text("a")},
		{rule: "a header may be longer than any buffer", in: one(`Content-Disposition: form-data; name="` + strings.Repeat("a", 40000) + `"`), want: text(strings.Repeat("a", 40000))},

		{rule: "a preamble", in: "x\r\n--\r\n" + one(`Content-Disposition: form-data; name="a"`), want: text("a")},
		{rule: "a long line before the first boundary", in: strings.Repeat("x", 8<<10) + "\r\n" + one(`Content-Disposition: form-data; name="a"`), err: "the body begins with a line that is not the boundary"},
		{rule: "no body", in: "", err: "the body does not have the boundary of its Content-Type"},
		{rule: "text after the first boundary", in: "--boundaryx\r\n", err: "the body does not have the boundary of its Content-Type"},
		{rule: "the body ends after a boundary", in: "--boundary\r", err: "the body does not have the boundary of its Content-Type"},
		{rule: "text after the closing boundary", in: "--boundary--x", err: "the body does not have the boundary of its Content-Type"},
		{rule: "padding before the closing hyphens", in: "--boundary --\r\n", err: "the body does not have the boundary of its Content-Type"},
		{rule: "the closing boundary in the content", in: strings.Replace(one(`Content-Disposition: form-data; name="a"`), "value", "\r\n--boundary--ish", 1), err: "part 1 is followed by a boundary with more text on its line"},
		{rule: "no end", in: body("--boundary", `Content-Disposition: form-data; name="a"`, "", "value", "--boundar"), err: "part 1 has no boundary after its content"},
		{rule: "no end of the header", in: body("--boundary", `Content-Disposition: form-data; name="a"`), err: "the body does not have the boundary of its Content-Type"},
		{rule: "nothing at all after a boundary", in: "--boundary\r\n", err: "part 1 has no Content-Disposition with a name"},
		{rule: "no colon", in: one("Content-Disposition"), err: `part 1 has a header line that is not "Name: value"`},
		{rule: "an empty header name", in: one(": form-data"), err: `part 1 has a header line that is not "Name: value"`},
		{rule: "a bare LF", in: one("X: a\nb"), err: `part 1 has a header line that is not "Name: value"`},
		{rule: "two CR", in: one("X: a\r"), err: `part 1 has a header line that is not "Name: value"`},
		{rule: "another disposition", in: one(`Content-Disposition: attachment; name="a"`), err: "part 1 has a Content-Disposition that is not form-data"},
		{rule: "no name", in: one(`Content-Disposition: form-data; filename="f"`), err: "part 1 has no Content-Disposition with a name"},
		{rule: "two names", in: one(`Content-Disposition: form-data; name="a"; name="b"`), err: "part 1 has a malformed Content-Disposition: mime: duplicate parameter name"},
		{rule: "two file names", in: one(`Content-Disposition: form-data; name="a"; filename="a"; filename="b"`), err: "part 1 has a malformed Content-Disposition: mime: duplicate parameter name"},
		{rule: "an open quote", in: one(`Content-Disposition: form-data; name="a`), err: "part 1 has a malformed Content-Disposition"},
		{rule: "text after a quote", in: one(`Content-Disposition: form-data; name="a"b`), err: "part 1 has a malformed Content-Disposition"},
		{rule: "a quote inside a bare name", in: one(`Content-Disposition: form-data; name=a"b"`), err: "part 1 has a malformed Content-Disposition"},
		{rule: "a parameter without a value", in: one(`Content-Disposition: form-data; name`), err: "part 1 has a malformed Content-Disposition"},
		{rule: "a parameter without a name", in: one(`Content-Disposition: form-data; ="a"`), err: "part 1 has a malformed Content-Disposition"},
		{rule: "the second part is at fault", in: body("--boundary", `Content-Disposition: form-data; name="a"`, "", "1", "--boundary", "X: y", "", "2", "--boundary--"), err: "part 2 has no Content-Disposition with a name"},
	} {
		f, err := parse(t, c.in, form.Limits{Header: 64 << 10})
		if c.err != "" {
			var syntax *form.SyntaxError
			if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), "malformed multipart/form-data: "+c.err) {
				t.Errorf("%s: the error is %v, want %s", c.rule, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.rule, err)
			continue
		}
		if diff := cmp.Diff(c.want, entries(t, f)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.rule, diff)
		}
	}
	for _, boundary := range []string{"", "a\r\nb"} {
		if _, err := form.ParseMultipart(strings.NewReader(""), boundary, form.Limits{}); err == nil {
			t.Errorf("the boundary %q must be refused", boundary)
		}
	}
}

type vectorFile struct {
	File *struct{ Name, Type, B64 string }
}

type vector struct {
	ID, Name    string
	ContentType *string
	B64         string
	Serialise   [][2]json.RawMessage
	Want        struct {
		Entries [][2]json.RawMessage
		Throws  string
		Body    string
	}
}

// list decodes [name, text] and [name, {file}] pairs.
func list(t testing.TB, pairs [][2]json.RawMessage) []entry {
	t.Helper()
	out := []entry{}
	for _, p := range pairs {
		var e entry
		var f vectorFile
		if err := json.Unmarshal(p[0], &e.Name); err != nil {
			t.Fatal(err)
		}
		if json.Unmarshal(p[1], &e.Value) != nil {
			if err := json.Unmarshal(p[1], &f); err != nil {
				t.Fatal(err)
			}
			content, err := base64.StdEncoding.DecodeString(f.File.B64)
			if err != nil {
				t.Fatal(err)
			}
			e.File = &file{f.File.Name, f.File.Type, string(content)}
		}
		out = append(out, e)
	}
	return out
}

// formData is the Fetch Standard's formData() for a body of that type.
func formData(contentType string, body []byte) (*form.Form, error) {
	typ, _ := media.Extract([]string{contentType})
	switch typ.Essence() {
	case "application/x-www-form-urlencoded":
		return form.ParseURLEncoded(body), nil
	case "multipart/form-data":
		return form.ParseMultipart(iotest.HalfReader(bytes.NewReader(body)), form.Boundary(typ), form.Limits{})
	}
	return nil, errors.New("no form")
}

// deviations are what internal/conformance lists: mime/multipart reads them otherwise.
var deviations = []string{
	"formdata-022", "formdata-023", "formdata-031", "formdata-036", "formdata-041", "formdata-046", "formdata-047",
	"formdata-121", "formdata-122", "formdata-123",
}

func TestVectors(t *testing.T) {
	var vectors struct{ Cases []vector }
	reference.Read(t, "fetch/formdata.json", &vectors)
	parsed, serialised := 0, 0
	for _, v := range vectors.Cases {
		if v.Serialise != nil {
			serialised++
			var out strings.Builder
			if err := form.EncodeMultipart(&out, "{BOUNDARY}", slices.Values(toForm(list(t, v.Serialise)))); err != nil {
				t.Errorf("%s: %v", v.ID, err)
			}
			if diff := cmp.Diff(v.Want.Body, out.String()); diff != "" {
				t.Errorf("%s: %s (-want +got)\n%s", v.ID, v.Name, diff)
			}
			continue
		}
		parsed++
		content, err := base64.StdEncoding.DecodeString(v.B64)
		if err != nil {
			t.Fatal(err)
		}
		contentType := ""
		if v.ContentType != nil {
			contentType = *v.ContentType
		}
		if slices.Contains(deviations, v.ID) {
			continue
		}
		f, err := formData(contentType, content)
		if (err != nil) != (v.Want.Throws != "") {
			t.Errorf("%s: %s: the error is %v, want %q", v.ID, v.Name, err, v.Want.Throws)
			continue
		}
		if err == nil {
			if diff := cmp.Diff(list(t, v.Want.Entries), entries(t, f)); diff != "" {
				t.Errorf("%s: %s (-want +got)\n%s", v.ID, v.Name, diff)
			}
		}
	}
	if parsed < 60 || serialised < 15 {
		t.Errorf("only %d vectors parsed and %d serialised", parsed, serialised)
	}
}

// The byte 0xE9 of a Content-Type is the character é, which a body has in UTF-8
// (web-platform-tests).
func TestBoundaryOutsideASCII(t *testing.T) {
	f, err := formData("multipart/form-data; boundary=\"b\xE9\"", []byte(strings.ReplaceAll(one(`Content-Disposition: form-data; name="a"`), "boundary", "bé")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]entry{{Name: "a", Value: "value"}}, entries(t, f)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := form.Boundary(media.Type{}); got != "" {
		t.Errorf("no type has the boundary %q", got)
	}
}

func toForm(list []entry) (out []form.Entry) {
	for _, e := range list {
		next := form.Entry{Name: e.Name, Value: e.Value}
		if e.File != nil {
			next.File = crossfade.NewFile(e.File.Name, e.File.Type, []byte(e.File.Content))
		}
		out = append(out, next)
	}
	return out
}
