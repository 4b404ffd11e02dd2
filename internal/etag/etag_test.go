package etag_test

import (
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/etag"
	"github.com/crossfade-go/crossfade/internal/reference"
)

type vector struct {
	ID  string
	App struct {
		Settings map[string]any
		Stack    []struct{ Do [][]any }
	}
	Request struct {
		Method  string
		Headers [][2]string
	}
	Expect struct {
		Status  int
		Headers map[string]any
		Body    string
	}
}

// set returns the response header that the handler sets.
func (v vector) set(name string) (value string) {
	for _, call := range v.App.Stack[0].Do {
		if call[0] == "res.set" && strings.EqualFold(call[1].(string), name) {
			value = call[2].(string)
		}
	}
	return value
}

func (v vector) conditions() etag.Conditions {
	h := http.Header{}
	for _, f := range v.Request.Headers {
		h.Add(f[0], f[1])
	}
	return etag.Conditions{
		IfNoneMatch:     h.Get("If-None-Match"),
		IfModifiedSince: h.Get("If-Modified-Since"),
		CacheControl:    h.Get("Cache-Control"),
	}
}

// res.send puts the weak tag of the body on the response, or the strong one by setting.
func TestExpressVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/res.send.json", &vectors)
	asked := 0
	for _, v := range vectors {
		want, _ := v.Expect.Headers["etag"].(string)
		if want == "" || want == `"custom"` || v.Expect.Body == "" || v.set("ETag") != "" {
			continue
		}
		asked++
		tag := etag.Weak
		if v.App.Settings["etag"] == "strong" {
			tag = etag.Strong
		}
		if got := tag([]byte(v.Expect.Body)); got != want {
			t.Errorf("%s: %s, want %s", v.ID, got, want)
		}
	}
	if asked < 25 {
		t.Errorf("only %d vectors asked", asked)
	}
}

func TestEmptyBody(t *testing.T) {
	if got, want := etag.Weak(nil), `W/"0-2jmj7l5rSw0yVb/vlWAYkK/YBwk"`; got != want {
		t.Errorf("Weak(nil) = %s, want %s", got, want)
	}
}

func TestNextJSVectors(t *testing.T) {
	var file struct {
		Cases []struct{ Input, ETag string }
	}
	reference.Read(t, "nextjs/etag.json", &file)
	for _, c := range file.Cases {
		if got := etag.NextJS([]byte(c.Input)); got != c.ETag {
			t.Errorf("%.40q: %s, want %s", c.Input, got, c.ETag)
		}
	}
	if len(file.Cases) < 10 {
		t.Errorf("only %d cases", len(file.Cases))
	}
}

func TestNextJSIllFormed(t *testing.T) {
	if got, want := etag.NextJS([]byte("a\xFFb")), etag.NextJS([]byte("a\uFFFDb")); got != want {
		t.Errorf("ill-formed UTF-8 is hashed as U+FFFD: %s, want %s", got, want)
	}
}

func TestFreshObserved(t *testing.T) {
	var file struct {
		Cases []struct {
			Request, Response map[string]string
			Want              bool
		}
	}
	reference.Read(t, "observed/etag.json", &file)
	fresh := 0
	for _, c := range file.Cases {
		got := etag.Conditions{
			IfNoneMatch:     c.Request["if-none-match"],
			IfModifiedSince: c.Request["if-modified-since"],
			CacheControl:    c.Request["cache-control"],
		}.Fresh(c.Response["etag"], c.Response["last-modified"])
		if got != c.Want {
			t.Errorf("request %v, response %v: %v, want %v", c.Request, c.Response, got, c.Want)
		}
		if got {
			fresh++
		}
	}
	if fresh < 20 || fresh > len(file.Cases)-20 {
		t.Errorf("%d of %d cases are fresh: both answers need cases", fresh, len(file.Cases))
	}
}

// Express asks only for GET, HEAD and QUERY with a good status; the rest is Fresh.
func TestFreshVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/req.fresh.json", &vectors)
	for _, v := range vectors {
		if v.Request.Method == "POST" || v.Expect.Status == 404 {
			continue
		}
		tag, _ := v.Expect.Headers["etag"].(string)
		if own := v.set("ETag"); own != "" {
			tag = own
		}
		// A 304 was fresh with the tag that is on it; on a 200 the tag may belong to the body
		// "false".
		if v.Expect.Status == 200 && v.set("ETag") == "" {
			tag = ""
		}
		if got := v.conditions().Fresh(tag, v.set("Last-Modified")); got != (v.Expect.Status == http.StatusNotModified) {
			t.Errorf("%s: fresh = %v, but the answer was %d", v.ID, got, v.Expect.Status)
		}
	}
}

func TestOneAllocation(t *testing.T) {
	body := []byte(strings.Repeat("añ😀", 100))
	for name, tag := range map[string]func([]byte) string{"Weak": etag.Weak, "Strong": etag.Strong, "NextJS": etag.NextJS} {
		if n := testing.AllocsPerRun(100, func() { tag(body) }); n > 1 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

// A response is fresh to a client that sends its own tag back, weak or strong.
func FuzzTags(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte("hello"))
	f.Add([]byte("\xF0\x9F\x98\x80\xFF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		sum := sha1.Sum(b)
		if want := fmt.Sprintf(`"%x-%.27s"`, len(b), base64.StdEncoding.EncodeToString(sum[:])); etag.Strong(b) != want {
			t.Errorf("Strong = %s, want %s", etag.Strong(b), want)
		}
		for _, sent := range []string{etag.Weak(b), etag.Strong(b), etag.NextJS(b)} {
			if !(etag.Conditions{IfNoneMatch: `"x", W/` + strings.TrimPrefix(sent, "W/")}).Fresh(sent, "") {
				t.Errorf("%s is stale to its own tag", sent)
			}
		}
	})
}

func BenchmarkWeak(b *testing.B) {
	body := []byte(strings.Repeat("x", 1024))
	b.ReportAllocs()
	for b.Loop() {
		etag.Weak(body)
	}
}

func BenchmarkNextJS(b *testing.B) {
	body := []byte(strings.Repeat("x", 1024))
	b.ReportAllocs()
	for b.Loop() {
		etag.NextJS(body)
	}
}
