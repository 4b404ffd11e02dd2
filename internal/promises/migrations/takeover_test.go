package migrations_test

// When new fails, when its body is needed twice, and what of all that leaves the process.

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestFallback(t *testing.T) {
	spoils := func(err error) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			if _, e := req.Bytes(); e != nil {
				return nil, e
			}
			return nil, err
		}
	}
	old := func(req *reqres.Request, res *reqres.Response) error {
		body, err := req.Text()
		if err != nil {
			return err
		}
		return res.Send("old " + req.Header("X-Who") + body)
	}
	big := strings.Repeat("b", 70<<10) // beyond what is kept for a shadow
	for _, c := range []struct {
		name, method, body string
		next               fetch.Handler
		want               string // a part of the answer
		verdict            migrate.Fallback
	}{
		{"an error", "GET", "", spoils(errors.New("x")), "old", migrate.FallbackRun},
		{"a panic", "GET", "", func(*fetch.Request) (*fetch.Response, error) { panic("x") }, "old", migrate.FallbackRun},
		{"a 500 value with a cookie", "GET", "", func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Text("new", fetch.Status(500), fetch.SetCookie("new", "1", fetch.CookieOptions{}))
		}, "old", migrate.FallbackRun},
		{"an unsafe method", "POST", "b", spoils(errors.New("x")), "error", migrate.FallbackUnsafe},
		{"a decline with a body", "POST", "b", spoils(migrate.ErrDecline), "oldb", migrate.FallbackRun},
		{"a decline with a large body", "POST", big, spoils(migrate.ErrDecline), "old" + big, migrate.FallbackRun},
		{"a decline without a look at the body", "POST", big, func(*fetch.Request) (*fetch.Response, error) { return nil, migrate.ErrDecline }, "old" + big, migrate.FallbackRun},
		{"a decline after a streamed body", "POST", "b", func(req *fetch.Request) (*fetch.Response, error) {
			_, _ = io.ReadAll(req.Reader())
			return nil, migrate.ErrDecline
		}, "oldb", migrate.FallbackRun},
		{"a decline after half a streamed body", "POST", "bb", func(req *fetch.Request) (*fetch.Response, error) {
			_, _ = io.ReadFull(req.Reader(), make([]byte, 1))
			return nil, migrate.ErrDecline
		}, "error", migrate.FallbackBody},
		{"a request that new has changed", "GET", "", fetch.FromHTTP(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			r.Header.Set("X-Who", "spoiled")
			panic("x")
		})), "old", migrate.FallbackRun},
	} {
		for _, a := range around {
			t.Run(c.name+" behind "+a.name, func(t *testing.T) {
				mux, pair := migration(t, served.Patient(migrate.Live), "ANY", a.use, old, c.next)
				got := send(t, mux, c.method, "/p/1", c.body)
				if !strings.Contains(strings.Replace(got.Body, "old ", "old", 1), c.want) || got.Header.Get("Set-Cookie") != "" || strings.Contains(got.Body, "spoiled") {
					t.Errorf("answered %d %.80q %v", got.Status, got.Body, got.Header)
				}
				s := drained(t, pair)
				if d := cmp.Diff(map[migrate.Fallback]uint64{c.verdict: 1}, served.Counted(s.Fallbacks)); d != "" {
					t.Errorf("verdicts (-want +got)\n%s", d)
				}
			})
		}
	}
}

// closed tells whether somebody has closed it.
type closed struct {
	io.Reader
	was atomic.Bool
}

func (c *closed) Close() error { c.was.Store(true); return nil }

// What a failed new was about to send is closed when old answers in its place.
func TestTakeoverClosesWhatNewWasToSend(t *testing.T) {
	for _, a := range around {
		for name, fail := range map[string]func(*fetch.Response) (*fetch.Response, error){
			"a 500 value":             func(res *fetch.Response) (*fetch.Response, error) { return res, nil },
			"beside an error":         func(res *fetch.Response) (*fetch.Response, error) { return res, errors.New("x") },
			"a response as the error": func(res *fetch.Response) (*fetch.Response, error) { return nil, fetch.AsError(res, nil) },
		} {
			source := &closed{Reader: strings.NewReader("new")}
			mux, _ := migration(t, served.Patient(migrate.Live), "GET", a.use, served.OldSays("old"), func(*fetch.Request) (*fetch.Response, error) {
				return fail(fetch.Must(fetch.Stream(source, fetch.Status(500))))
			})
			if got := send(t, mux, "GET", "/p/1", ""); got.Body != "old" || !source.was.Load() {
				t.Errorf("%s behind %s: answered %q, and the source was closed: %v", name, a.name, got.Body, source.was.Load())
			}
		}
	}
}

// Nothing falls back once a byte is out, and the guard sees that it broke.
func TestNoFallbackAfterTheFirstByte(t *testing.T) {
	next := func(*fetch.Request) (*fetch.Response, error) {
		return fetch.StreamFunc(func(w *fetch.Writer) error {
			_, _ = w.WriteString("new")
			_ = w.Flush()
			return errors.New("broken")
		})
	}
	mux, pair := migration(t, served.Patient(migrate.Live), "GET", func(*adapt.Routes) {}, served.OldSays("old"), next)
	func() {
		defer func() { _ = recover() }()
		if got := send(t, mux, "GET", "/p/1", ""); strings.Contains(got.Body, "old") {
			t.Errorf("answered %q", got.Body)
		}
	}()
	s := drained(t, pair)
	if s.New[migrate.Broken] != 1 || s.Fallbacks[migrate.FallbackCommitted] != 1 || served.Total(s.Old) != 0 {
		t.Errorf("counted %+v", s)
	}
}

// The candidate gets the body that the serving side has read, or does not run.
func TestShadowBody(t *testing.T) {
	read := func(req *reqres.Request, res *reqres.Response) error {
		b, err := req.Bytes()
		if err != nil {
			return err
		}
		return res.Send(fmt.Sprint(len(b)))
	}
	stream := reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprint(w, len(b))
	}))
	half := reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = r.Body.Read(make([]byte, 1))
		fmt.Fprint(w, "half")
	}))
	for _, c := range []struct {
		name string
		old  reqres.Handler
		body string
		ran  bool
		skip migrate.Skip
	}{
		{"collected", read, "abc", true, ""},
		{"streamed", stream, "abc", true, ""},
		{"none", read, "", true, ""},
		{"not read", served.OldSays("x"), "abc", false, migrate.SkipBodyUnread},
		{"half read", half, "abc", false, migrate.SkipBodyUnread},
		{"at the limit", stream, strings.Repeat("x", 1000), true, ""},
		{"beyond the limit", stream, strings.Repeat("x", 1001), false, migrate.SkipBodySize},
	} {
		for _, a := range around {
			t.Run(c.name+" behind "+a.name, func(t *testing.T) {
				conf := served.Patient(migrate.Shadow)
				conf.Shadow.AllowUnsafe, conf.Shadow.MaxBody = "a test", 1000
				var mu sync.Mutex
				var got []string
				mux, pair := migration(t, conf, "POST", a.use, c.old, func(req *fetch.Request) (*fetch.Response, error) {
					b, err := req.Text()
					mu.Lock()
					defer mu.Unlock()
					got = append(got, fmt.Sprint(b, err))
					return fetch.NoContent()
				})
				send(t, mux, "POST", "/p/1", c.body)
				s := drained(t, pair)
				var want []string
				if c.ran {
					want = []string{c.body + "<nil>"}
				} else if s.Shadows.Skipped[c.skip] != 1 {
					t.Errorf("skipped %v", s.Shadows.Skipped)
				}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("the candidate read (-want +got)\n%s", d)
				}
			})
		}
	}
}

// No value of a request or an answer leaves the process through logs, events or metrics, whatever
// the candidate does.
func TestNoValueLeaks(t *testing.T) {
	const taint = "t41nt"
	var log bytes.Buffer
	var mu sync.Mutex
	logger := slog.New(slog.NewJSONHandler(writer(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return log.Write(p)
	}), &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, stage := range []migrate.Stage{migrate.Shadow, migrate.Live} {
		for name, bad := range misbehaviours(nil) {
			if name == "hangs" || name == "allocates" || name == "leaves work behind" {
				continue
			}
			c := served.Patient(stage)
			c.OnEvent = migrate.LogEvents(logger)
			c.Shadow.Timeout = 20e6
			good := served.Twins{
				ReqRes: func(req *reqres.Request, res *reqres.Response) error {
					return res.Set("X-V", taint).Cookie("c", taint, reqres.CookieOptions{}).JSON(map[string]any{"v": taint, "echo": req.Query("q"), taint + "-17": 1})
				},
				Fetch: func(req *fetch.Request) (*fetch.Response, error) {
					return fetch.JSON(map[string]any{"v": taint, "echo": req.Query("q"), taint + "-17": 1}, fetch.SetHeader("X-V", taint))
				},
			}
			tainted := served.Twins{
				ReqRes: func(req *reqres.Request, res *reqres.Response) error {
					defer func() {
						if v := recover(); v != nil {
							panic(fmt.Sprint(taint, v))
						}
					}()
					return bad.ReqRes(req, res)
				},
				Fetch: func(req *fetch.Request) (*fetch.Response, error) {
					res, err := bad.Fetch(req)
					if err != nil {
						err = fmt.Errorf("%s %w", taint, err)
					}
					return res, err
				},
			}
			sides := served.Twins{ReqRes: good.ReqRes, Fetch: tainted.Fetch}
			if stage == migrate.Live {
				sides = served.Twins{ReqRes: tainted.ReqRes, Fetch: good.Fetch}
			}
			var pair *migrate.Pair
			mux := served.NewMux(t, adapt.Config{Logger: logger}, func(r *adapt.Routes) {
				r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
					pair = r.Migrate("GET", "/p/:id", sides.ReqRes, sides.Fetch)
				})
			})
			for range 3 {
				send(t, mux, "GET", "/p/"+taint+"?q="+taint, "")
			}
			s := drained(t, pair)
			if s.Shadows.Started == 0 {
				t.Errorf("%s at %v: no shadow ran: %v", name, stage, s.Shadows)
			}
			seen := migrate.Expvar(mux.Migrations()).String() + fmt.Sprintf("%+v", pair.Mismatches()) + mux.Progress().String()
			mu.Lock()
			seen += log.String()
			log.Reset()
			mu.Unlock()
			if i := strings.Index(seen, taint); i >= 0 {
				t.Errorf("%s at %v: a value leaked: …%s…", name, stage, seen[max(0, i-200):min(len(seen), i+60)])
			}
		}
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
