package reqres_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/reqres"
)

func TestBodyParsers(t *testing.T) {
	limit := reqres.BodyOptions{Limit: 4}
	tests := []struct {
		rule    string
		parser  reqres.Middleware
		request *http.Request
		code    int
		body    string // or the type of the error
	}{
		{"json", reqres.ParseJSON(reqres.JSONOptions{}), posted("application/json", `{"b":1,"a":2}`), 200, `{"a":2,"b":1}`},
		{"json in order", reqres.ParseJSON(reqres.JSONOptions{KeepOrder: true}), posted("application/json", "\uFEFF"+`{"b":1,"a":[null,true,-0,"é\ud800"]}`), 200, `{"b":1,"a":[null,true,0,"é�"]}`},
		{"json refuses a primitive", reqres.ParseJSON(reqres.JSONOptions{}), posted("application/json", `1`), 400, "entity.parse.failed"},
		{"json accepts one if asked", reqres.ParseJSON(reqres.JSONOptions{AnyValue: true}), posted("application/json", `1`), 200, `1`},
		{"json is not for others", reqres.ParseJSON(reqres.JSONOptions{}), posted("text/plain", `1`), 200, `null`},
		{"json in Latin-1", reqres.ParseJSON(reqres.JSONOptions{}), posted("application/json; charset=latin1", `{}`), 415, "charset.unsupported"},
		{"form", reqres.ParseURLEncoded(reqres.URLEncodedOptions{}), posted("application/x-www-form-urlencoded", `a[b]=1`), 200, `{"a[b]":"1"}`},
		{"form, extended", reqres.ParseURLEncoded(reqres.URLEncodedOptions{Extended: true}), posted("application/x-www-form-urlencoded", `a[b]=1`), 200, `{"a":{"b":"1"}}`},
		{"form, too deep", reqres.ParseURLEncoded(reqres.URLEncodedOptions{Extended: true, Depth: 1}), posted("application/x-www-form-urlencoded", `a[b][c]=1`), 400, "querystring.parse.rangeError"},
		{"form, too many", reqres.ParseURLEncoded(reqres.URLEncodedOptions{ParameterLimit: 1}), posted("application/x-www-form-urlencoded", `a=1&b=2`), 413, "parameters.too.many"},
		{"text", reqres.ParseText(reqres.BodyOptions{}), posted("text/plain", `hi`), 200, `"hi"`},
		{"over the limit", reqres.ParseText(limit), posted("text/plain", `hello`), 413, "entity.too.large"},
		{"at the limit", reqres.ParseText(limit), posted("text/plain", `hell`), 200, `"hell"`},
		{"raw", reqres.ParseRaw(reqres.BodyOptions{}), posted("application/octet-stream", "\x00"), 200, `"AA=="`},
		{"types", reqres.ParseText(reqres.BodyOptions{Types: []string{"text/*"}}), posted("text/css", `a{}`), 200, `"a{}"`},
		{"verify", reqres.ParseText(reqres.BodyOptions{Verify: func(*reqres.Request, *reqres.Response, []byte, string) error {
			return errors.New("no")
		}}), posted("text/plain", `x`), 403, "entity.verify.failed"},
		{"gzip", reqres.ParseText(reqres.BodyOptions{}), zipped("hi"), 200, `"hi"`},
		{"gzip refused", reqres.ParseText(reqres.BodyOptions{NoInflate: true}), zipped("hi"), 415, "encoding.unsupported"},
		{"a bomb", reqres.ParseText(limit), zipped(strings.Repeat("x", 1<<20)), 413, "entity.too.large"},
	}
	for _, tt := range tests {
		kind := ""
		catch := reqres.OnError(func(err error, req *reqres.Request, res *reqres.Response) error {
			if e, ok := errors.AsType[*reqres.BodyError](err); ok {
				kind = e.Type
			}
			return err
		})
		rec := through(t, reqres.Settings{}, catch(tt.parser(func(req *reqres.Request, res *reqres.Response) error {
			body, err := req.Body()
			if err != nil {
				return err
			}
			return res.JSON(body)
		})), tt.request)
		got := rec.Body.String()
		if kind != "" {
			got = kind
		}
		if rec.Code != tt.code || got != tt.body {
			t.Errorf("%s: got %d %q, want %d %q", tt.rule, rec.Code, got, tt.code, tt.body)
		}
	}
}

// After a parser has inflated the body, everybody reads it so.
func TestBodyParsers_inflatedForAll(t *testing.T) {
	through(t, reqres.Settings{}, reqres.ParseText(reqres.BodyOptions{})(func(req *reqres.Request, res *reqres.Response) error {
		text, err := req.Text()
		again, _ := io.ReadAll(req.Reader())
		if text != "hi" || err != nil || string(again) != "hi" {
			t.Errorf("Text %q, %v, Reader %q", text, err, again)
		}
		return res.End()
	}), zipped("hi"))
}

func zipped(s string) *http.Request {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, s)
	z.Close()
	r := posted("text/plain", b.String())
	r.Header.Set("Content-Encoding", "gzip")
	return r
}

// A number that does not fit is refused where it is read, with its place: what was read can be sent
// back.
func TestA22NumbersBeyondFloat64(t *testing.T) {
	for _, o := range []reqres.JSONOptions{{}, {AnyValue: true}, {KeepOrder: true}} {
		for text, place := range map[string]string{
			`[1e999]`: "column 6", `{"a":{"b":-1e999}}`: "column 16", "{\"a\":\n 1E+400}": "line 2", `[1` + strings.Repeat("0", 400) + `]`: "a number nearer to 0",
		} {
			rec := through(t, reqres.Settings{}, reqres.ParseJSON(o)(func(req *reqres.Request, res *reqres.Response) error {
				body, _ := req.Body()
				return res.JSON(body)
			}), posted("application/json", text))
			if rec.Code != 400 || !strings.Contains(rec.Body.String(), place) {
				t.Errorf("%+v: %.40s: %d %s, want 400 that says %q", o, text, rec.Code, rec.Body, place)
			}
		}
	}
}
