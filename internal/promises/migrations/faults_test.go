package migrations_test

// Whatever a side does that nobody waits for, and whatever the other one answers: a client gets the
// bytes that it would get without the pair.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// wire returns the very bytes that a server answers, but for the date.
func wire(t testing.TB, s *httptest.Server, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil && len(answer) == 0 {
		return "cut off"
	}
	return date.ReplaceAllString(string(answer), "")
}

var date = regexp.MustCompile("Date: [^\r]*\r\n")

func get(path string) string {
	return "GET " + path + " HTTP/1.1\r\nHost: h\r\nX-Who: ann\r\nCookie: a=b\r\nConnection: close\r\n\r\n"
}

func post(path, body string) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", path, len(body), body)
}

type bigStack struct{ b [1 << 10]byte }

func recursion(n int, b bigStack) int {
	if n == 0 {
		return int(b.b[0])
	}
	return recursion(n-1, b) + 1
}

// misbehaviours are what a candidate does; release ends those that nothing else ends.
func misbehaviours(release <-chan struct{}) map[string]served.Twins {
	both := func(f func(ctx context.Context) error) served.Twins {
		return served.Twins{
			ReqRes: func(req *reqres.Request, res *reqres.Response) error {
				if err := f(req.Context()); err != nil {
					return err
				}
				return res.Send("x")
			},
			Fetch: func(req *fetch.Request) (*fetch.Response, error) {
				if err := f(req.Context()); err != nil {
					return nil, err
				}
				return fetch.Text("x")
			},
		}
	}
	writes := func(f func(ctx context.Context, w io.Writer) error) served.Twins {
		return served.Twins{
			ReqRes: func(req *reqres.Request, res *reqres.Response) error { return f(req.Context(), res) },
			Fetch: func(req *fetch.Request) (*fetch.Response, error) {
				return fetch.StreamFunc(func(w *fetch.Writer) error { return f(req.Context(), w) })
			},
		}
	}
	asHTTP := func(f http.HandlerFunc) served.Twins {
		return served.Twins{ReqRes: reqres.FromHTTP(f), Fetch: fetch.FromHTTP(f)}
	}
	return map[string]served.Twins{
		"answers something else": {
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				return res.Status(201).Set("X-Candidate", "1").Cookie("candidate", "1", reqres.CookieOptions{}).JSON([]int{1})
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.JSON([]int{1}, fetch.Status(201), fetch.SetHeader("X-Candidate", "1"), fetch.SetCookie("candidate", "1", fetch.CookieOptions{}))
			},
		},
		"returns an error": both(func(context.Context) error { return errors.New("candidate") }),
		"panics":           both(func(context.Context) error { panic("candidate") }),
		"writes to a nil map": both(func(context.Context) error {
			none := func() map[string]int { return nil }
			none()["x"]++
			return nil
		}),
		"aborts":                     both(func(context.Context) error { panic(http.ErrAbortHandler) }),
		"ends its goroutine":         both(func(context.Context) error { runtime.Goexit(); return nil }),
		"hangs until its time is up": both(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }),
		"hangs":                      both(func(context.Context) error { <-release; return nil }),
		"writes without end": writes(func(_ context.Context, w io.Writer) error {
			for {
				if _, err := w.Write(make([]byte, 4<<10)); err != nil {
					return err
				}
			}
		}),
		"writes without end and listening": writes(func(_ context.Context, w io.Writer) error {
			for range 5000 {
				_, _ = w.Write(make([]byte, 4<<10))
			}
			return nil
		}),
		"allocates": both(func(context.Context) error {
			b := make([]byte, 100<<20)
			b[len(b)/2] = 1
			return nil
		}),
		"recurses": both(func(context.Context) error { recursion(full.Size(1000, 10_000), bigStack{}); return nil }),
		"changes its request": asHTTP(func(w http.ResponseWriter, r *http.Request) {
			clear(r.Header)
			r.Header.Set("X-Who", "candidate")
			r.URL.Path, r.URL.RawQuery, r.Host, r.Method = "/candidate", "x", "candidate", "TRACE"
			r.SetPathValue("id", "candidate")
			_ = r.ParseForm()
		}),
		"reads its body twice and closes it": asHTTP(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			_, _ = io.ReadAll(r.Body)
			r.Body.Close()
			r.Body.Close()
		}),
		"goes on after it has returned": asHTTP(func(w http.ResponseWriter, r *http.Request) {
			go func() {
				for range 20 {
					_, _ = w.Write([]byte("candidate"))
				}
			}()
		}),
		"wants the connection": asHTTP(func(w http.ResponseWriter, r *http.Request) {
			rc := http.NewResponseController(w)
			_, _, err := rc.Hijack()
			_ = rc.SetReadDeadline(time.Now())
			_ = rc.SetWriteDeadline(time.Now())
			_ = rc.EnableFullDuplex()
			if p, ok := w.(http.Pusher); ok {
				_ = p.Push("/x", nil)
			}
			_ = rc.Flush()
			fmt.Fprint(w, err)
		}),
		"sends a head that is none": asHTTP(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Bad Name"] = []string{"a\r\nb"}
			w.Header().Set("Content-Length", "-3")
			w.WriteHeader(299)
			w.WriteHeader(500)
		}),
		"leaves work behind": both(func(ctx context.Context) error {
			return adapt.After(ctx, func(context.Context) { panic("After ran in a shadow") })
		}),
	}
}

// echo is a handler whose answer shows all that it was given.
func echo() served.Twins {
	show := func(req served.Request) string {
		body, err := req.Text()
		return fmt.Sprint(req.Method(), " ", req.Path(), " ", req.Param("id"), " ", req.Query("q"), " ", req.Header("X-Who"), " ", req.Header("Host"), " ", body, err)
	}
	return served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			return res.Cookie("live", "1", reqres.CookieOptions{Path: "/"}).Set("X-Live", "1").Send(show(req))
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			return fetch.Text(show(req), fetch.SetHeader("X-Live", "1"), fetch.SetCookie("live", "1", fetch.CookieOptions{Path: "/"}))
		},
	}
}

func TestNoCandidateTouchesTheLiveAnswer(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) }) // before the muxes are shut down: see below
	rounds := full.Size(1, 3)
	live := echo()
	kinds := misbehaviours(release)
	for i, name := range slices.Sorted(maps.Keys(kinds)) {
		bad := kinds[name]
		for _, stage := range []migrate.Stage{migrate.Shadow, migrate.Canary, migrate.Live} {
			for shape, candidate := range map[string]served.Twins{
				"reqres": {ReqRes: bad.ReqRes, Fetch: adapt.ToFetch(bad.ReqRes)},
				"fetch":  {ReqRes: adapt.ToReqRes(bad.Fetch), Fetch: bad.Fetch},
			} {
				a := around[(i+int(stage))%len(around)]
				t.Run(fmt.Sprint(name, "/", stage, "/", shape), func(t *testing.T) {
					c := served.Patient(stage)
					c.Shadow.Timeout = 20 * time.Millisecond
					c.Shadow.AllowUnsafe = "a test"
					c.Plan.Share = 0
					sides := served.Twins{ReqRes: live.ReqRes, Fetch: candidate.Fetch}
					if stage == migrate.Live {
						sides = served.Twins{ReqRes: candidate.ReqRes, Fetch: live.Fetch}
					}
					var pair *migrate.Pair
					mux := served.NewMux(t, adapt.Config{Answers: adapt.Standard}, func(r *adapt.Routes) {
						r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
							a.use(r)
							pair = r.Migrate("ANY", "/p/:id", sides.ReqRes, sides.Fetch)
						})
					})
					twin := served.NewMux(t, adapt.Config{Answers: adapt.Standard}, func(r *adapt.Routes) {
						r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
							a.use(r)
							if stage == migrate.Live {
								r.Fetch.Any("/p/:id", live.Fetch)
							} else {
								r.ReqRes.Any("/p/:id", live.ReqRes)
							}
						})
					})
					with, without := served.Serve(t, mux, false), served.Serve(t, twin, false)
					for range rounds {
						for _, request := range []string{get("/p/7?q=1"), post("/p/7", "a body"), strings.Replace(get("/p/7"), "GET", "HEAD", 1)} {
							if want, got := wire(t, without, request), wire(t, with, request); got != want {
								t.Fatalf("%s\nanswered with the pair (-without +with)\n%s", request, cmp.Diff(want, got))
							}
						}
					}
					s := pair.Snapshot()
					if s.Shadows.Offered != uint64(3*rounds) {
						t.Errorf("%d requests were offered to the shadow: %+v", s.Shadows.Offered, s.Shadows)
					}
					if name != "hangs" {
						drained(t, pair)
					}
				})
			}
		}
	}
}

// What a serving side may answer, good or bad.
func answers(dir string) map[string]served.Twins {
	asHTTP := func(f http.HandlerFunc) served.Twins {
		return served.Twins{ReqRes: reqres.FromHTTP(f), Fetch: fetch.FromHTTP(f)}
	}
	streamed := func(f func(w interface {
		io.Writer
		Flush() error
	}) error) served.Twins {
		return served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return f(res) },
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.StreamFunc(func(w *fetch.Writer) error { return f(w) })
			},
		}
	}
	file := filepath.Join(dir, "file")
	return map[string]served.Twins{
		"text":  {ReqRes: served.OldSays("hello"), Fetch: served.Says("hello")},
		"large": {ReqRes: served.OldSays(strings.Repeat("x", 100_000)), Fetch: served.Says(strings.Repeat("x", 100_000))},
		"empty": {
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.SendStatus(204) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() },
		},
		"error": {
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				res.Set("X-Set", "before")
				return fetch.Errorf(409, "taken")
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(409, "taken") },
		},
		"unknown error": {
			ReqRes: func(*reqres.Request, *reqres.Response) error { return errors.New("x") },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, errors.New("x") },
		},
		"panic": {
			ReqRes: func(*reqres.Request, *reqres.Response) error { panic("x") },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { panic("x") },
		},
		"abort": {
			ReqRes: func(*reqres.Request, *reqres.Response) error { panic(http.ErrAbortHandler) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { panic(http.ErrAbortHandler) },
		},
		"nothing": {
			ReqRes: func(*reqres.Request, *reqres.Response) error { return nil },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, nil },
		},
		"body too large": {
			ReqRes: func(req *reqres.Request, _ *reqres.Response) error { return fetch.Errorf(413, "too large") },
			Fetch:  func(req *fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(413, "too large") },
		},
		"stream": streamed(func(w interface {
			io.Writer
			Flush() error
		}) error {
			for i := range 3 {
				fmt.Fprintf(w, "part %d\n", i)
				if err := w.Flush(); err != nil {
					return err
				}
			}
			return nil
		}),
		"stream that breaks": streamed(func(w interface {
			io.Writer
			Flush() error
		}) error {
			fmt.Fprint(w, "part")
			if err := w.Flush(); err != nil {
				return err
			}
			return errors.New("broken")
		}),
		"guessed type": asHTTP(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }),
		"file":         asHTTP(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) }),
		"copied file":  asHTTP(func(w http.ResponseWriter, r *http.Request) { f, _ := os.Open(file); defer f.Close(); io.Copy(w, f) }),
		"early hints":  asHTTP(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); fmt.Fprint(w, "x") }),
		"broken length": asHTTP(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			fmt.Fprint(w, "x")
		}),
		"trailer": asHTTP(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "X-T")
			fmt.Fprint(w, "x")
			w.Header().Set("X-T", "1")
		}),
		"an echoed body": asHTTP(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }),
	}
}

func TestPairAnswersTheBytesOfItsSide(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), bytes.Repeat([]byte("0123456789\n"), 2000), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, h := range answers(dir) {
		for _, stage := range []migrate.Stage{migrate.Old, migrate.Shadow, migrate.Canary, migrate.Live, migrate.New} {
			for i, a := range around {
				if !full.On && i%4 != 0 {
					continue // the first and the last say most
				}
				t.Run(fmt.Sprint(name, "/", stage, "/", a.name), func(t *testing.T) {
					c := served.Patient(stage)
					c.Fallback, c.Shadow.AllowUnsafe = migrate.FallbackOff, "a test"
					serving := func(r *adapt.Routes) { a.use(r); r.ReqRes.Any("/p", h.ReqRes) }
					old, next := h.ReqRes, fetch.Handler(served.Says("candidate"))
					if stage >= migrate.Canary {
						serving = func(r *adapt.Routes) { a.use(r); r.Fetch.Any("/p", h.Fetch) }
						old, next = served.OldSays("candidate"), h.Fetch
					}
					head := func(r *http.Request, status int, h http.Header) { h.Set("X-Head", fmt.Sprint(status)) }
					mux := served.NewMux(t, adapt.Config{Answers: adapt.Standard}, func(r *adapt.Routes) {
						r.OnHead(head)
						r.Scope(adapt.Scope{Migration: c}, func(r *adapt.Routes) {
							a.use(r)
							r.Migrate("ANY", "/p", old, next)
						})
					})
					twin := served.NewMux(t, adapt.Config{Answers: adapt.Standard, Logger: slog.New(slog.DiscardHandler)}, func(r *adapt.Routes) {
						r.OnHead(head)
						r.Scope(adapt.Scope{}, serving)
					})
					with, without := served.Serve(t, mux, false), served.Serve(t, twin, false)
					for _, request := range []string{get("/p"), strings.Replace(get("/p"), "GET", "HEAD", 1), post("/p", "a body")} {
						if want, got := wire(t, without, request), wire(t, with, request); got != want {
							t.Errorf("%s\nanswered with the pair (-without +with)\n%s", request, cmp.Diff(want, got))
						}
					}
					if err := mux.Shutdown(t.Context()); err != nil {
						t.Error(err)
					}
					for p := range mux.Migrations() {
						drained(t, p)
					}
				})
			}
		}
	}
}
