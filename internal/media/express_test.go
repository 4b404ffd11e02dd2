package media_test

// The Express half: the vectors of Express 5.3.0 and the answers of the npm packages under it.

import (
	"encoding/json"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/reference"
)

type vector struct {
	ID  string
	App struct {
		Stack []struct{ Do [][]json.RawMessage }
	}
	Expect struct {
		Headers map[string]json.RawMessage
	}
	JS bool
}

// call returns the string arguments of the first call of op in the handler, if they all are
// strings.
func (v vector) call(op string) (args []string, ok bool) {
	for _, layer := range v.App.Stack {
		for _, call := range layer.Do {
			var name string
			if json.Unmarshal(call[0], &name) != nil || name != op {
				continue
			}
			for _, raw := range call[1:] {
				var arg string
				if json.Unmarshal(raw, &arg) != nil {
					return nil, false
				}
				args = append(args, arg)
			}
			return args, true
		}
	}
	return nil, false
}

func (v vector) header(name string) (value string) {
	json.Unmarshal(v.Expect.Headers[name], &value)
	return value
}

// resType is res.type of Express.
func resType(s string) string {
	if got := media.ContentType(s); got != "" {
		return got
	}
	return "application/octet-stream"
}

func TestResTypeVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/res.type.json", &vectors)
	asked := 0
	for _, v := range vectors {
		for _, op := range []string{"res.type", "res.contentType"} {
			args, ok := v.call(op)
			if !ok || len(args) != 1 {
				continue
			}
			asked++
			if got := resType(args[0]); got != v.header("content-type") {
				t.Errorf("%s: %q has the type %q, want %q", v.ID, args[0], got, v.header("content-type"))
			}
		}
	}
	if asked < 50 {
		t.Errorf("only %d vectors asked", asked)
	}
}

func TestResAttachmentVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/res.attachment.json", &vectors)
	asked := 0
	for _, v := range vectors {
		args, ok := v.call("res.attachment")
		if !ok {
			continue
		}
		asked++
		name := ""
		if len(args) > 0 {
			name = args[0][strings.LastIndexByte(args[0], '/')+1:]
		}
		if got := media.ContentDisposition("attachment", name, len(args) > 0); got != v.header("content-disposition") {
			t.Errorf("%s: %q gives %q, want %q", v.ID, args, got, v.header("content-disposition"))
		}
		if name == "" {
			continue
		}
		kind := resType(path.Ext(name))
		if i := strings.LastIndexByte(name, '.'); i <= 0 {
			kind = "application/octet-stream" // Node's extname: a dotfile has no extension
		}
		if body, sent := v.call("res.send"); sent && len(body) == 1 {
			kind = media.WithCharset(kind, "utf-8")
		}
		if kind != v.header("content-type") {
			t.Errorf("%s: the type is %q, want %q", v.ID, kind, v.header("content-type"))
		}
	}
	if asked < 12 {
		t.Errorf("only %d vectors asked", asked)
	}
}

// res.send of a string forces the charset of a type that was set before.
func TestResSendVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/res.send.json", &vectors)
	asked := 0
	for _, v := range vectors {
		kind := ""
		if args, ok := v.call("res.type"); ok && len(args) == 1 {
			kind = resType(args[0])
		}
		if args, ok := v.call("res.set"); ok && len(args) == 2 && args[0] == "Content-Type" {
			kind = media.ContentType(args[1])
		}
		if _, text := v.call("res.send"); kind == "" || !text {
			continue
		}
		asked++
		if got := media.WithCharset(kind, "utf-8"); got != v.header("content-type") {
			t.Errorf("%s: %q becomes %q, want %q", v.ID, kind, got, v.header("content-type"))
		}
	}
	if asked < 8 {
		t.Errorf("only %d vectors asked", asked)
	}
}

func TestObserved(t *testing.T) {
	var file struct {
		Lookup             []struct{ Path, Want string }
		ContentType        []struct{ Type, Want, Charset string }
		SetCharset         []struct{ ContentType, Want string }
		ContentDisposition []struct{ Kind, Name, Want string }
	}
	reference.Read(t, "observed/media.json", &file)
	for _, c := range file.Lookup {
		if got := media.Lookup(c.Path); got != c.Want {
			t.Errorf("mime-types lookup: %q is %q, want %q", c.Path, got, c.Want)
		}
	}
	for _, c := range file.ContentType {
		if got := media.ContentType(c.Type); got != c.Want {
			t.Errorf("mime-types contentType: %q is %q, want %q", c.Type, got, c.Want)
		}
		if got := media.Charset(c.Type); got != c.Charset {
			t.Errorf("mime-types charset: %q has %q, want %q", c.Type, got, c.Charset)
		}
	}
	for _, c := range file.SetCharset {
		if got := media.WithCharset(c.ContentType, "utf-8"); got != c.Want {
			t.Errorf("setCharset: %q becomes %q, want %q", c.ContentType, got, c.Want)
		}
	}
	for _, c := range file.ContentDisposition {
		if got := media.ContentDisposition(c.Kind, c.Name, true); got != c.Want {
			t.Errorf("content-disposition: %q is %s, want %s", c.Name, got, c.Want)
		}
	}
	if got := media.ContentDisposition("attachment", "", false); got != "attachment" {
		t.Errorf("without a name: %q", got)
	}
}

// Every line of the table is found, whatever its place, and nothing between two lines is.
func TestByExtension(t *testing.T) {
	for _, line := range media.Extensions() {
		ext, want, _ := strings.Cut(line, " ")
		if got := media.ByExtension("." + strings.ToUpper(ext)); got != want {
			t.Errorf("%s is %q, want %q", ext, got, want)
		}
		if _, ok := media.Parse(want); !ok {
			t.Errorf("%s: %q is not a media type", ext, want)
		}
		for _, near := range []string{ext + "\x00", ext + " ", ext + "\n", " " + ext} {
			if got := media.ByExtension(near); got != "" {
				t.Errorf("%q is %q, want nothing", near, got)
			}
		}
	}
	for _, unknown := range []string{"", ".", "-", "0", "zzzz", "json application/json", "\n"} {
		if got := media.ByExtension(unknown); got != "" {
			t.Errorf("%q is %q, want nothing", unknown, got)
		}
	}
}

func TestWithCharsetKeepsWhatIsNoType(t *testing.T) {
	for _, s := range []string{"", "bogus", "a b/c", "/", "a/b/c; x=y"} {
		if got := media.WithCharset(s, "utf-8"); got != s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}

func TestLenientList(t *testing.T) {
	type member struct {
		Kind   string
		Params []media.Param
	}
	var got []member
	for rest := ` Text/HTML ; Level="1,2" ;q=0.5 , ,gzip;q="\"" , x;a="b,c`; rest != ""; {
		var m member
		m.Kind, m.Params, rest = media.Lenient(rest, true, nil)
		got = append(got, m)
	}
	want := []member{
		{"Text/HTML", []media.Param{{Name: "level", Value: "1,2"}, {Name: "q", Value: "0.5"}}},
		{Kind: ""},
		{"gzip", []media.Param{{Name: "q", Value: `"`}}},
		{Kind: "x"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func BenchmarkWithCharset(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		media.WithCharset("text/html; charset=utf-8", "utf-8")
	}
}

func BenchmarkByExtension(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		media.ByExtension("webp")
	}
}

func BenchmarkExtract(b *testing.B) {
	b.ReportAllocs()
	values := []string{"application/json; charset=utf-8"}
	for b.Loop() {
		media.Extract(values)
	}
}
