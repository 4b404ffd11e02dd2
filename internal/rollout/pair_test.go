package rollout_test

// A pair in a mux, without a server: who answers at each stage, whatever new does, and in whatever
// shape the pair is entered; and what is counted of it.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

const same = "both say this"

// flushed is http.ReadFrom, a flush and a write.
func flushed(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.Copy(w, strings.NewReader(same[:4]))
	_ = http.NewResponseController(w).Flush()
	_, _ = io.WriteString(w, same[4:])
}

func streamed(after int, err error) fetch.Handler {
	return func(*fetch.Request) (*fetch.Response, error) {
		return fetch.StreamFunc(func(w *fetch.Writer) error {
			if after > 0 {
				_, _ = w.WriteString(same[:after])
				_ = w.Flush()
			}
			if err != nil {
				return err
			}
			_, err := w.WriteString(same[after:])
			return err
		}, fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"))
	}
}

var errNew = errors.New("new has no database")

// behaviours are what new may do. What is answered of it, "" for what is answered with 500; and
// what it counts as.
var behaviours = []struct {
	name string
	next fetch.Handler
	body string
	out  migrate.Outcome
}{
	{"answers", func(*fetch.Request) (*fetch.Response, error) { return fetch.Text(same) }, same, migrate.Answered},
	{"answers otherwise", func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("new") }, "new", migrate.Answered},
	{"reads the body", func(req *fetch.Request) (*fetch.Response, error) {
		s, err := req.Text()
		return fetch.Must(fetch.Text(same[:len(same)-len(s)] + s)), err
	}, same, migrate.Answered},
	{"streams", streamed(5, nil), same, migrate.Answered},
	{"is an http.Handler", fetch.FromHTTP(http.HandlerFunc(flushed)), same, migrate.Answered},
	{"is a mutable handler", adapt.ToFetch(func(_ *reqres.Request, res *reqres.Response) error {
		return res.Type("text/plain; charset=utf-8").Send(same)
	}), same, migrate.Answered},
	{"is a mutable handler that fails", adapt.ToFetch(func(*reqres.Request, *reqres.Response) error { return errNew }), "", migrate.Failed},
	{"fails", func(*fetch.Request) (*fetch.Response, error) { return nil, errNew }, "", migrate.Failed},
	{"panics", func(*fetch.Request) (*fetch.Response, error) { panic(errNew) }, "", migrate.Panicked},
	{"declines", func(*fetch.Request) (*fetch.Response, error) { return nil, migrate.ErrDecline }, "", migrate.Declined},
}

// entrances are what may stand around a pair.
var entrances = map[string]func(r *adapt.Routes){
	"alone":                    func(*adapt.Routes) {},
	"behind fetch middleware":  func(r *adapt.Routes) { r.UseFetch(func(h fetch.Handler) fetch.Handler { return h }) },
	"behind reqres middleware": func(r *adapt.Routes) { r.UseReqRes(func(h reqres.Handler) reqres.Handler { return h }) },
	"behind a wrapper": func(r *adapt.Routes) {
		r.UseFetch(func(h fetch.Handler) fetch.Handler {
			return func(req *fetch.Request) (*fetch.Response, error) { return h(req) }
		})
	},
	"behind net/http middleware": func(r *adapt.Routes) {
		r.Use(func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) })
		})
	},
	"behind fetch.ETag": func(r *adapt.Routes) { r.UseFetch(fetch.ETag) },
}

var plans = []migrate.Plan{
	{Stage: migrate.Old}, {Stage: migrate.Shadow}, {Stage: migrate.Canary, Share: 1}, {Stage: migrate.Live}, {Stage: migrate.New},
}

// newMux has one pair, for every method of /x, and sheds no shadow.
func newMux(t *testing.T, plan migrate.Plan, use func(*adapt.Routes), old reqres.Handler, next fetch.Handler) (*adapt.Mux, *migrate.Pair) {
	t.Helper()
	c := migrate.Config{
		Plan: plan, Key: func(*http.Request) (string, bool) { return "k", true }, Rules: parity.Rules{Ignore: []string{"header.etag"}},
		Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, Control: -1, Sample: 1, Timeout: 30 * time.Second},
		Guard:  migrate.GuardConfig{Off: true},
	}
	var pair *migrate.Pair
	mux, err := adapt.Config{Logger: slog.New(slog.DiscardHandler)}.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
			use(r)
			pair = r.Migrate("ANY", "/x", old, next)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return mux, pair
}

func TestPairs(t *testing.T) {
	olds := map[string]reqres.Handler{
		"mutable": func(req *reqres.Request, res *reqres.Response) error {
			_, err := req.Bytes()
			return errors.Join(err, res.Type("text/plain; charset=utf-8").Send(same))
		},
		"http": reqres.FromHTTP(http.HandlerFunc(flushed)),
	}
	for around, use := range entrances {
		for kind, old := range olds {
			for _, b := range behaviours {
				t.Run(around+"/"+kind+"/"+b.name, func(t *testing.T) {
					for _, plan := range plans {
						for _, method := range []string{"GET", "POST"} {
							mux, pair := newMux(t, plan, use, old, b.next)
							body := ""
							if b.name == "reads the body" {
								body = same[3:]
							}
							w := httptest.NewRecorder()
							mux.ServeHTTP(w, httptest.NewRequest(method, "/x", strings.NewReader(body)))
							if err := mux.Shutdown(t.Context()); err != nil {
								t.Error(err)
							}

							s := pair.Snapshot()
							want, outOfNew := "200 "+same, uint64(0)
							if plan.Stage >= migrate.Canary {
								outOfNew = 1
								fallsBack := b.body == "" && plan.Stage != migrate.New && (method == "GET" || b.out == migrate.Declined)
								switch {
								case b.body != "":
									want = "200 " + b.body
								case !fallsBack:
									want = `500 {"error":"Internal Server Error"}`
								}
								if fell := s.Fallbacks[migrate.FallbackRun]; (fell == 1) != fallsBack {
									t.Errorf("%v, %s: %d fallbacks", plan, method, fell)
								}
							}
							if got := fmt.Sprint(w.Code, " ", w.Body); got != want {
								t.Errorf("%v, %s: answered %s, want %s", plan, method, got, want)
							}
							if s.New[b.out] != outOfNew {
								t.Errorf("%v, %s: new is counted as %v", plan, method, s.New)
							}
							compared := plan.Stage == migrate.Shadow && method == "GET"
							if equal := b.body == same || b.out == migrate.Declined; compared && equal != (s.Mismatch == 0) {
								t.Errorf("%v, %s: %d mismatches, shadows %+v", plan, method, s.Mismatch, s.Shadows)
							}
							if compared && s.Shadows.Started != 1 {
								t.Errorf("%v, %s: %+v", plan, method, s.Shadows)
							}
						}
					}
				})
			}
		}
	}
}

// A stream of new that fails is answered by old as long as nothing of it has gone out, and is cut
// off afterwards, where it is Broken.
func TestStreamsOfNew(t *testing.T) {
	old := func(_ *reqres.Request, res *reqres.Response) error { return res.Send("old") }
	for _, c := range []struct {
		after int
		want  string
		out   migrate.Outcome
	}{
		{0, "200 old", migrate.Failed},
		{5, "200 " + same[:5], migrate.Broken},
	} {
		for _, plan := range plans[2:4] {
			mux, pair := newMux(t, plan, entrances["alone"], old, streamed(c.after, errNew))
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
			if err := mux.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
			if got := fmt.Sprint(w.Code, " ", w.Body); got != c.want {
				t.Errorf("%v: a stream that fails after %d bytes is %s, want %s", plan, c.after, got, c.want)
			}
			if s := pair.Snapshot(); s.New[c.out] != 1 {
				t.Errorf("%v: a stream that fails after %d bytes is counted as %v", plan, c.after, s.New)
			}
		}
	}
}

// sidesLogged is a handler for slog that keeps of each record the side and the beginning of the
// error.
type sidesLogged struct {
	slog.Handler
	told *[]string
}

func (l sidesLogged) Enabled(context.Context, slog.Level) bool { return true }

func (l sidesLogged) Handle(_ context.Context, r slog.Record) error {
	side, err := "", ""
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "side":
			side = a.Value.String()
		case "error":
			err = a.Value.String()
		}
		return true
	})
	*l.told = append(*l.told, fmt.Sprintf("%s: %.21s", side, err))
	return nil
}

// What is told of a request that is watched, whether it has a shadow or not, and whatever stands
// around the pair: the answer, which side has given it, what new came to, and what the log says.
func TestWhatIsToldOfAWatchedRequest(t *testing.T) {
	const instead, alone = "new: the new handler faile", "new: new has no database"
	fails := func(*fetch.Request) (*fetch.Response, error) { return nil, errNew }
	panics := func(*fetch.Request) (*fetch.Response, error) { panic(errNew) }
	for _, c := range []struct {
		rule, method string
		next         fetch.Handler
		answer       string
		side         string // that has answered
		new          migrate.Outcome
		old          int // requests that old has answered
		shadow       string
		log          []string
	}{
		{"an answer", "GET", func(*fetch.Request) (*fetch.Response, error) { return fetch.Text(same) }, "200 " + same, "new", migrate.Answered, 0, "different", nil},
		{"a failure that old answers", "GET", fails, "200 " + same, "old", migrate.Failed, 1, "server-broke", []string{instead}},
		{"a failure of an unsafe method", "POST", fails, `500 {"error":"Internal Server Error"}`, "new", migrate.Failed, 0, "method", []string{alone}},
		{"a 503 of an unsafe method", "POST", func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("new", fetch.Status(503)) }, "503 new", "new", migrate.Failed, 0, "method", nil},
		{"a panic that old answers", "GET", panics, "200 " + same, "old", migrate.Panicked, 1, "server-broke", []string{instead}},
		{"a panic of an unsafe method", "POST", panics, `500 {"error":"Internal Server Error"}`, "new", migrate.Panicked, 0, "method", []string{"new: the handler panicked:"}},
		{"a decline", "POST", func(*fetch.Request) (*fetch.Response, error) { return nil, migrate.ErrDecline }, "200 " + same, "old", migrate.Declined, 1, "method", nil},
		{"a stream that breaks", "GET", streamed(5, errNew), "200 both ", "new", migrate.Broken, 0, "baseline", []string{alone}},
		{"a stream that breaks, of an unsafe method", "POST", streamed(5, errNew), "200 both ", "new", migrate.Broken, 0, "method", []string{alone}},
		{"a stream to its end", "GET", streamed(5, nil), "200 " + same, "new", migrate.Answered, 0, "different", nil},
	} {
		for around, use := range entrances {
			for _, sample := range []float64{1, -1} {
				t.Run(fmt.Sprint(c.rule, " ", around, ", sample ", sample), func(t *testing.T) {
					var log, sides []string
					mux, pair := liveMux(t, slog.New(sidesLogged{told: &log}), sample, func(r *adapt.Routes) {
						r.OnEnd(func(e adapt.Ended) { sides = append(sides, e.Side) })
						use(r)
					}, c.next)
					w := httptest.NewRecorder()
					w.Header().Set("X-Around", "1") // by what is around the mux
					mux.ServeHTTP(w, httptest.NewRequest(c.method, "/x", http.NoBody))
					if err := mux.Shutdown(t.Context()); err != nil {
						t.Error(err)
					}
					if got := fmt.Sprint(w.Code, " ", w.Body); got != c.answer || w.Code == 200 && w.Header().Get("X-Around") == "" {
						t.Errorf("answered %s %v, want %s", got, w.Header(), c.answer)
					}
					if diff := cmp.Diff([]string{c.side}, sides); diff != "" {
						t.Errorf("the side that has answered (-want +got)\n%s", diff)
					}
					if diff := cmp.Diff(c.log, log); diff != "" {
						t.Errorf("log (-want +got)\n%s", diff)
					}
					s := pair.Snapshot()
					if s.New[c.new] != 1 || total(s.New) != 1 || total(s.Old) != uint64(c.old) {
						t.Errorf("counted new %v, old %v", s.New, s.Old)
					}
					if sh := s.Shadows; sample == 1 && sh.Results[migrate.Result(c.shadow)]+sh.Skipped[migrate.Skip(c.shadow)] != 1 {
						t.Errorf("its shadow: skipped %v, ended %v, want one %q", sh.Skipped, sh.Results, c.shadow)
					}
					if s.Shadows.Reserved != 0 || s.Shadows.Running != 0 || s.Shadows.Bytes != 0 {
						t.Errorf("left of the shadow: %+v", s.Shadows)
					}
				})
			}
		}
	}
}

// A pair with so many requests that few of them are timed leaves old its part of the time that a
// request has all the same.
func TestUntimedRequestsLeaveOldItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mux, pair := liveMux(t, slog.New(slog.DiscardHandler), -1, entrances["alone"], func(req *fetch.Request) (*fetch.Response, error) {
			if _, late := req.Context().Deadline(); late {
				time.Sleep(900 * time.Millisecond)
				return nil, errNew
			}
			time.Sleep(125 * time.Microsecond)
			return fetch.Text(same)
		})
		for range 8000 { // in two blocks of time
			mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", http.NoBody))
		}
		const late = 20
		for range late {
			go func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/x", http.NoBody).WithContext(ctx))
			}()
		}
		time.Sleep(time.Minute)
		timed := uint64(0)
		for _, n := range pair.Buckets("new") {
			timed += n
		}
		if s := pair.Snapshot(); s.Fallbacks[migrate.FallbackLate] != late || timed > 7000 {
			t.Errorf("of %d failures in the last tenth of their time, fallbacks %v; %d of 8000 requests were timed", late, s.Fallbacks, timed)
		}
		if err := mux.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// liveMux has one pair at Live, for every method of /x.
func liveMux(t *testing.T, log *slog.Logger, sample float64, use func(*adapt.Routes), next fetch.Handler) (*adapt.Mux, *migrate.Pair) {
	t.Helper()
	var pair *migrate.Pair
	mux, err := adapt.Config{Logger: log}.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{
			Plan:   migrate.Plan{Stage: migrate.Live},
			Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, Control: -1, Sample: sample, Timeout: 30 * time.Second},
		}}, func(r *adapt.Routes) {
			use(r)
			pair = r.Migrate("ANY", "/x", func(_ *reqres.Request, res *reqres.Response) error { return res.Send(same) }, next)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return mux, pair
}

func total(counts map[migrate.Outcome]uint64) (n uint64) {
	for _, count := range counts {
		n += count
	}
	return n
}
