package reqres_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

// through calls a handler behind a mux with settings and returns the recorded answer.
func through(t *testing.T, s reqres.Settings, h reqres.Handler, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	mux, err := adapt.Config{ReqRes: s}.New(func(routes *adapt.Routes) { routes.ReqRes.Any("/[[...rest]]", h) })
	if err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, r)
	return rec
}

func request(headers ...string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func posted(contentType, body string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestOnError(t *testing.T) {
	boom := errors.New("boom")
	catch := reqres.OnError(func(err error, req *reqres.Request, res *reqres.Response) error {
		return res.Status(418).Send("caught: " + err.Error())
	})
	tests := []struct {
		rule    string
		handler reqres.Handler
		code    int
		body    string
	}{
		{"an error is answered", func(req *reqres.Request, res *reqres.Response) error { return boom }, 418, "caught: boom"},
		{"headers that were set stay", func(req *reqres.Request, res *reqres.Response) error {
			res.Set("X-Kept", "1")
			return boom
		}, 418, "caught: boom"},
		{"a refused call is an error", func(req *reqres.Request, res *reqres.Response) error {
			return res.Status(99).Send("x")
		}, 418, "caught: reqres: Invalid status code: 99. Status code must be greater than 99 and less than 1000."},
		{"no answer is an error", func(req *reqres.Request, res *reqres.Response) error { return nil },
			418, "caught: the handler returned without an answer"},
		{"an answer stays", func(req *reqres.Request, res *reqres.Response) error { return res.Send("fine") }, 200, "fine"},
		{"an error after the answer changes nothing", func(req *reqres.Request, res *reqres.Response) error {
			res.Send("fine")
			return boom
		}, 200, "fine"},
	}
	for _, tt := range tests {
		rec := through(t, reqres.Settings{}, catch(tt.handler), request())
		if rec.Code != tt.code || rec.Body.String() != tt.body {
			t.Errorf("%s: got %d %q, want %d %q", tt.rule, rec.Code, rec.Body, tt.code, tt.body)
		}
	}
}

func TestTakeErr(t *testing.T) {
	rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		err := res.Vary("a b").TakeErr()
		if refused, ok := errors.AsType[*reqres.RefusedError](err); !ok || refused.Message != "field argument contains an invalid header name" {
			t.Errorf("TakeErr returned %v, want Express's words", err)
		}
		return res.Send("goes on")
	}, request())
	if rec.Code != 200 || rec.Body.String() != "goes on" {
		t.Errorf("after TakeErr: %d %q", rec.Code, rec.Body)
	}
}

func TestFormat(t *testing.T) {
	say := func(s string) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error { return res.Send(s) }
	}
	two := []reqres.Offer{{Type: "json", Handler: say("j")}, {Type: "html", Handler: say("h")}}
	tests := []struct {
		rule, accept string
		offers       []reqres.Offer
		want         string // status, type, body
	}{
		{"the preferred one", "text/html", two, "200 text/html; charset=utf-8 h"},
		{"the first without a preference", "*/*", two, "200 application/json; charset=utf-8 j"},
		{"none is 406", "image/png", two, `406 application/json; charset=utf-8 {"error":"Not Acceptable"}`},
		{"default instead of 406", "image/png", append(two[:2:2], reqres.Offer{Type: "default", Handler: say("d")}), "200 text/html; charset=utf-8 d"},
	}
	for _, tt := range tests {
		rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error { return res.Format(tt.offers...) }, request("Accept", tt.accept))
		got := strings.Join([]string{digits(rec.Code), rec.Header().Get("Content-Type"), rec.Body.String()}, " ")
		if got != tt.want || rec.Header().Get("Vary") != "Accept" {
			t.Errorf("%s: got %q, Vary %q, want %q", tt.rule, got, rec.Header().Get("Vary"), tt.want)
		}
	}
}

func digits(code int) string {
	return string([]byte{byte('0' + code/100), byte('0' + code/10%10), byte('0' + code%10)})
}

func TestSendFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	write("root/nums.txt", "123456789")
	write("root/.secret", "s")
	write("outside.txt", "o")
	root := filepath.Join(dir, "root")
	if err := os.Symlink("../outside.txt", filepath.Join(root, "link.txt")); err != nil {
		t.Skip(err)
	}
	tests := []struct {
		rule, path string
		options    reqres.FileOptions
		request    *http.Request
		code       int
		body       string
	}{
		{"whole", "nums.txt", reqres.FileOptions{Root: root}, request(), 200, "123456789"},
		{"a range", "nums.txt", reqres.FileOptions{Root: root}, request("Range", "bytes=1-3"), 206, "234"},
		{"separate ranges are ignored", "nums.txt", reqres.FileOptions{Root: root}, request("Range", "bytes=0-1,4-5"), 200, "123456789"},
		{"a piece", "nums.txt", reqres.FileOptions{Root: root, Start: 2, End: 4}, request(), 200, "345"},
		{"fresh", "nums.txt", reqres.FileOptions{Root: root}, request("If-None-Match", `W/"9-16f5e66e800"`), 304, ""},
		{"a failed precondition", "nums.txt", reqres.FileOptions{Root: root}, request("If-Match", `"x"`), 412, `{"error":"Precondition Failed"}`},
		{"out of range", "nums.txt", reqres.FileOptions{Root: root}, request("Range", "bytes=9-"), 416, `{"error":"Range Not Satisfiable"}`},
		{"absent", "x", reqres.FileOptions{Root: root}, request(), 404, `{"error":"Not Found"}`},
		{"a folder", ".", reqres.FileOptions{Root: root}, request(), 404, `{"error":"Not Found"}`},
		{"up and out", "../outside.txt", reqres.FileOptions{Root: root}, request(), 403, `{"error":"Forbidden"}`},
		{"out by a link", "link.txt", reqres.FileOptions{Root: root}, request(), 403, `{"error":"Forbidden"}`},
		{"dotfiles are hidden", ".secret", reqres.FileOptions{Root: root}, request(), 404, `{"error":"Not Found"}`},
		{"dotfiles denied", ".secret", reqres.FileOptions{Root: root, Dotfiles: reqres.DenyDotfiles}, request(), 403, `{"error":"Forbidden"}`},
		{"dotfiles allowed", ".secret", reqres.FileOptions{Root: root, Dotfiles: reqres.AllowDotfiles}, request(), 200, "s"},
		{"relative without a root", "nums.txt", reqres.FileOptions{}, request(), 500, `{"error":"Internal Server Error"}`},
	}
	for _, tt := range tests {
		rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error { return res.SendFile(tt.path, tt.options) }, tt.request)
		if rec.Code != tt.code || rec.Body.String() != tt.body {
			t.Errorf("%s: got %d %q, want %d %q", tt.rule, rec.Code, rec.Body, tt.code, tt.body)
		}
	}

	rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		return res.Download(filepath.Join(root, "nums.txt"), "my numbers.txt", reqres.FileOptions{MaxAge: time.Hour, Immutable: true})
	}, request())
	want := http.Header{
		"Content-Disposition": {`attachment; filename="my numbers.txt"`}, "Content-Type": {"text/plain; charset=utf-8"},
		"Cache-Control": {"public, max-age=3600, immutable"}, "Accept-Ranges": {"bytes"}, "Content-Length": {"9"},
		"Last-Modified": {"Wed, 01 Jan 2020 00:00:00 GMT"}, "Etag": {`W/"9-16f5e66e800"`},
	}
	if diff := cmp.Diff(want, rec.Header()); diff != "" {
		t.Errorf("a download (-want +got):\n%s", diff)
	}
}

func TestSendFile_failureLeavesTheAnswerOpen(t *testing.T) {
	rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		if err := res.SendFile("/does/not/exist", reqres.FileOptions{}); err != nil {
			return res.Status(200).Send("instead")
		}
		return nil
	}, request())
	if rec.Code != 200 || rec.Body.String() != "instead" {
		t.Errorf("got %d %q", rec.Code, rec.Body)
	}
}

func TestSignedCookies(t *testing.T) {
	var line string
	old, rotated := reqres.Settings{CookieSecrets: []string{"old"}}, reqres.Settings{CookieSecrets: []string{"new", "old"}}
	rec := through(t, old, func(req *reqres.Request, res *reqres.Response) error {
		return res.Cookie("sid", "ada", reqres.CookieOptions{Signed: true}).End()
	}, request())
	line, _, _ = strings.Cut(rec.Header().Get("Set-Cookie"), ";")
	read := func(s reqres.Settings, cookie string) (got string) {
		through(t, s, func(req *reqres.Request, res *reqres.Response) error {
			value, ok := req.SignedCookie("sid")
			if got = value; !ok {
				got = "none"
			}
			return res.End()
		}, request("Cookie", cookie))
		return got
	}
	for _, tt := range []struct {
		rule     string
		settings reqres.Settings
		cookie   string
		want     string
	}{
		{"the secret it was signed with", old, line, "ada"},
		{"an older secret", rotated, line, "ada"},
		{"another secret", reqres.Settings{CookieSecrets: []string{"x"}}, line, "none"},
		{"no secret", reqres.Settings{}, line, "none"},
		{"a changed value", old, strings.Replace(line, "ada", "eve", 1), "none"},
		{"a cookie without a signature", old, "sid=ada", "none"},
	} {
		if got := read(tt.settings, tt.cookie); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.rule, got, tt.want)
		}
	}
	if rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		return res.Cookie("sid", "ada", reqres.CookieOptions{Signed: true}).End()
	}, request()); rec.Code != 500 {
		t.Errorf("signing without a secret: %d, want 500", rec.Code)
	}
}

func TestCookieJSON(t *testing.T) {
	type prefs struct{ Theme string }
	settings := reqres.Settings{CookieSecrets: []string{"k"}}
	rec := through(t, settings, func(req *reqres.Request, res *reqres.Response) error {
		return res.CookieJSON("p", prefs{"dark"}, reqres.CookieOptions{Signed: true}).End()
	}, request())
	line, _, _ := strings.Cut(rec.Header().Get("Set-Cookie"), ";")
	through(t, settings, func(req *reqres.Request, res *reqres.Response) error {
		var p prefs
		if ok, err := req.CookieJSON("p", &p); !ok || err != nil || p.Theme != "dark" {
			t.Errorf("read back: %v, %v, %v", p, ok, err)
		}
		for name := range req.Cookies() {
			if name != "p" {
				t.Errorf("Cookies yields %q", name)
			}
		}
		return res.End()
	}, request("Cookie", line+"; p=2"))
}

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

func TestRangeAndSubdomains(t *testing.T) {
	r := request("Range", "bytes=0-1,2-3,8-20")
	r.Host = "a.b.example.com"
	through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		unit, ranges, err := req.Range(10, true)
		if diff := cmp.Diff([]reqres.Range{{Start: 0, End: 3}, {Start: 8, End: 9}}, ranges); unit != "bytes" || err != nil || diff != "" {
			t.Errorf("Range: %s, %v (-want +got):\n%s", unit, err, diff)
		}
		if _, _, err := req.Range(0, false); err != reqres.ErrUnsatisfiableRange {
			t.Errorf("Range of nothing: %v", err)
		}
		if got := req.Subdomains(); !slices.Equal(got, []string{"b", "a"}) {
			t.Errorf("Subdomains: %q", got)
		}
		if req.Stale() == req.Fresh() {
			t.Error("Stale is not the opposite of Fresh")
		}
		return res.End()
	}, r)
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

// If-Range is for who has exactly this file: a part of it is sent only then.
func TestC9IfRange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	when := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.WriteFile(path, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule, tag, condition string
		code                 int
	}{
		{"none", "", "", 206},
		{"a strong tag of the handler's", `"v1"`, `"v1"`, 206},
		{"another strong tag", `"v1"`, `"v2"`, 200},
		{"a text that contains the tag", `"v1"`, `x"v1"`, 200},
		{"a list of tags", `"v1"`, `"v1", "v2"`, 200},
		{"the weak tag of the file", "", `W/"a-16f5e66e800"`, 200},
		{"a weak tag against a strong one", `"v1"`, `W/"v1"`, 200},
		{"a strong tag against a weak one", `W/"v1"`, `"v1"`, 200},
		{"a weak tag against the same", `W/"v1"`, `W/"v1"`, 200},
		{"the date of the file", "", "Wed, 01 Jan 2020 00:00:00 GMT", 206},
		{"a later date", "", "Thu, 02 Jan 2020 00:00:00 GMT", 200},
		{"an earlier date", "", "Tue, 31 Dec 2019 00:00:00 GMT", 200},
		{"no date", "", "yesterday", 200},
	} {
		r := request("Range", "bytes=-20")
		if tt.condition != "" {
			r.Header.Set("If-Range", tt.condition)
		}
		rec := through(t, reqres.Settings{}, func(_ *reqres.Request, res *reqres.Response) error {
			if tt.tag != "" {
				res.Set("ETag", tt.tag)
			}
			return res.SendFile(path, reqres.FileOptions{})
		}, r)
		contentRange := ""
		if tt.code == 206 {
			contentRange = "bytes 0-9/10"
		}
		if rec.Code != tt.code || rec.Header().Get("Content-Range") != contentRange || rec.Body.String() != "0123456789" {
			t.Errorf("%s: %d %q %q, want %d %q", tt.rule, rec.Code, rec.Header().Get("Content-Range"), rec.Body, tt.code, contentRange)
		}
	}
}

// What to do instead is what this shape has.
func TestC8BodyReadTwice(t *testing.T) {
	for name, again := range map[string]func(req *reqres.Request) error{
		"Text":   func(req *reqres.Request) error { _, err := req.Text(); return err },
		"Bytes":  func(req *reqres.Request) error { _, err := req.Bytes(); return err },
		"JSON":   func(req *reqres.Request) error { return req.JSON(new(any)) },
		"Body":   func(req *reqres.Request) error { _, err := req.Body(); return err },
		"Form":   func(req *reqres.Request) error { _, err := req.Form(); return err },
		"Reader": func(req *reqres.Request) error { _, err := io.ReadAll(req.Reader()); return err },
	} {
		through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
			io.ReadAll(req.Reader())
			err := again(req)
			if !errors.Is(err, reqres.ErrBodyUsed) || !strings.Contains(err.Error(), "Bytes, Text, JSON or Form") || strings.Contains(err.Error(), "Buffer") || strings.Contains(err.Error(), "Clone") {
				t.Errorf("%s after Reader: %v", name, err)
			}
			return res.End()
		}, posted("application/x-www-form-urlencoded", "a=1"))
	}
}
