package adapt_test

// Each cell of the table in MIDDLEWARE.md.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// probe is middleware of one kind: what it does, and what it has seen.
type probe struct {
	refuse, put, head bool

	runs       int
	route      string // when it ran
	routeAfter string // when the handler had returned
	user       string // in its context, when the handler had returned
	err        error
}

var errHandler = errors.New("the handler's")

type toolKey struct{}

func (p *probe) context(ctx context.Context) context.Context {
	if p.put {
		return context.WithValue(ctx, toolKey{}, "tool")
	}
	return ctx
}

func (p *probe) ran(route string) { p.runs++; p.route = route }

func pathOf(pattern string) string {
	if i := strings.IndexByte(pattern, '/'); i >= 0 {
		return pattern[i:]
	}
	return ""
}

func (p *probe) http(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.ran(pathOf(r.Pattern))
		if p.refuse {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		if p.head {
			w.Header().Set("X-Tool", "1")
		}
		r = r.WithContext(p.context(r.Context()))
		next.ServeHTTP(w, r)
		p.user, p.routeAfter = userOf(r.Context()), pathOf(r.Pattern)
	})
}

func (p *probe) fetch(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		p.ran(req.Route())
		if p.refuse {
			return nil, fetch.Errorf(403, "no")
		}
		res, err := next(req.WithContext(p.context(req.Context())))
		p.user, p.err = userOf(req.Context()), err
		if p.head {
			res = res.WithHeader("X-Tool", "1")
		}
		return res, err
	}
}

func (p *probe) reqres(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		p.ran(req.Route())
		if p.refuse {
			return reqres.Errorf(403, "no")
		}
		if p.head {
			res.Set("X-Tool", "1")
		}
		if p.put {
			req.SetContext(p.context(req.Context()))
		}
		own := req.Context()
		p.err = next(req, res)
		p.user = userOf(own)
		return p.err
	}
}

func (p *probe) guard(r *http.Request) (context.Context, error) {
	p.ran(pathOf(r.Pattern))
	if p.refuse {
		return nil, fetch.Errorf(403, "no")
	}
	return p.context(r.Context()), nil
}

func (p *probe) onHead(r *http.Request, _ int, h http.Header) {
	p.ran(pathOf(r.Pattern))
	p.user = userOf(r.Context())
	if p.head {
		h.Set("X-Tool", "1")
	}
}

func (p *probe) onEnd(e adapt.Ended) {
	p.ran(e.Route)
	p.user = userOf(e.Request.Context())
}

var tools = map[string]func(r *adapt.Routes, p *probe){
	"Use":            func(r *adapt.Routes, p *probe) { r.Use(p.http) },
	"UseFetch":       func(r *adapt.Routes, p *probe) { r.UseFetch(p.fetch) },
	"UseReqRes":      func(r *adapt.Routes, p *probe) { r.UseReqRes(p.reqres) },
	"UseBoth":        func(r *adapt.Routes, p *probe) { r.UseBoth(p.fetch, p.reqres) },
	"Guard":          func(r *adapt.Routes, p *probe) { r.Guard(p.guard) },
	"OnHead":         func(r *adapt.Routes, p *probe) { r.OnHead(p.onHead) },
	"OnEnd":          func(r *adapt.Routes, p *probe) { r.OnEnd(p.onEnd) },
	"around the mux": func(*adapt.Routes, *probe) {},
}

// toolMux is a mux with that tool, and whatever it needs around it.
func toolMux(t *testing.T, tool string, p *probe) (*adapt.Mux, http.Handler) {
	t.Helper()
	policy, err := cors.New(cors.Config{Origins: []string{"https://app.example"}})
	if err != nil {
		t.Fatal(err)
	}
	std := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Upgrade") != "" {
			w.WriteHeader(http.StatusNotImplemented) // a recorder has no connection to take over
			return
		}
		io.WriteString(w, "x")
	})
	toolOf := func(ctx context.Context) string { s, _ := ctx.Value(toolKey{}).(string); return s }
	mux := served.NewMux(t, adapt.Config{CORS: policy}, func(r *adapt.Routes) {
		tools[tool](r, p)
		r.Guard(requireAda)
		r.Fetch.GET("/fetch/:id", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(toolOf(req.Context())) })
		r.ReqRes.GET("/reqres/:id", func(req *reqres.Request, res *reqres.Response) error { return res.Send(toolOf(req.Context())) })
		r.Fetch.POST("/body", func(req *fetch.Request) (*fetch.Response, error) {
			_, err := req.Text()
			return fetch.Must(fetch.NoContent()), err
		})
		r.Fetch.GET("/fails", func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(409, "%w", errHandler) })
		r.Handle("GET", "/http", std)
		r.Mount("/mount", std)
		r.Legacy("/app", adapt.App{Handler: std})
		r.Scope(adapt.Scope{Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}}}, func(r *adapt.Routes) {
			r.Migrate("GET", "/pair", served.OldSays("x"), served.Says("x"))
		})
	})
	if tool == "around the mux" {
		return mux, p.http(mux)
	}
	return mux, mux
}

// requireAda stands innermost: what it puts into the context is the handler's alone.
func requireAda(r *http.Request) (context.Context, error) {
	return context.WithValue(r.Context(), userKey{}, "ada"), nil
}

var toolRows = map[string]func(t *testing.T, tool string) string{
	"runs for a route of the fetch shape":  toolRuns("GET", "/fetch/1"),
	"runs for a route of the reqres shape": toolRuns("GET", "/reqres/1"),
	"runs for an http.Handler, a Mount, a legacy app": func(t *testing.T, tool string) string {
		return yes(toolRuns("GET", "/http")(t, tool) == "yes" && toolRuns("GET", "/mount/x")(t, tool) == "yes" && toolRuns("GET", "/app/x")(t, tool) == "yes")
	},
	"runs once for a migration, not for its shadow": toolRuns("GET", "/pair"),
	"runs for 404": toolRuns("GET", "/nowhere"),
	"runs for 405": toolRuns("POST", "/fetch/1"),
	"runs for an OPTIONS that the table answers": toolRuns("OPTIONS", "/fetch/1"),
	"runs for a redirect to the normal path":     toolRuns("GET", "/x/../http"),
	"runs for a preflight":                       toolRuns("OPTIONS", "/fetch/1", "Origin", "https://app.example", "Access-Control-Request-Method", "GET"),
	"runs for an upgrade":                        toolRuns("GET", "/http", "Connection", "Upgrade", "Upgrade", "websocket"),
	"runs for a request in process (Mux.Fetch)": func(t *testing.T, tool string) string {
		p := new(probe)
		mux, _ := toolMux(t, tool, p)
		res, err := mux.Fetch(fetch.NewRequest("GET", "/fetch/1"))
		if err != nil {
			t.Fatal(err)
		}
		res.Close()
		return yes(p.runs == 1)
	},
	"can refuse, before the body is read": func(t *testing.T, tool string) string {
		p := &probe{refuse: true}
		_, h := toolMux(t, tool, p)
		body := &counting{Reader: strings.NewReader("body")}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", "/body", body))
		return yes(w.Code == 403 && body.n == 0)
	},
	"can give the handler a context": func(t *testing.T, tool string) string {
		_, h := toolMux(t, tool, &probe{put: true})
		return yes(askAs(h, "GET", "/fetch/1", "").Body.String() == "tool" && askAs(h, "GET", "/reqres/1", "").Body.String() == "tool")
	},
	"sees the context that the handler had": func(t *testing.T, tool string) string {
		p := new(probe)
		_, h := toolMux(t, tool, p)
		askAs(h, "GET", "/fetch/1", "")
		inFetch := p.user
		askAs(h, "GET", "/reqres/1", "")
		return yes(inFetch == "ada" && p.user == "ada")
	},
	"knows the route": func(t *testing.T, tool string) string {
		p := new(probe)
		_, h := toolMux(t, tool, p)
		r := httptest.NewRequest("GET", "/fetch/1", nil)
		h.ServeHTTP(httptest.NewRecorder(), r)
		if p.route == "" && p.routeAfter == "/fetch/:id" {
			return "after"
		}
		return yes(p.route == "/fetch/:id")
	},
	"sees the handler's error, for errors.Is": func(t *testing.T, tool string) string {
		p := new(probe)
		_, h := toolMux(t, tool, p)
		askAs(h, "GET", "/fails", "")
		return yes(errors.Is(p.err, errHandler))
	},
	"can change the headers of the answer": func(t *testing.T, tool string) string {
		_, h := toolMux(t, tool, &probe{head: true})
		return yes(askAs(h, "GET", "/fetch/1", "").Header().Get("X-Tool") == "1" && askAs(h, "GET", "/reqres/1", "").Header().Get("X-Tool") == "1")
	},
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// toolRuns reports whether a tool runs for a request, just once.
func toolRuns(method, target string, header ...string) func(t *testing.T, tool string) string {
	return func(t *testing.T, tool string) string {
		p := new(probe)
		mux, h := toolMux(t, tool, p)
		askAs(h, method, target, "", header...)
		shutdown(t, mux)
		if p.runs > 1 {
			t.Errorf("%s runs %d times for %s %s", tool, p.runs, method, target)
		}
		return yes(p.runs == 1)
	}
}

func TestWhichUse(t *testing.T) {
	text, err := os.ReadFile("MIDDLEWARE.md")
	if err != nil {
		t.Fatal(err)
	}
	var heads []string
	rows := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) != 1+len(tools):
		case cells[0] == "":
			heads = cells
		case heads != nil:
			row := toolRows[cells[0]]
			if row == nil {
				t.Errorf("no test proves %q", cells[0])
				continue
			}
			rows++
			for i, head := range heads[1:] {
				if tools[head] == nil {
					t.Fatalf("no tool is called %q", head)
				}
				if got := row(t, head); got != cells[i+1] {
					t.Errorf("%s: %s: %s, the table says %s", cells[0], head, got, cells[i+1])
				}
			}
		}
	}
	if rows != len(toolRows) {
		t.Errorf("the table has %d rows of %d", rows, len(toolRows))
	}
}

// A stream outlives what fetch middleware defers, but not the request.
func TestStreamOutlivesDeferredWork(t *testing.T) {
	for _, deferred := range []bool{true, false} {
		mux, err := adapt.New(func(r *adapt.Routes) {
			r.UseFetch(func(next fetch.Handler) fetch.Handler {
				return func(req *fetch.Request) (*fetch.Response, error) {
					ctx, cancel := context.WithCancel(req.Context())
					if deferred {
						defer cancel()
					} else {
						context.AfterFunc(req.Context(), cancel)
					}
					return next(req.WithContext(ctx))
				}
			})
			r.Fetch.GET("/", func(req *fetch.Request) (*fetch.Response, error) {
				return fetch.StreamFunc(func(w *fetch.Writer) error {
					_, err := io.WriteString(w, fmt.Sprint(req.Context().Err()))
					return err
				})
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		want := map[bool]string{true: "context canceled", false: "<nil>"}[deferred]
		if got := send(t, mux, "GET", "/").Body.String(); got != want {
			t.Errorf("cancelled in a defer: %v: the stream finds %q, want %q", deferred, got, want)
		}
	}
}
