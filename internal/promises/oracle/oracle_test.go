// Package oracle holds one promise: whatever stands around a handler, its answer is the same. Each idiom
// of net/http is served in each place, over each protocol, and what a client sees is what net/http's own
// server sends.
package oracle_test

import (
	"context"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

// seen is what a client sees of an answer.
type seen struct {
	Informational []string
	Status        int
	Header        http.Header
	Length        int64 // -1: of none is said
	Body          string
	Trailer       http.Header
	Broken        bool
}

func ask(c *http.Client, url string, i idiom) (got seen) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
		got.Informational = append(got.Informational, fmt.Sprint(code, " ", h.Get("Link")))
		return nil
	}})
	method := i.method
	if method == "" {
		method = "GET"
	}
	req, err := http.NewRequestWithContext(ctx, method, url+path, strings.NewReader(i.body))
	if err != nil {
		panic(err)
	}
	for name, values := range i.header {
		req.Header[name] = values
	}
	req.Host = "a.test"
	res, err := c.Do(req)
	if err != nil {
		got.Broken = true
		return got
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	res.Header.Del("Date")
	got.Status, got.Header, got.Length, got.Body, got.Broken = res.StatusCode, res.Header, res.ContentLength, short(b), err != nil
	if len(res.Trailer) > 0 && !got.Broken {
		got.Trailer = res.Trailer
	}
	return got
}

// short is b, or where that is long its length and a sum of it.
func short(b []byte) string {
	if len(b) <= 200 {
		return string(b)
	}
	return fmt.Sprintf("%d bytes, CRC %x", len(b), crc32.ChecksumIEEE(b))
}

// excuses are the cells that differ, each with the reason. The key is "idiom | place | protocol", of which
// a part may be *; the idiom HEAD is that of every idiom.
var excuses = map[string]string{
	"a length that is none | * | *":           "net/http drops such a length when it is too late to count; here it is dropped in time",
	"an echo | * | HTTP/1.1":                  "net/http cuts off a body that is read on while it answers (golang/go#15527); here it is whole",
	"a length that is exceeded | * | *":       "of a HEAD, net/http guesses a type of bytes that it refuses, on HTTP/2",
	"declared trailers | * | *":               "of a HEAD, net/http counts a body that is too small to be chunked, on HTTP/2",
	"HEAD | behind middleware that reads | *": "what has been read is a value, and has a length",

	"declared trailers | behind middleware that reads | *":      "a value has no trailers",
	"undeclared trailers | behind middleware that reads | *":    "a value has no trailers",
	"ReverseProxy | behind middleware that reads | *":           "a value has no trailers",
	"a panic after the head | behind middleware that reads | *": "nothing has gone out: it is an error, and answered as one",
}

func excused(idiom, place, protocol string) bool {
	name, head := strings.CutSuffix(idiom, ", HEAD")
	for key := range excuses {
		of := strings.Split(key, " | ")
		ofHEAD := strings.HasPrefix(excuses[key], "of a HEAD")
		switch {
		case of[0] == "HEAD" && !head, of[0] != "HEAD" && of[0] != name, ofHEAD && !head:
		case of[1] != "*" && of[1] != place, of[2] != "*" && of[2] != protocol:
		default:
			return true
		}
	}
	return false
}

func TestOneAnswerWhateverIsAround(t *testing.T) {
	behind.Start()
	t.Cleanup(func() {
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		behind.Close()
	})
	if len(excuses) > 12 {
		t.Errorf("%d cells are excused", len(excuses))
	}
	corpus := idioms()
	for _, protocol := range served.Protocols {
		t.Run(protocol, func(t *testing.T) {
			want := make(map[string]seen)
			for _, p := range places {
				t.Run(p.name, func(t *testing.T) {
					var h atomic.Pointer[http.HandlerFunc]
					current := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { (*h.Load())(w, r) })
					serve := p.serve
					if serve == nil {
						serve = func(h http.Handler) http.Handler {
							return served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) { p.register(r, h) })
						}
					}
					s := served.ServeOver(t, serve(current), protocol, func(*http.Server) {})
					s.Client().Transport.(*http.Transport).DisableCompression = true
					if c := s.Client().Transport.(*http.Transport).TLSClientConfig; c != nil {
						c.ServerName = "example.com" // whatever Host is asked for
					}
					for _, i := range corpus {
						h.Store(&i.h)
						got := ask(s.Client(), s.URL, i)
						if p.name == places[0].name {
							want[i.name] = got
							continue
						}
						if want[i.name].Broken && got.Broken {
							continue // of which more or less has arrived
						}
						if diff := cmp.Diff(want[i.name], got); diff != "" && !excused(i.name, p.name, protocol) {
							t.Errorf("%s (-net/http +here)\n%s", i.name, diff)
						}
					}
				})
			}
		})
	}
}
