package oracle_test

// What handlers of the two shapes do. A new idiom is one entry.

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"path/filepath"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

var (
	errDomain = errors.New("a secret of ours")
	value     = map[string]any{"id": 1, "name": "Ä <b>"}
	jsonType  = http.Header{"Content-Type": {"application/json"}}
)

// events is a stream of three events, which ends with err.
func events(err error) iter.Seq2[crossfade.Event, error] {
	return func(yield func(crossfade.Event, error) bool) {
		for n := range 3 {
			if !yield(crossfade.Event{Data: fmt.Sprint(n)}, nil) {
				return
			}
		}
		if err != nil {
			yield(crossfade.Event{}, err)
		}
	}
}

// failing is a source that gives s and then fails.
func failing(s string) io.Reader { return io.MultiReader(strings.NewReader(s), broken{}) }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errDomain }

func reqresIdioms() []idiom {
	answers := func(name string, h reqres.Handler) idiom { return idiom{name: name, reqres: h} }
	sends := func(name string, send func(res *reqres.Response) error) idiom {
		return answers(name, func(_ *reqres.Request, res *reqres.Response) error { return send(res) })
	}
	return withHEAD([]idiom{
		sends("no answer", func(*reqres.Response) error { return nil }),
		sends("Send of a text", func(res *reqres.Response) error { return res.Send("<p>") }),
		sends("Send of bytes", func(res *reqres.Response) error { return res.Type("a/b").Send([]byte("x")) }),
		sends("Send of a reader", func(res *reqres.Response) error { return res.Send(strings.NewReader(strings.Repeat("r", 9000))) }),
		sends("a large Send", func(res *reqres.Response) error { return res.Send(strings.Repeat("s", 70000)) }),
		sends("JSON", func(res *reqres.Response) error { return res.Status(201).JSON(value) }),
		sends("JSON that cannot be", func(res *reqres.Response) error { return res.JSON(func() {}) }),
		sends("SendStatus", func(res *reqres.Response) error { return res.SendStatus(404) }),
		sends("a status without a body", func(res *reqres.Response) error { return res.SendStatus(204) }),
		sends("Redirect", func(res *reqres.Response) error { return res.Redirect("/y?z") }),
		sends("End", func(res *reqres.Response) error { return res.Status(202).End() }),
		sends("cookies and Vary", func(res *reqres.Response) error {
			res.Cookie("a", "1", reqres.CookieOptions{}).ClearCookie("b", reqres.CookieOptions{}).Vary("Accept").Append("X-A", "1", "2")
			return res.Send("x")
		}),
		sends("a header that is refused", func(res *reqres.Response) error { return res.Set("X-A", "a\nb").Send("x") }),
		sends("writes and flushes", func(res *reqres.Response) error {
			for _, s := range []string{"a", "b", "c"} {
				if _, err := io.WriteString(res, s); err != nil {
					return err
				}
				if err := res.Flush(); err != nil {
					return err
				}
			}
			return nil
		}),
		sends("events", func(res *reqres.Response) error { return res.SSE(events(nil)) }),
		sends("events that break off", func(res *reqres.Response) error { return res.SSE(events(errDomain)) }),
		sends("a source that fails", func(res *reqres.Response) error { return res.Send(failing(strings.Repeat("f", 40000))) }),
		sends("a source that fails at once", func(res *reqres.Response) error { return res.Send(failing("")) }),
		sends("an error", func(res *reqres.Response) error { return errDomain }),
		sends("an error with a status and headers", func(res *reqres.Response) error {
			res.Set("X-Kept", "1").Set("Etag", `"lost"`)
			return crossfade.WithHeader(reqres.Errorf(429, "slow down"), "Retry-After", "3")
		}),
		sends("an error after the head", func(res *reqres.Response) error {
			_, _ = io.WriteString(res, "x")
			_ = res.Flush()
			return errDomain
		}),
		sends("a panic", func(*reqres.Response) error { panic("boom") }),
		sends("two answers", func(res *reqres.Response) error {
			_ = res.Send("first")
			return res.Send("second")
		}),
		sends("a file", func(res *reqres.Response) error {
			return res.SendFile(filepath.Join(files.dir, "big.txt"), reqres.FileOptions{})
		}),
		{name: "a range of a file", header: http.Header{"Range": {"bytes=5-9"}}, reqres: func(_ *reqres.Request, res *reqres.Response) error {
			return res.SendFile(filepath.Join(files.dir, "big.txt"), reqres.FileOptions{})
		}},
		{name: "fresh", header: http.Header{"If-None-Match": {"*"}}, reqres: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Etag", `"x"`).Send("x")
		}},
		{name: "a body that is JSON", method: "POST", body: `{"a":1}`, header: jsonType, reqres: func(req *reqres.Request, res *reqres.Response) error {
			body, err := req.Body()
			return errors.Join(err, res.JSON(body))
		}},
		{name: "a body that is not", method: "POST", body: `{"a":`, header: jsonType, reqres: func(req *reqres.Request, res *reqres.Response) error {
			if _, err := req.Body(); err != nil {
				return err
			}
			return res.Send("x")
		}},
		{name: "an echo, as it comes", method: "POST", body: strings.Repeat("e", 70000), reqres: func(req *reqres.Request, res *reqres.Response) error {
			return res.Send(req.Reader())
		}},
	})
}

func fetchIdioms() []idiom {
	answers := func(name string, make func() (*fetch.Response, error)) idiom {
		return idiom{name: name, fetch: func(*fetch.Request) (*fetch.Response, error) { return make() }}
	}
	piece := []byte(strings.Repeat("p", 3000))
	return withHEAD([]idiom{
		answers("no answer", func() (*fetch.Response, error) { return nil, nil }),
		answers("Text", func() (*fetch.Response, error) { return fetch.Text("x", fetch.Status(203)) }),
		answers("HTML", func() (*fetch.Response, error) { return fetch.HTML("<p>") }),
		answers("Bytes", func() (*fetch.Response, error) { return fetch.Bytes(piece) }),
		answers("JSON", func() (*fetch.Response, error) { return fetch.JSON(value) }),
		answers("JSON that cannot be", func() (*fetch.Response, error) { return fetch.JSON(func() {}) }),
		answers("a large text", func() (*fetch.Response, error) { return fetch.Text(strings.Repeat("t", 70000)) }),
		answers("NoContent", func() (*fetch.Response, error) { return fetch.NoContent() }),
		answers("NotFound", func() (*fetch.Response, error) { return fetch.NotFound() }),
		answers("Redirect", func() (*fetch.Response, error) { return fetch.Redirect("/y?z", fetch.Status(303)) }),
		answers("cookies and Vary", func() (*fetch.Response, error) {
			return fetch.Text("x", fetch.SetCookie("a", "1", fetch.CookieOptions{}), fetch.ClearCookie("b", fetch.CookieOptions{}),
				fetch.AddHeader("Vary", "Accept"), fetch.AddHeader("X-A", "1"), fetch.AddHeader("X-A", "2"))
		}),
		answers("a header that is refused", func() (*fetch.Response, error) { return fetch.Text("x", fetch.SetHeader("X-A", "a\nb")) }),
		answers("Stream", func() (*fetch.Response, error) { return fetch.Stream(strings.NewReader(strings.Repeat("r", 70000))) }),
		answers("a stream of a length", func() (*fetch.Response, error) {
			return fetch.Stream(strings.NewReader("hello"), fetch.SetHeader("Content-Length", "5"))
		}),
		answers("a stream that is too short", func() (*fetch.Response, error) {
			return fetch.Stream(strings.NewReader("hello"), fetch.SetHeader("Content-Length", "9"))
		}),
		answers("StreamFunc", func() (*fetch.Response, error) {
			return fetch.StreamFunc(func(w *fetch.Writer) error {
				for range 3 {
					if _, err := w.Write(piece); err != nil {
						return err
					}
					if err := w.Flush(); err != nil {
						return err
					}
				}
				return nil
			})
		}),
		answers("StreamSeq", func() (*fetch.Response, error) {
			return fetch.StreamSeq(func(yield func([]byte, error) bool) {
				for range 2 {
					if !yield(piece, nil) {
						return
					}
				}
			})
		}),
		answers("events", func() (*fetch.Response, error) { return fetch.SSE(events(nil)) }),
		answers("events that break off", func() (*fetch.Response, error) { return fetch.SSE(events(errDomain)) }),
		answers("NDJSON", func() (*fetch.Response, error) {
			return fetch.NDJSON(func(yield func(any, error) bool) { _ = yield(value, nil) && yield(2, nil) })
		}),
		answers("a source that fails", func() (*fetch.Response, error) { return fetch.Stream(failing(strings.Repeat("f", 40000))) }),
		answers("a source that fails at once", func() (*fetch.Response, error) { return fetch.Stream(failing("")) }),
		answers("an error", func() (*fetch.Response, error) { return nil, errDomain }),
		answers("an error with a status and headers", func() (*fetch.Response, error) {
			return nil, crossfade.WithHeader(fetch.Errorf(429, "slow down"), "Retry-After", "3")
		}),
		answers("a response as an error", func() (*fetch.Response, error) { return nil, fetch.AsError(fetch.Text("no", fetch.Status(403))) }),
		answers("a panic", func() (*fetch.Response, error) { panic("boom") }),
		{name: "fresh", header: http.Header{"If-None-Match": {`"x"`}}, fetch: fetch.ETag(func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Text("x", fetch.SetHeader("Etag", `"x"`))
		})},
		{name: "a body that is JSON", method: "POST", body: `{"a":1}`, header: jsonType, fetch: func(req *fetch.Request) (*fetch.Response, error) {
			var v any
			if err := req.JSON(&v); err != nil {
				return nil, err
			}
			return fetch.JSON(v)
		}},
		{name: "a body that is not", method: "POST", body: `{"a":`, header: jsonType, fetch: func(req *fetch.Request) (*fetch.Response, error) {
			_, err := fetch.Decode[map[string]int](req)
			return nil, err
		}},
		{name: "an echo, as it comes", method: "POST", body: strings.Repeat("e", 70000), fetch: func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Stream(req.Reader())
		}},
	})
}
