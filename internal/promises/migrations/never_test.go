package migrations_test

// What never reaches a candidate, and what a pair under watch does to a stream: nothing.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// Methods that may change something, upgrades, streams and conditional requests run once, on the
// side that serves, and are counted with the reason.
func TestWhatNeverReachesACandidate(t *testing.T) {
	request := func(method string, more ...string) string {
		return method + " /p/1 HTTP/1.1\r\nHost: h\r\nConnection: close, Upgrade\r\n" + strings.Join(append(more, ""), "\r\n") + "\r\n"
	}
	plain := served.Twins{ReqRes: served.OldSays("live"), Fetch: served.Says("live")}
	flushed := served.Twins{ReqRes: reqres.FromHTTP(flushes), Fetch: fetch.FromHTTP(flushes)}
	hijacked := served.Twins{ReqRes: reqres.FromHTTP(hijacks), Fetch: fetch.FromHTTP(hijacks)}
	large := served.Twins{ReqRes: served.OldSays(strings.Repeat("x", 70<<10)), Fetch: served.Says(strings.Repeat("x", 70<<10))}
	for _, c := range []struct {
		rule    string
		live    served.Twins
		request string
		why     migrate.Skip
	}{
		{"POST", plain, request("POST", "Content-Length: 0"), migrate.SkipMethod},
		{"PUT", plain, request("PUT", "Content-Length: 0"), migrate.SkipMethod},
		{"PATCH", plain, request("PATCH", "Content-Length: 0"), migrate.SkipMethod},
		{"DELETE", plain, request("DELETE"), migrate.SkipMethod},
		{"a method nobody has heard of", plain, request("BREW"), migrate.SkipMethod},
		{"an upgrade that is refused", plain, request("GET", "Upgrade: websocket"), migrate.SkipUpgrade},
		{"an upgrade", hijacked, request("GET", "Upgrade: echo"), migrate.SkipUpgrade},
		{"an event stream is asked for", plain, request("GET", "Accept: text/event-stream"), migrate.SkipStream},
		{"an event stream is answered", flushed, request("GET"), migrate.SkipStream},
		{"an answer that is too large to keep", large, request("GET"), migrate.SkipAnswerSize},
		{"a condition", plain, request("GET", `If-None-Match: "x"`), migrate.SkipConditional},
		{"a range", plain, request("GET", "Range: bytes=0-1"), migrate.SkipConditional},
	} {
		for _, stage := range watched {
			for _, a := range around {
				t.Run(fmt.Sprint(c.rule, "/", stage, " behind ", a.name), func(t *testing.T) {
					var given notes
					conf := served.Patient(stage)
					conf.Fallback = migrate.FallbackOff
					d := newDuel(t, "HTTP/1.1", conf, a.use, c.live, given.candidate())
					want, got := wire(t, d.without, c.request), wire(t, d.with, c.request)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("answered (-without the pair +with it)\n%s", diff)
					}
					s := drained(t, d.pair)
					if s.Shadows.Offered != 1 || s.Shadows.Skipped[c.why] != 1 || len(given.all()) > 0 {
						t.Errorf("counted %+v, and candidates: %q", s.Shadows, given.all())
					}
				})
			}
		}
	}
}

var flushes = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, "a")
	w.(http.Flusher).Flush()
	fmt.Fprint(w, "b")
})

var hijacks = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\nhello")
})

// Each part of a stream is with the client before the handler makes the next one, also while the
// pair records it, and its end is the stream's.
func TestStreamsOfWatchedSidesAreNotHeld(t *testing.T) {
	for i, stage := range watched {
		for j, protocol := range served.Protocols {
			for k, converted := range []bool{false, true} {
				a := around[(i+j+2*k)%len(around)]
				t.Run(fmt.Sprint(stage, "/", protocol, "/converted: ", converted, " behind ", a.name), func(t *testing.T) {
					const parts = 5
					received := make(chan struct{})
					write := func(w io.Writer, flush func() error) error {
						for n := range parts {
							if _, err := fmt.Fprintf(w, "part %d\n", n); err != nil {
								return err
							}
							if err := flush(); err != nil {
								return err
							}
							<-received
						}
						return nil
					}
					live := served.Twins{
						ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return write(res, res.Flush) },
						Fetch: func(*fetch.Request) (*fetch.Response, error) {
							return fetch.StreamFunc(func(w *fetch.Writer) error { return write(w, w.Flush) })
						},
					}
					if converted {
						live = served.Twins{ReqRes: adapt.ToReqRes(live.Fetch), Fetch: adapt.ToFetch(live.ReqRes)}
					}
					d := newDuel(t, protocol, served.Patient(stage), a.use, live, acting(func(context.Context) {})) // a stream that ends soon is compared
					res, err := d.with.Client().Get(d.with.URL + "/p/1")
					if err != nil {
						t.Fatal(err)
					}
					defer res.Body.Close()
					lines := bufio.NewReader(res.Body)
					for n := range parts {
						read := make(chan string, 1)
						go func() {
							line, _ := lines.ReadString('\n')
							read <- line
						}()
						if line := served.Soon(t, "the part", read); line != fmt.Sprintf("part %d\n", n) {
							t.Errorf("part %d is %q", n, line)
						}
						received <- struct{}{}
					}
					if rest, err := io.ReadAll(lines); len(rest) > 0 || err != nil {
						t.Errorf("after the last part %q %v", rest, err)
					}
					drained(t, d.pair)
				})
			}
		}
	}
}

// A request that is not in the sample costs what it costs without the pair.
func TestPairAllocatesNothingWhereNotSampled(t *testing.T) {
	old := func(_ *reqres.Request, res *reqres.Response) error { return res.Send("hello") }
	next := func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("hello") }
	for _, a := range around[:4] {
		c := served.Patient(migrate.Shadow)
		c.Shadow.Sample = -1
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
			a.use(r)
			r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) { r.Migrate("GET", "/pair/:id", old, next) })
			r.ReqRes.GET("/old/:id", old)
		})
		allocs := func(path string) float64 {
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
			return testing.AllocsPerRun(200, func() {
				clear(w.Header())
				mux.ServeHTTP(w, r)
			})
		}
		if native, got := allocs("/old/1"), allocs("/pair/1"); got > native {
			t.Errorf("behind %s: %v allocations, natively %v", a.name, got, native)
		}
	}
}

// A canary costs no allocation either, but for the map in which net/http keeps the path values that
// its key may ask for.
func TestCanaryAllocatesOnlyPathValues(t *testing.T) {
	old := func(_ *reqres.Request, res *reqres.Response) error { return res.Send("hello") }
	next := func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("hello") }
	for native, share := range map[string]float64{"/old": 0.0001, "/new": 1} {
		c := served.Patient(migrate.Canary)
		c.Plan.Share, c.Shadow.Sample = share, -1
		c.Key = func(r *http.Request) (string, bool) { return r.Method, true }
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
			for _, path := range []string{"", "/:id"} {
				r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) { r.Migrate("GET", "/pair"+path, old, next) })
				r.ReqRes.GET("/old"+path, old)
				r.Fetch.GET("/new"+path, next)
			}
		})
		allocs := func(path string) float64 {
			w, fresh := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
			r := new(http.Request)
			return testing.AllocsPerRun(200, func() {
				clear(w.Header())
				*r = *fresh
				mux.ServeHTTP(w, r)
			})
		}
		for path, more := range map[string]float64{"": 0, "/1": 2} {
			if natively, got := allocs(native+path), allocs("/pair"+path); got > natively+more {
				t.Errorf("%s%s in a canary: %v allocations, natively %v", native, path, got, natively)
			}
		}
	}
}

// Two requests on one connection, pipelined: the second one is answered although the candidate of
// the first one hangs, and in order.
func TestPipelinedRequestsBesideACandidateThatHangs(t *testing.T) {
	release := make(chan struct{})
	d := newDuel(t, "HTTP/1.1", served.Patient(migrate.Shadow), around[0].use, echo(), acting(func(context.Context) { <-release }))
	t.Cleanup(func() { close(release) })
	pipelined := strings.Replace(get("/p/1"), "Connection: close\r\n", "", 1) + get("/p/2")
	if diff := cmp.Diff(wire(t, d.without, pipelined), wire(t, d.with, pipelined)); diff != "" {
		t.Errorf("answered (-without the pair +with it)\n%s", diff)
	}
}
