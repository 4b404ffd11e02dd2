package reqres_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/crossfade-go/crossfade/internal/linear"
	"github.com/crossfade-go/crossfade/reqres"
)

func gzipped(s string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

func deflated(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	return b.String()
}

// What Node 20 makes of bytes behind the end of compressed data, asked with createGunzip and
// createInflate.
func TestC3BytesBehindACompressedBody(t *testing.T) {
	abc, def := gzipped("abc"), gzipped("def")
	padding := strings.Repeat("\x00", 10)
	for _, tt := range []struct {
		rule, encoding, body string
		code                 int
		want                 string // the text, or the message of the error
	}{
		{"nothing", "gzip", abc, 200, "abc"},
		{"padding", "gzip", abc + padding, 200, "abc"},
		{"one zero", "gzip", abc + "\x00", 200, "abc"},
		{"another member", "gzip", abc + def, 200, "abcdef"},
		{"an empty member", "gzip", abc + gzipped("") + def, 200, "abcdef"},
		{"another member and padding", "gzip", abc + def + padding, 200, "abcdef"},
		{"padding and more", "gzip", abc + padding + "junk", 200, "abc"},
		{"padding and another member", "gzip", abc + padding + def, 200, "abc"},
		{"one byte", "gzip", abc + "x", 400, "unexpected end of file"},
		{"garbage", "gzip", abc + "trailing garbage", 400, "incorrect header check"},
		{"a line break and more", "gzip", abc + "\r\n" + padding, 400, "incorrect header check"},
		{"half a member", "gzip", abc + def[:15], 400, "unexpected end of file"},
		{"half a header", "gzip", abc + def[:5], 400, "unexpected end of file"},
		{"nothing", "deflate", deflated("abc"), 200, "abc"},
		{"garbage", "deflate", deflated("abc") + "trailing garbage", 200, "abc"},
		{"more data", "deflate", deflated("abc") + deflated("def"), 200, "abc"},
		{"half of it", "deflate", deflated("abc")[:8], 400, "unexpected end of file"},
	} {
		for kind, body := range map[string]io.Reader{"at once": strings.NewReader(tt.body), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.body))} {
			r := httptest.NewRequest("POST", "/", body)
			r.Header.Set("Content-Type", "text/plain")
			r.Header.Set("Content-Encoding", tt.encoding)
			rec := through(t, reqres.Settings{}, reqres.ParseText(reqres.BodyOptions{})(func(req *reqres.Request, res *reqres.Response) error {
				text, err := req.Body()
				if err != nil {
					return err
				}
				return res.Send(text)
			}), r)
			want := tt.want
			if tt.code != 200 {
				want = `{"error":"` + want + `"}`
			}
			if rec.Code != tt.code || rec.Body.String() != want {
				t.Errorf("%s, %s, %s: %d %s, want %d %s", tt.encoding, tt.rule, kind, rec.Code, rec.Body, tt.code, want)
			}
		}
	}
}

// The largest limit is a limit like any other: no content is lost to it.
func TestLargestLimitOfACompressedBody(t *testing.T) {
	r := posted("text/plain", gzipped("abc"))
	r.Header.Set("Content-Encoding", "gzip")
	rec := through(t, reqres.Settings{}, reqres.ParseText(reqres.BodyOptions{Limit: math.MaxInt64})(func(req *reqres.Request, res *reqres.Response) error {
		text, err := req.Body()
		if err != nil {
			return err
		}
		return res.Send(text)
	}), r)
	if rec.Code != 200 || rec.Body.String() != "abc" {
		t.Errorf("got %d %q, want 200 and the text", rec.Code, rec.Body)
	}
}

// Members without content cost what they measure on the wire.
func TestA17ManyMembers(t *testing.T) {
	empty := gzipped("")
	linear.Check(t, 100, func(n int) func() {
		body := strings.Repeat(empty, n)
		return func() {
			r := posted("text/plain", body)
			r.Header.Set("Content-Encoding", "gzip")
			through(t, reqres.Settings{}, reqres.ParseText(reqres.BodyOptions{})(func(_ *reqres.Request, res *reqres.Response) error { return res.End() }), r)
		}
	})
}
