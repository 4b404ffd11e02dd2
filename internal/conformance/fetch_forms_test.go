package conformance

// URLSearchParams, form data, and what the lines of Content-Type and Content-Length say together.

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

func paramsCase(t *testing.T, raw json.RawMessage) (v verdict) {
	var c struct {
		ID, Src, Name, InitKind string
		Input                   *string
		Init                    pairs
		GoDiffers               any
		Ops                     [][]string
		Want                    struct {
			List     *[][2]string
			ToString *string
			Results  []any
			Throws   string
		}
	}
	decode(t, raw, &c)
	if c.Want.Throws != "" {
		return verdict{out: "WebIDL"} // only the conversion of an argument throws
	}
	var p fetch.Params
	if c.Input != nil {
		p = crossfade.ParseParams(*c.Input)
	} else {
		for _, pair := range c.Init {
			p = p.WithAdded(pair[0], pair[1])
		}
		var flat []string
		for _, pair := range c.Init {
			flat = append(flat, pair...)
		}
		if !p.Equal(crossfade.NewParams(flat...)) {
			v.diff += "NewParams makes something else than WithAdded\n"
		}
	}
	var results []any
	for _, op := range c.Ops {
		var result any
		args := append(op[1:len(op):len(op)], "", "")
		switch two := len(op) > 2; op[0] {
		case "append":
			p = p.WithAdded(args[0], args[1])
		case "set":
			p = p.With(args[0], args[1])
		case "delete":
			if two {
				p = withoutPair(p, args[0], args[1])
			} else {
				p = p.Without(args[0])
			}
		case "has":
			if two {
				result = slices.Contains(p.Values(args[0]), crossfade.NewParams("", args[1]).Get(""))
			} else {
				result = p.Has(args[0])
			}
		case "get":
			if p.Has(args[0]) {
				result = p.Get(args[0])
			}
		case "getAll":
			all := []any{}
			for _, s := range p.Values(args[0]) {
				all = append(all, s)
			}
			result = all
		case "size":
			result = float64(p.Len())
		case "sort":
			p = p.Sorted()
		case "toString":
			result = p.String()
		default:
			t.Fatalf("the runner does not know the operation %s", op[0])
		}
		results = append(results, result)
	}
	if c.Want.Results != nil {
		v.differ("results", c.Want.Results, results)
	}
	if c.Want.ToString != nil {
		v.differ("toString", *c.Want.ToString, p.String())
	}
	if c.Want.List != nil {
		got := [][2]string{}
		for name, value := range p.All() {
			got = append(got, [2]string{name, value})
		}
		v.differ("list", *c.Want.List, got)
	}
	return v
}

// withoutPair is delete with two arguments.
func withoutPair(p crossfade.Params, name, value string) (kept crossfade.Params) {
	unwanted := crossfade.NewParams(name, value)
	for n, v := range p.All() {
		if !unwanted.Equal(crossfade.NewParams(n, v)) {
			kept = kept.WithAdded(n, v)
		}
	}
	return kept
}

// entry is one entry of a form in a case: [name, text] or [name, {file}].
type entry struct {
	Name, Value string
	File        *fileEntry
}

type fileEntry struct{ Name, Type, B64 string }

func (e *entry) UnmarshalJSON(b []byte) error {
	var pair [2]json.RawMessage
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if err := json.Unmarshal(pair[0], &e.Name); err != nil {
		return err
	}
	if len(pair[1]) > 0 && pair[1][0] == '{' {
		var v struct{ File *fileEntry }
		err := json.Unmarshal(pair[1], &v)
		e.File = v.File
		return err
	}
	return json.Unmarshal(pair[1], &e.Value)
}

// entries are those of a parsed form.
func entries(t *testing.T, f *fetch.Form) []entry {
	got := []entry{}
	for e := range f.Entries() {
		one := entry{Name: e.Name, Value: e.Value}
		if e.File != nil {
			b, err := e.File.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			one.File = &fileEntry{e.File.Name, fromLatin1(e.File.Type), base64.StdEncoding.EncodeToString(b)}
		}
		got = append(got, one)
	}
	return got
}

func form(t *testing.T, list []entry) *fetch.Form {
	var out []fetch.FormEntry
	for _, e := range list {
		one := fetch.FormEntry{Name: e.Name, Value: e.Value}
		if e.File != nil {
			one.File = crossfade.NewFile(e.File.Name, e.File.Type, fromBase64(t, e.File.B64))
		}
		out = append(out, one)
	}
	return crossfade.NewForm(out...)
}

func fromBase64(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func formCase(t *testing.T, raw json.RawMessage) (v verdict) {
	var c struct {
		ID, Src, Name          string
		ContentType            *string
		B64                    string
		Serialise              *[]entry
		NodeDiffers, GoDiffers any
		Want                   struct {
			Entries *[]entry
			Throws  string
			Body    *string
		}
	}
	decode(t, raw, &c)
	if c.Serialise != nil {
		res, err := fetch.NewResponse(fetch.FormBody(form(t, *c.Serialise)))
		if err != nil {
			t.Fatal(err)
		}
		s, err := res.Text()
		if err != nil {
			t.Fatal(err)
		}
		v.differ("body", *c.Want.Body, unbounded(s, res))
		return v
	}
	content := fromBase64(t, c.B64)
	body := fetch.Body(content)
	var h fetch.Header
	if c.ContentType != nil {
		if strings.Contains(*c.ContentType, "multipart/form-data") {
			v.like = likeForm(content)
		}
		h = h.With("Content-Type", byteString(*c.ContentType))
	}
	res, err := fetch.NewResponse(body, fetch.Headers(h))
	if err != nil {
		t.Fatal(err)
	}
	fromResponse, errResponse := res.Form()
	f, err := fetch.NewRequest("POST", "http://a.test/", body, fetch.RequestHeaders(h)).Form()
	if v.differ("throws", c.Want.Throws, class(err)); err == nil && c.Want.Entries != nil {
		v.differ("entries", *c.Want.Entries, entries(t, f))
	}
	// A request's body is parsed as it arrives, a response's as a whole.
	if v.differ("throws, of a response", c.Want.Throws, class(errResponse)); errResponse == nil && c.Want.Entries != nil {
		v.differ("entries, of a response", *c.Want.Entries, entries(t, fromResponse))
	}
	return v
}

var (
	spacedHeader  = regexp.MustCompile(`(?m)^[ \t]|^[^:"\r\n]*[ \t][^:"\r\n]*:|[^\r]\n`)
	escapedName   = regexp.MustCompile(`(?i)content-disposition:[^\r\n]*\\["\\]`)
	twoHeaders    = regexp.MustCompile(`(?i)content-disposition:[^\r\n]*\r\n([^\r\n]+\r\n)*content-disposition:`)
	controlHeader = regexp.MustCompile(`[\x01-\x08\v\f\x0E-\x1F\x7F]`)
)

// likeForm is the listed deviation that a multipart body may show, whatever the id of its case.
func likeForm(body []byte) string {
	switch {
	case !bytes.HasPrefix(bytes.TrimLeft(body, "\r\n"), []byte("--")):
		return "text before the first boundary"
	case spacedHeader.Match(body):
		return "white space in the header of a part"
	case controlHeader.Match(body):
		return "control characters in the header of a part"
	case escapedName.Match(body):
		return "a backslash before a quote or another one in a name"
	case twoHeaders.Match(body):
		return "two Content-Dispositions of a part"
	}
	return ""
}

// unbounded is a multipart body with {BOUNDARY} in the place of its boundary.
func unbounded(body string, res *fetch.Response) string {
	if _, boundary, ok := strings.Cut(res.Header("Content-Type"), "boundary="); ok {
		return strings.ReplaceAll(body, boundary, "{BOUNDARY}")
	}
	return body
}

func mimeCase(t *testing.T, raw json.RawMessage) (v verdict) {
	var c struct {
		ID, Src       string
		Headers       []string
		ContentLength bool
		Want          any
	}
	decode(t, raw, &c)
	if c.ContentLength {
		return verdict{out: "length"}
	}
	h := fetch.Header{}
	for _, line := range c.Headers {
		h = h.WithAdded("Content-Type", byteString(line))
	}
	if err := h.Err(); err != nil {
		t.Fatal(err)
	}
	var got any
	if s := h.MediaType(); s != "" {
		got = fromLatin1(s)
	}
	v.differ(fmt.Sprintf("Content-Type %q", c.Headers), c.Want, got)
	return v
}
