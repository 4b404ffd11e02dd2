package migrations_test

// A pair in the mux: who serves at which stage, in which shape, at what cost.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// around are the ways in which middleware may stand around a pair. They decide in which shape it is
// entered.
var around = []struct {
	name string
	use  func(r *adapt.Routes)
}{
	{"nothing", func(*adapt.Routes) {}},
	{"fetch middleware", func(r *adapt.Routes) { r.UseFetch(served.PassFetch) }},
	{"reqres middleware", func(r *adapt.Routes) { r.UseReqRes(served.PassReqRes) }},
	{"net/http middleware", func(r *adapt.Routes) { r.Use(served.PassHTTP) }},
	{"all of them", func(r *adapt.Routes) {
		r.UseFetch(served.PassFetch)
		r.Use(served.PassHTTP)
		r.UseReqRes(served.PassReqRes)
	}},
}

// migration is a mux with one pair at every path, behind what use puts there.
func migration(t testing.TB, c migrate.Config, method string, use func(*adapt.Routes), old reqres.Handler, next fetch.Handler) (*adapt.Mux, *migrate.Pair) {
	t.Helper()
	var pair *migrate.Pair
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
			use(r)
			pair = r.Migrate(method, "/p/:id", old, next)
		})
	})
	t.Cleanup(func() {
		if err := mux.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return mux, pair
}

func send(t testing.TB, h http.Handler, method, target, body string) served.Answer {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(method, target, strings.NewReader(body)))
	res := rec.Result()
	return served.Answer{Status: res.StatusCode, Header: res.Header, Body: rec.Body.String()}
}

// drained waits for the shadows and returns what the pair has counted.
func drained(t testing.TB, p *migrate.Pair) migrate.Snapshot {
	t.Helper()
	if err := p.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	return await(t, p, func(s migrate.Snapshot) bool { // a client that has left does not wait for the end
		var skipped, results uint64
		for _, n := range s.Shadows.Skipped {
			skipped += n
		}
		for _, n := range s.Shadows.Results {
			results += n
		}
		return s.Shadows.Offered == skipped+s.Shadows.Reserved+s.Shadows.Started && s.Shadows.Started == results+s.Shadows.Running
	})
}

func TestWhoServesAtEachStage(t *testing.T) {
	type want struct {
		Served   string
		Old, New map[migrate.Outcome]uint64
		Ran      []string // the sides that were called, in order
		Results  map[migrate.Result]uint64
	}
	oldServes := want{Served: "old", Old: map[migrate.Outcome]uint64{migrate.Answered: 1}, New: map[migrate.Outcome]uint64{}, Ran: []string{"old"}, Results: map[migrate.Result]uint64{}}
	newServes := want{Served: "new", New: map[migrate.Outcome]uint64{migrate.Answered: 1}, Old: map[migrate.Outcome]uint64{}, Ran: []string{"new"}, Results: map[migrate.Result]uint64{}}
	different := map[migrate.Result]uint64{migrate.ResultDifferent: 1}
	shadowed, live := oldServes, newServes
	shadowed.Ran, shadowed.Results = []string{"old", "new in the shadow"}, different
	live.Ran, live.Results = []string{"new", "old in the shadow"}, different
	for stage, w := range map[migrate.Stage]want{
		migrate.Old: oldServes, migrate.Shadow: shadowed, migrate.Canary: newServes, migrate.Live: live, migrate.New: newServes,
	} {
		for _, a := range around {
			for _, method := range []string{"GET", "ANY"} {
				t.Run(fmt.Sprint(stage, " behind ", a.name, " ", method), func(t *testing.T) {
					var mu sync.Mutex
					var ran []string
					says := func(who string, ctx context.Context) string {
						mu.Lock()
						defer mu.Unlock()
						said := who
						if migrate.IsShadow(ctx) {
							said += " in the shadow"
						}
						ran = append(ran, said)
						return who
					}
					old := func(req *reqres.Request, res *reqres.Response) error {
						return res.Send(says("old", req.Context()))
					}
					next := func(req *fetch.Request) (*fetch.Response, error) {
						return fetch.HTML(says("new", req.Context()))
					}
					mux, pair := migration(t, served.Patient(stage), method, a.use, old, next)
					got := want{Served: send(t, mux, "GET", "/p/1", "").Body}
					s := drained(t, pair)
					got.Old, got.New, got.Ran, got.Results = served.Counted(s.Old), served.Counted(s.New), ran, served.Counted(s.Shadows.Results)
					if d := cmp.Diff(w, got); d != "" {
						t.Errorf("(-want +got)\n%s", d)
					}
					mux, pair = migration(t, served.Patient(stage), method, a.use, old, next)
					ran = nil
					res, err := mux.Fetch(fetch.NewRequest("GET", "/p/1"))
					if err != nil {
						t.Fatal(err)
					}
					if body, _ := res.Text(); body != w.Served {
						t.Errorf("in process: %q answers, not %q", body, w.Served)
					}
					s = drained(t, pair)
					if d := cmp.Diff([]any{w.Old, w.New, w.Ran}, []any{served.Counted(s.Old), served.Counted(s.New), ran}); d != "" {
						t.Errorf("in process (-want +got)\n%s", d)
					}
				})
			}
		}
	}
}

// The key of a canary sees the path values and what middleware has left in the context, in whatever
// shape the pair is entered.
func TestCanaryKeySeesPathValuesAndContext(t *testing.T) {
	type key struct{}
	c := served.Patient(migrate.Canary)
	var saw atomic.Value
	c.Key = func(r *http.Request) (string, bool) {
		saw.Store(fmt.Sprint(r.PathValue("id"), " ", r.Context().Value(key{})))
		return "k", true
	}
	for name, use := range map[string]func(*adapt.Routes){
		"fetch": func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler {
				return func(req *fetch.Request) (*fetch.Response, error) {
					return next(req.WithContext(context.WithValue(req.Context(), key{}, "ann")))
				}
			})
		},
		"reqres": func(r *adapt.Routes) {
			r.UseReqRes(func(next reqres.Handler) reqres.Handler {
				return func(req *reqres.Request, res *reqres.Response) error {
					req.SetContext(context.WithValue(req.Context(), key{}, "ann"))
					return next(req, res)
				}
			})
		},
		"net/http": func(r *adapt.Routes) {
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "ann")))
				})
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			mux, _ := migration(t, c, "GET", use, served.OldSays("old"), served.Says("new"))
			if got := send(t, mux, "GET", "/p/a%2Fb", "").Body; got != "new" || saw.Load() != "a/b ann" {
				t.Errorf("%s answered to the key of %q", got, saw.Load())
			}
		})
	}
}

// What a Key sees, how often it is asked, and so who serves, does not depend on what stands around
// the pair, on the method or on a body. What it has seen the handlers see as well.
func TestKeySeesTheSameWhateverStandsAround(t *testing.T) {
	names := []string{"id", "a", "b", "c", "d", "rest"}
	values := func(of func(name string) string) (found []string) {
		for _, name := range names {
			if v := of(name); v != "" {
				found = append(found, name+"="+v)
			}
		}
		return found
	}
	for _, c := range []struct {
		method, pattern, target string
		want                    []string
	}{
		{"GET", "/p", "/p", nil},
		{"GET", "/p/:id", "/p/7", []string{"id=7"}},
		{"GET", "/p/:id", "/p/a%2Fb%20%C3%A9", []string{"id=a/b é"}},
		{"POST", "/p/:id", "/p/a%2Fb", []string{"id=a/b"}},
		{"GET", "/p/:a/x/:b/:c/:d", "/p/1/x/2/3/4", []string{"a=1", "b=2", "c=3", "d=4"}},
		{"GET", "/p/:id/*rest", "/p/1/2/3%2F4", []string{"id=1", "rest=2/3/4"}},
		{"GET", "/p/[[...rest]]", "/p", nil},
		{"GET", "/p/[[...rest]]", "/p/1/2", []string{"rest=1/2"}},
	} {
		for _, a := range around {
			for _, user := range []string{"user 1", "user 2", "user 3", "user 4"} {
				t.Run(fmt.Sprint(c.method, " ", c.pattern, " for ", c.target, " behind ", a.name, " by ", user), func(t *testing.T) {
					var asked [][]string
					config := served.Patient(migrate.Canary)
					config.Plan.Share = 0.5
					config.Key = func(r *http.Request) (string, bool) {
						asked = append(asked, append(values(r.PathValue), r.Pattern))
						return r.Header.Get("User"), true
					}
					var saw []string
					var pair *migrate.Pair
					mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
						r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
							a.use(r)
							pair = r.Migrate(c.method, c.pattern,
								reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
									if !migrate.IsShadow(r.Context()) {
										saw = append(values(r.PathValue), r.Pattern)
									}
									fmt.Fprint(w, "old")
								})),
								func(req *fetch.Request) (*fetch.Response, error) {
									if !migrate.IsShadow(req.Context()) {
										saw = append(values(req.Param), req.Method()+" "+req.Route())
									}
									return fetch.Text("new")
								})
						})
					})
					var body io.Reader
					if c.method == "POST" {
						body = strings.NewReader("{}")
					}
					r := httptest.NewRequest(c.method, c.target, body)
					r.Header.Set("User", user)
					rec := httptest.NewRecorder()
					mux.ServeHTTP(rec, r)
					if err := mux.Shutdown(t.Context()); err != nil {
						t.Fatal(err)
					}
					serves := "old"
					if migrate.Bucket(pair.Name(), user) < 5000 {
						serves = "new"
					}
					if d := cmp.Diff([]any{serves, [][]string{saw}}, []any{rec.Body.String(), asked}); d != "" {
						t.Errorf("the key was asked, and who served saw (-handler +key)\n%s", d)
					}
					if d := cmp.Diff(c.want, saw[:len(saw)-1], cmpopts.EquateEmpty()); d != "" {
						t.Errorf("path values (-want +got)\n%s", d)
					}
				})
			}
		}
	}
}

// A key may be made of the body: the request then goes to the side that it says, also where Live
// holds keys back, and an http.Handler has the form that the key has parsed. Not so behind fetch
// middleware, where the body is used up.
func TestKeyOfTheBody(t *testing.T) {
	for _, a := range around {
		for i := range 12 {
			name := fmt.Sprint("user ", i/2)
			config := served.Patient(migrate.Canary)
			config.Plan.Share = 0.5
			if i%2 == 1 {
				config = served.Patient(migrate.Live)
				config.Guard.Holdback = 0.5
			}
			config.Key = func(r *http.Request) (string, bool) { return r.FormValue("user"), r.FormValue("user") != "" }
			var pair *migrate.Pair
			mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
				r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) {
					a.use(r)
					pair = r.Migrate("POST", "/p/:id", reqres.FromHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						fmt.Fprint(w, "old for ", r.FormValue("user"))
					})), served.Says("new"))
				})
			})
			r := httptest.NewRequest("POST", "/p/1", strings.NewReader(url.Values{"user": {name}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, r)
			want := "old for " + name
			if migrate.Bucket(pair.Name(), name) < 5000 {
				want = "new"
			}
			if a.name == "fetch middleware" {
				rec.Body.WriteString(strings.TrimPrefix(want, rec.Body.String()))
			}
			if s := pair.Snapshot(); rec.Body.String() != want || s.Keyless != 0 || s.KeyPanics != 0 {
				t.Errorf("behind %s: %q answers, want %q; %d without a key, %d panics", a.name, rec.Body, want, s.Keyless, s.KeyPanics)
			}
		}
	}
}

// At Old and at New a pair costs no allocation: what native routes need.
func TestPairAllocatesNothingAtOldAndNew(t *testing.T) {
	old := func(req *reqres.Request, res *reqres.Response) error { return res.Send("hello") }
	next := func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("hello") }
	for _, a := range around[:4] {
		var pair *migrate.Pair
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
			a.use(r)
			pair = r.Migrate("GET", "/pair/:id", old, next)
			r.ReqRes.GET("/old/:id", old)
			r.Fetch.GET("/new/:id", next)
		})
		allocs := func(path string) float64 {
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
			return testing.AllocsPerRun(200, func() {
				clear(w.Header())
				mux.ServeHTTP(w, r)
			})
		}
		if native, got := allocs("/old/1"), allocs("/pair/1"); got > native {
			t.Errorf("behind %s at stage Old: %v allocations, natively %v", a.name, got, native)
		}
		if err := pair.Set(migrate.Plan{Stage: migrate.New}, "test"); err != nil {
			t.Fatal(err)
		}
		if native, got := allocs("/new/1"), allocs("/pair/1"); got > native {
			t.Errorf("behind %s at stage New: %v allocations, natively %v", a.name, got, native)
		}
	}
}

// Nor does a canary by one of the keys of package migrate, whatever its path has.
func TestCanaryByReadyKeyAllocatesNothing(t *testing.T) {
	old := func(req *reqres.Request, res *reqres.Response) error { return res.Send("hello") }
	next := func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text("hello") }
	for _, c := range []struct {
		rule   string
		key    func(*http.Request) (string, bool)
		header string
		native string
	}{
		{"a header", migrate.HeaderKey("X-Key"), "k", "/new/1"},
		{"no header", migrate.HeaderKey("X-Key"), "", "/old/1"},
		{"no cookie", migrate.CookieKey("key"), "k", "/old/1"},
	} {
		config := migrate.Config{Plan: migrate.Plan{Stage: migrate.Canary, Share: 1}, Key: c.key, Shadow: migrate.ShadowConfig{Sample: -1}}
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
			r.Scope(adapt.Scope{Migration: config}, func(r *adapt.Routes) { r.Migrate("GET", "/pair/:id", old, next) })
			r.ReqRes.GET("/old/:id", old)
			r.Fetch.GET("/new/:id", next)
		})
		allocs := func(path string) float64 {
			w, r, one := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil), new(http.Request)
			r.Header.Set("X-Key", c.header)
			return testing.AllocsPerRun(200, func() {
				clear(w.Header())
				*one = *r // without the path values of the time before
				mux.ServeHTTP(w, one)
			})
		}
		if native, got := allocs(c.native), allocs("/pair/1"); got > native {
			t.Errorf("%s: %v allocations, natively %v", c.rule, got, native)
		}
	}
}

func BenchmarkPair(b *testing.B) {
	old := func(req *reqres.Request, res *reqres.Response) error {
		return res.JSON(map[string]string{"id": req.Param("id")})
	}
	next := func(req *fetch.Request) (*fetch.Response, error) {
		return fetch.JSON(map[string]string{"id": req.Param("id")})
	}
	var pair *migrate.Pair
	mux := served.NewMux(b, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Shadow: migrate.ShadowConfig{Sample: -1}}}, func(r *adapt.Routes) {
			pair = r.Migrate("GET", "/pair/:id", old, next)
		})
		r.ReqRes.GET("/old/:id", old)
		r.Fetch.GET("/new/:id", next)
	})
	run := func(name, path string, stage migrate.Stage) {
		b.Run(name, func(b *testing.B) {
			if err := pair.Set(migrate.Plan{Stage: stage}, "bench"); err != nil {
				b.Fatal(err)
			}
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
			b.ReportAllocs()
			for b.Loop() {
				clear(w.Header())
				w.Body.Reset()
				mux.ServeHTTP(w, r)
			}
		})
	}
	run("reqres native", "/old/1", migrate.Old)
	run("pair at Old", "/pair/1", migrate.Old)
	run("fetch native", "/new/1", migrate.Old)
	run("pair at New", "/pair/1", migrate.New)
	run("pair at Shadow, not sampled", "/pair/1", migrate.Shadow)
	run("pair at Live, not sampled", "/pair/1", migrate.Live)
}

// A Kill is seen by every request that begins after it has returned.
func TestKillIsSeenByEveryLaterRequest(t *testing.T) {
	for round := range 20 {
		mux, pair := migration(t, served.Patient(migrate.New), "GET", around[round%len(around)].use, served.OldSays("old"), served.Says("new"))
		var killed atomic.Bool
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 200 {
					late := killed.Load()
					if got := send(t, mux, "GET", "/p/1", "").Body; late && got != "old" {
						t.Errorf("%q answered after Kill had returned", got)
						return
					}
				}
			})
		}
		pair.Kill("test", "test")
		killed.Store(true)
		wg.Wait()
	}
}

// The scope around a scope gives it what its Migration leaves zero.
func TestMigrationIsInherited(t *testing.T) {
	var pairs []*migrate.Pair
	served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Name: "outer", Plan: migrate.Plan{Stage: migrate.Shadow}}}, func(r *adapt.Routes) {
			pairs = append(pairs, r.Migrate("GET", "/a", served.OldSays(""), served.Says("")))
			r.Scope(adapt.Scope{Migration: migrate.Config{Shadow: migrate.ShadowConfig{AllowUnsafe: "only reads"}}}, func(r *adapt.Routes) {
				pairs = append(pairs, r.Migrate("POST", "/b", served.OldSays(""), served.Says("")))
			})
		})
	})
	var got []string
	for _, p := range pairs {
		s := p.Snapshot()
		got = append(got, fmt.Sprint(s.Name, ", ", s.Plan, ", ", s.Unsafe))
	}
	if d := cmp.Diff([]string{"outer GET /a, shadow, ", "POST /b, shadow, only reads"}, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// What the guard sees of each side.
func TestOutcomes(t *testing.T) {
	type row struct {
		name string
		want migrate.Outcome
		old  reqres.Handler
		next fetch.Handler
	}
	failing := func(err error) (reqres.Handler, fetch.Handler) {
		return func(*reqres.Request, *reqres.Response) error { return err },
			func(*fetch.Request) (*fetch.Response, error) { return nil, err }
	}
	var rows []row
	add := func(name string, want migrate.Outcome, old reqres.Handler, next fetch.Handler) {
		rows = append(rows, row{name, want, old, next})
	}
	add("an answer", migrate.Answered, served.OldSays("x"), served.Says("x"))
	add("a 404", migrate.Refused, func(_ *reqres.Request, res *reqres.Response) error { return res.SendStatus(404) },
		func(*fetch.Request) (*fetch.Response, error) { return fetch.NotFound() })
	add("a 500", migrate.Failed, func(_ *reqres.Request, res *reqres.Response) error { return res.SendStatus(500) },
		func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("", fetch.Status(500)) })
	old, next := failing(fetch.Errorf(403, "no"))
	add("a 403 error", migrate.Refused, old, next)
	old, next = failing(errors.New("broken"))
	add("an error", migrate.Failed, old, next)
	old, next = failing(&http.MaxBytesError{Limit: 1})
	add("a body too large", migrate.Refused, old, next)
	old, next = failing(http.ErrAbortHandler)
	add("an abort", migrate.Broken, old, next)
	old, next = failing(migrate.ErrDecline)
	add("a decline", migrate.Declined, old, next)
	old, next = failing(fetch.AsError(fetch.Redirect("/x")))
	add("a redirect as an error", migrate.Answered, old, next)
	add("a panic", migrate.Panicked, func(*reqres.Request, *reqres.Response) error { panic("x") },
		func(*fetch.Request) (*fetch.Response, error) { panic("x") })
	add("no answer", migrate.Failed, func(*reqres.Request, *reqres.Response) error { return nil },
		func(*fetch.Request) (*fetch.Response, error) { return nil, nil })
	for _, r := range rows {
		for _, a := range around {
			for _, stage := range []migrate.Stage{migrate.Old, migrate.New, migrate.Live} {
				c := served.Patient(stage)
				c.Fallback = migrate.FallbackOff
				mux, pair := migration(t, c, "GET", a.use, r.old, r.next)
				func() {
					defer func() { _ = recover() }()
					send(t, mux, "GET", "/p/1", "")
				}()
				s := pair.Snapshot()
				got := s.Old
				if stage != migrate.Old {
					got = s.New
				}
				if d := cmp.Diff(map[migrate.Outcome]uint64{r.want: 1}, served.Counted(got)); d != "" {
					t.Errorf("%s at %v behind %s (-want +got)\n%s", r.name, stage, a.name, d)
				}
			}
		}
	}
}

func TestMigrateTakesAny(t *testing.T) {
	mux, pair := migration(t, migrate.Config{}, "ANY", func(*adapt.Routes) {}, served.OldSays("old"), served.Says("new"))
	for _, method := range []string{"GET", "POST", "DELETE", "PROPFIND"} {
		if got := send(t, mux, method, "/p/1", "").Body; got != "old" {
			t.Errorf("%s: %q", method, got)
		}
	}
	if got := slices.Collect(mux.Migrations()); len(got) != 1 || got[0] != pair || pair.Name() != "ANY /p/:id" {
		t.Errorf("Migrations lists %v", got)
	}
}
