package streams_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// A plain http.Handler that copies the body of the request into its answer gets all of it, also if
// it has sent the head before it asks: net/http alone cuts such an answer off.
func TestHTTPHandlersEcho(t *testing.T) {
	echo := func(head bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if head {
				w.WriteHeader(http.StatusOK)
			}
			io.Copy(w, r.Body)
		})
	}
	for _, head := range []bool{false, true} {
		mux := served.NewMux(t, adapt.Config{},
			func(r *adapt.Routes) {
				r.Handle("POST", "/http", echo(head))
				r.ReqRes.POST("/reqres", reqres.FromHTTP(echo(head)))
				r.Fetch.POST("/fetch", fetch.FromHTTP(echo(head)))
				r.Migrate("POST", "/pair", reqres.FromHTTP(echo(head)), served.Says("new"))
			},
			func(r *adapt.Routes) {
				r.Use(served.PassHTTP)
				r.Handle("POST", "/behind", echo(head))
			})
		for _, h2 := range []bool{false, true} {
			s := served.Serve(t, mux, h2)
			for _, path := range []string{"/http", "/reqres", "/fetch", "/pair", "/behind"} {
				for _, size := range []int{0, 1, 513, 40 << 10, 1 << 20} {
					body := bytes.Repeat([]byte("x"), size)
					for _, src := range []io.Reader{bytes.NewReader(body), io.MultiReader(bytes.NewReader(body))} {
						req, _ := http.NewRequest("POST", s.URL+path, src)
						if got := served.Do(t, s.Client(), req); got.Body != string(body) {
							t.Errorf("head first %v, h2 %v, %s: %d of %d bytes came back", head, h2, path, len(got.Body), size)
						}
					}
				}
			}
			for range 3 { // what a handler leaves unread does not disturb the next request
				req, _ := http.NewRequest("POST", s.URL+"/pair?left", strings.NewReader(strings.Repeat("x", 100)))
				if got := served.Do(t, s.Client(), req); got.Status != 200 {
					t.Error(fmt.Sprint(got))
				}
			}
		}
	}
}
