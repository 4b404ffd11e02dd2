package oracle_test

// What handlers do: the idioms of net/http. A new one is one entry.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// idiom is a handler, in one shape, and the request that it gets.
type idiom struct {
	name    string
	method  string // GET
	body    string
	header  http.Header
	stalls  bool        // the body does not end before the answer
	trailer http.Header // of the body
	valued  string      // the answer where it is a value, which has no connection; "" for the same one
	h       http.HandlerFunc
	reqres  reqres.Handler
	fetch   fetch.Handler
}

func say(w http.ResponseWriter, s string) { _, _ = io.WriteString(w, s) }

func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

var errPanic = errors.New("boom")

// files are those of the running test.
var files folder

// behind is the server behind the ReverseProxy of the running test.
var behind *httptest.Server

// serveBehind is its handler.
func serveBehind(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Behind", r.Method)
	w.Header().Set("Trailer", "X-After")
	fmt.Fprintf(w, "behind got %d bytes", len(b))
	flush(w)
	say(w, ", and more")
	w.Header().Set("X-After", "1")
}

func fileServer(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u := *r.URL
		u.Path = "/" + name
		r2 := r.Clone(r.Context())
		r2.URL = &u
		http.FileServerFS(os.DirFS(files.dir)).ServeHTTP(w, r2)
	}
}

func multipartBody() (string, string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("a", "1")
	f, _ := m.CreateFormFile("f", "f.txt")
	_, _ = f.Write(bytes.Repeat([]byte("x"), 100<<10))
	_ = m.Close()
	return b.String(), m.FormDataContentType()
}

func idioms() []idiom {
	form, formType := multipartBody()
	all := []idiom{
		{name: "nothing", h: func(http.ResponseWriter, *http.Request) {}},
		{name: "a text", h: func(w http.ResponseWriter, _ *http.Request) { say(w, "hello") }},
		{name: "a page whose type is guessed", h: func(w http.ResponseWriter, _ *http.Request) { say(w, "<html>") }},
		{name: "a type guessed of two writes", h: func(w http.ResponseWriter, _ *http.Request) { say(w, "<ht"); say(w, "ml>") }},
		{name: "a type that is set", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "a/b")
			say(w, "<html>")
		}},
		{name: "no type on purpose", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			say(w, "<html>")
		}},
		{name: "no type of an encoded body", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "x")
			say(w, "<html>")
		}},
		{name: "an encoding that is empty", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "")
			say(w, "<html>")
		}},
		{name: "a status", h: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418); say(w, "teapot") }},
		{name: "two statuses", h: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202); w.WriteHeader(500); say(w, "x") }},
		{name: "a header after the head", h: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			w.Header().Set("X-Late", "1")
			say(w, "x")
		}},
		{name: "headers with several values", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("X-A", "1")
			w.Header().Add("X-A", "2")
			w.Header().Add("Set-Cookie", "a=1")
			w.Header().Add("Set-Cookie", "b=2")
			w.Header().Add("Vary", "Accept")
			say(w, "x")
		}},
		{name: "204", h: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }},
		{name: "204 and a body", h: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204); say(w, "x") }},
		{name: "304", h: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Etag", `"x"`); w.WriteHeader(304) }},
		{name: "a length", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			say(w, "hello")
		}},
		{name: "a length that is not met", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			say(w, "hello")
		}},
		{name: "a length that is exceeded", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "3")
			say(w, "hello")
			say(w, "abc") // which would meet it
		}},
		{name: "a length that is none", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "x")
			say(w, "hello")
		}},
		{name: "more than is held", h: func(w http.ResponseWriter, _ *http.Request) { say(w, strings.Repeat("x", 9000)) }},
		{name: "more than net/http counts", h: func(w http.ResponseWriter, _ *http.Request) { say(w, strings.Repeat("x", 3000)) }},
		{name: "writes that are more than net/http counts", h: func(w http.ResponseWriter, _ *http.Request) {
			say(w, strings.Repeat("x", 1500))
			say(w, strings.Repeat("y", 1500))
		}},
		{name: "many writes", h: func(w http.ResponseWriter, _ *http.Request) {
			for range 100 {
				say(w, strings.Repeat("y", 100))
			}
		}},
		{name: "a flush before and after", h: func(w http.ResponseWriter, _ *http.Request) { flush(w); say(w, "x"); flush(w); say(w, "y") }},
		{name: "a flush alone", h: func(w http.ResponseWriter, _ *http.Request) { flush(w) }},
		{name: "ReadFrom", h: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, struct{ io.Reader }{strings.NewReader(strings.Repeat("z", 70000))})
		}},
		{name: "declared trailers", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "X-Sum, X-More")
			say(w, "x")
			w.Header().Set("X-Sum", "1")
			w.Header().Set("X-More", "2")
		}},
		{name: "declared trailers that do not come", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			say(w, "x")
		}},
		{name: "undeclared trailers", h: func(w http.ResponseWriter, _ *http.Request) {
			say(w, "x")
			flush(w)
			w.Header().Set(http.TrailerPrefix+"X-Sum", "1")
		}},
		{name: "trailers before the head", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(http.TrailerPrefix+"X-Sum", "1")
			say(w, "x")
		}},
		{name: "103", valued: "x", h: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "</a>; rel=preload")
			w.WriteHeader(103)
			w.Header().Del("Link")
			say(w, "x")
		}},
		{name: "an invalid status", h: func(w http.ResponseWriter, _ *http.Request) {
			defer func() { say(w, fmt.Sprint(recover() != nil)) }()
			w.WriteHeader(42)
		}},
		{name: "http.Error", h: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such thing", 404) }},
		{name: "http.Redirect", h: func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/y?z", http.StatusFound) }},
		{name: "a panic after the head", h: func(w http.ResponseWriter, _ *http.Request) { say(w, "x"); flush(w); panic(errPanic) }},
		{name: "a panic", h: func(http.ResponseWriter, *http.Request) { panic(errPanic) }},
		{name: "ErrAbortHandler", h: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{name: "ErrAbortHandler after the head", h: func(w http.ResponseWriter, _ *http.Request) {
			say(w, "x")
			flush(w)
			panic(http.ErrAbortHandler)
		}},
		{name: "a page", h: fileServer("page.html")},
		{name: "a file", h: fileServer("big.txt")},
		{name: "a range", header: http.Header{"Range": {"bytes=5-9"}}, h: fileServer("big.txt")},
		{name: "ranges", header: http.Header{"Range": {"bytes=99999-"}}, h: fileServer("big.txt")},
		{name: "not modified", header: http.Header{"If-Modified-Since": {"Sun, 09 Sep 2040 01:46:40 GMT"}}, h: fileServer("big.txt")},
		{name: "ServeContent", h: func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, "x.css", time.Unix(1e9, 0), strings.NewReader("body{}"))
		}},
		{name: "the request", method: "POST", body: "a=1", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, h: func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			fmt.Fprint(w, r.Method, r.URL.RequestURI(), r.Host, r.Form, r.ContentLength)
		}},
		{name: "an echo", method: "POST", body: strings.Repeat("e", 70000), h: func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }},
		{name: "a flush, and then the body", method: "POST", body: strings.Repeat("e", 100000), h: func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).EnableFullDuplex()
			say(w, "begin ")
			flush(w)
			time.Sleep(5 * time.Millisecond)
			b, err := io.ReadAll(r.Body)
			fmt.Fprint(w, len(b), err)
		}},
		{name: "an answer without the body", method: "POST", body: "unread", h: func(w http.ResponseWriter, _ *http.Request) { say(w, "x") }},
		{name: "an answer after a part of the body", method: "POST", body: "partly read", h: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadFull(r.Body, make([]byte, 6))
			say(w, "x")
		}},
		{name: "an answer after the close of the body", method: "POST", body: "unread", h: func(w http.ResponseWriter, r *http.Request) {
			_ = r.Body.Close()
			_, err := r.Body.Read(make([]byte, 1))
			fmt.Fprint(w, err != nil)
		}},
		{name: "Expect, and the body is read", method: "POST", body: "awaited", header: http.Header{"Expect": {"100-continue"}}, h: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(w, r.Body)
		}},
		{name: "Expect, and it is not", method: "POST", body: "unread", header: http.Header{"Expect": {"100-continue"}}, h: func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no", http.StatusForbidden)
		}},
		{name: "trailers of the request", method: "POST", body: "b", trailer: http.Header{"X-Sum": {"1"}}, h: func(w http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(r.Body)
			fmt.Fprint(w, r.Trailer, err, r.ContentLength)
		}},
		{name: "MaxBytesReader", method: "POST", body: "too much", h: func(w http.ResponseWriter, r *http.Request) {
			_, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 3))
			http.Error(w, fmt.Sprint(err), http.StatusRequestEntityTooLarge)
		}},
		{name: "a multipart form", method: "POST", body: form, header: http.Header{"Content-Type": {formType}}, h: func(w http.ResponseWriter, r *http.Request) {
			err := r.ParseMultipartForm(1)
			fmt.Fprint(w, r.FormValue("a"), len(r.MultipartForm.File), err)
		}},
		{name: "deadlines and full duplex", valued: "feature not supported feature not supported false", h: func(w http.ResponseWriter, _ *http.Request) {
			rc := http.NewResponseController(w)
			fmt.Fprint(w, rc.SetReadDeadline(time.Time{}), rc.SetWriteDeadline(time.Now().Add(time.Hour)), rc.EnableFullDuplex() == nil)
		}},
		{name: "a read after its deadline", method: "POST", body: "b", stalls: true, valued: "feature not supported", h: func(w http.ResponseWriter, r *http.Request) {
			if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
				say(w, err.Error())
				return
			}
			_, err := io.ReadAll(r.Body)
			fmt.Fprint(w, errors.Is(err, os.ErrDeadlineExceeded))
		}},
		{name: "a write after its deadline", valued: "x", h: func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(-time.Second))
			say(w, "x")
			flush(w)
		}},
		{name: "an echo, full duplex", method: "POST", body: strings.Repeat("d", 300000), h: func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).EnableFullDuplex()
			buf := make([]byte, 1000)
			for {
				n, err := r.Body.Read(buf)
				_, _ = w.Write(buf[:n])
				flush(w)
				if err != nil {
					return
				}
			}
		}},
		{name: "optional interfaces", valued: "true true true false false", h: func(w http.ResponseWriter, r *http.Request) {
			_, flusher := w.(http.Flusher)
			//lint:ignore SA1019 gin asks for it
			_, notifier := w.(http.CloseNotifier)
			_, texts := w.(io.StringWriter)
			_, hijacks := w.(http.Hijacker)
			_, pushes := w.(http.Pusher)
			fmt.Fprint(w, flusher, notifier, texts, hijacks, pushes)
		}},
		{name: "hijack", valued: "no connection\n", h: func(w http.ResponseWriter, r *http.Request) {
			conn, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				http.Error(w, "no connection", http.StatusNotImplemented)
				return
			}
			defer conn.Close()
			say2(rw, "HTTP/1.1 200 OK\r\nX-Taken: 1\r\nContent-Length: 5\r\nConnection: close\r\n\r\ntaken")
		}},
		{name: "an upgrade that is not one", header: http.Header{"Connection": {"upgrade"}, "Upgrade": {"x"}}, h: func(w http.ResponseWriter, _ *http.Request) { say(w, "secret") }},
		{name: "TimeoutHandler", h: http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { say(w, "in time") }), time.Minute, "late").ServeHTTP},
		{name: "TimeoutHandler, late", h: http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }), 5*time.Millisecond, "late").ServeHTTP},
		{name: "ReverseProxy", method: "POST", body: "to behind", h: func(w http.ResponseWriter, r *http.Request) {
			u, _ := url.Parse(behind.URL)
			httputil.NewSingleHostReverseProxy(u).ServeHTTP(w, r)
		}},
	}
	return withHEAD(all)
}

// noHEAD are those whose HEAD is not asked for: nobody reads the source, or a value has no trailers.
var noHEAD = []string{"hijack", "103", "a source that fails at once", "declared trailers that do not come"}

// withHEAD adds the HEAD of most.
func withHEAD(all []idiom) []idiom {
	for _, i := range all {
		if i.method == "" && !slices.Contains(noHEAD, i.name) {
			i.name, i.method = i.name+", HEAD", "HEAD"
			all = append(all, i)
		}
	}
	return all
}

func say2(rw interface {
	io.StringWriter
	Flush() error
}, s string) {
	_, _ = rw.WriteString(s)
	_ = rw.Flush()
}
