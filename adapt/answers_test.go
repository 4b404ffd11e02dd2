package adapt_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// answersAlike are endpoints that say the same in both shapes, without a word about types, tags and
// bodies.
var answersAlike = map[string]served.Twins{
	"JSON": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.JSON(map[string]any{"a": []int{1}, "b": "<é>", "c": []int{}})
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.JSON(map[string]any{"a": []int{1}, "b": "<é>", "c": []int{}})
		},
	},
	"created": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Status(201).Location("/x/1").JSON(1) },
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.JSON(1, fetch.Status(201), fetch.SetHeader("Location", "/x/1"))
		},
	},
	"text": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Content-Type", "text/plain; charset=utf-8").Send("héllo")
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("héllo") },
	},
	"no text": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Content-Type", "text/plain; charset=utf-8").Send("")
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("") },
	},
	"HTML": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Content-Type", "text/html; charset=utf-8").Send("<p>")
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.HTML("<p>") },
	},
	"bytes": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send([]byte("\x00\x01")) },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Bytes([]byte("\x00\x01")) },
	},
	"no bytes": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Send([]byte(nil)) },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Bytes(nil) },
	},
	"large": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Content-Type", "text/plain; charset=utf-8").Send(strings.Repeat("x", 9000))
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.Text(strings.Repeat("x", 9000)) },
	},
	"refused": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Status(404).JSON(map[string]string{"error": "<none>"})
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(404, "<none>") },
	},
	"refused with an error": {
		ReqRes: func(*reqres.Request, *reqres.Response) error { return reqres.Errorf(404, "<none>") },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(404, "<none>") },
	},
	"not found": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Status(404).JSON(map[string]string{"error": "Not Found"})
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.NotFound() },
	},
	"redirect": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Vary("Origin").Redirect("/lögin?a=<b>&c")
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Redirect("/lögin?a=<b>&c", fetch.SetHeader("Vary", "Origin"))
		},
	},
	"redirect to what is not one line": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/a\nb") },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.Redirect("/a\nb") },
	},
	"redirect elsewhere": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("https://example.com", 303) },
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Redirect("https://example.com", fetch.Status(303))
		},
	},
	"a redirect in place of an error": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/x") },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.AsError(fetch.Redirect("/x")) },
	},
	"a tag and a date of its own": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Etag", `"mine"`).Set("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT").JSON(1)
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Must(fetch.JSON(1)).WithHeader("ETag", `"mine"`).WithHeader("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"), nil
		},
	},
	"a type of its own": {
		ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Set("Content-Type", "application/ld+json; charset=utf-8").JSON(1)
		},
		Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.JSON(1, fetch.SetHeader("content-type", "application/ld+json; charset=utf-8"))
		},
	},
}

// Whatever the settings, the request and the chain: what the one shape answers the other answers
// too, and middleware sees the same.
func TestAnswersAlike(t *testing.T) {
	settings := map[string]reqres.Settings{
		"Express": {}, "Next.js": {Flavor: reqres.NextJS}, "strong": {ETag: reqres.StrongETag}, "no tag": {ETag: reqres.NoETag},
		"a tag of ours": {ETagFunc: func(b []byte) string { return `"` + http.StatusText(len(b)%5+200) + `"` }},
		"indented":      {JSONIndent: "  ", JSONEscape: true}, "301": {RedirectCode: 301},
	}
	requests := [][]string{
		{"GET"}, {"HEAD"}, {"POST"}, {"GET", "Accept", "text/html"}, {"GET", "Accept", "image/png"}, {"GET", "If-None-Match", "*"}, {"POST", "If-None-Match", "*"},
		{"GET", "If-None-Match", `"mine"`}, {"GET", "If-None-Match", "the tag"}, {"HEAD", "If-None-Match", "the tag"},
		{"GET", "If-None-Match", "the tag", "Cache-Control", "no-cache"}, {"GET", "If-Modified-Since", "Tue, 02 Jan 2024 00:00:00 GMT"},
	}
	chains := map[string]func(r *adapt.Routes, seen *[]string){
		"nothing": func(*adapt.Routes, *[]string) {},
		"fetch":   func(r *adapt.Routes, seen *[]string) { r.UseFetch(looking(seen)) },
		"fetch, reqres, net/http, fetch": func(r *adapt.Routes, seen *[]string) {
			r.UseFetch(looking(seen))
			r.UseReqRes(served.PassReqRes)
			r.Use(served.PassHTTP)
			r.UseFetch(looking(seen))
		},
	}
	for what, s := range settings {
		for around, use := range chains {
			for name, h := range answersAlike {
				if what == "Next.js" && (strings.HasSuffix(name, "of its own") || name == "redirect to what is not one line") {
					continue // what a handler sets is replaced in API Routes, and a failure is text
				}
				var seen [2][]string
				var muxes [2]http.Handler
				for i := range muxes {
					muxes[i] = served.NewMux(t, adapt.Config{ReqRes: s}, func(r *adapt.Routes) {
						use(r, &seen[i])
						for _, method := range []string{"GET", "POST"} {
							if i == 0 {
								r.ReqRes.On(method, "/x", h.ReqRes)
							} else {
								r.Fetch.On(method, "/x", h.Fetch)
							}
						}
					})
				}
				tag := told(muxes[0], "GET").Header.Get("Etag")
				for _, request := range requests {
					for i := range request {
						if request[i] == "the tag" {
							request = append([]string(nil), request...)
							request[i] = tag
						}
					}
					seen = [2][]string{}
					old, next := told(muxes[0], request...), told(muxes[1], request...)
					if diff := cmp.Diff(seen[0], seen[1]); diff != "" && !slices.Contains(seen[1], "error") {
						t.Errorf("%s, behind %s, %s, %q: middleware sees (-around old +around new):\n%s", what, around, name, request, diff)
					}
					if diff := cmp.Diff(old, next); diff != "" {
						t.Errorf("%s, behind %s, %s, %q (-reqres +fetch):\n%s", what, around, name, request, diff)
					}
					res, err := muxes[1].(*adapt.Mux).Fetch(inProcess(request))
					if err != nil {
						t.Fatal(err)
					}
					body, _ := res.Text()
					next.Header.Del("Content-Length") // counted on the way out
					got := served.Answer{Status: res.Status(), Header: served.Clean(res.Headers().HTTP()), Body: body}
					got.Header.Del("Content-Length")
					if !cmp.Equal(next, got) {
						t.Errorf("%s, behind %s, %s, %q: mux.Fetch has another answer:\n%s", what, around, name, request, cmp.Diff(next, got))
					}
				}
			}
		}
	}
}

// A redirection that no header can carry is a failure, not one to elsewhere, in both shapes.
func TestRedirectOfTwoLines(t *testing.T) {
	h := answersAlike["redirect to what is not one line"]
	for around, use := range map[string]func(r *adapt.Routes){"nothing": func(*adapt.Routes) {}, "fetch": func(r *adapt.Routes) { r.UseFetch(served.PassFetch) }} {
		mux := served.NewMux(t, adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS}}, func(r *adapt.Routes) {
			use(r)
			r.ReqRes.GET("/reqres", h.ReqRes)
			r.Fetch.GET("/fetch", h.Fetch)
		})
		for _, path := range []string{"/reqres", "/fetch"} {
			if got := served.Ask(t, mux, "GET", path); got.Status != 500 || got.Header.Get("Location") != "" {
				t.Errorf("%s, behind %s: %+v", path, around, got)
			}
		}
	}
}

// looking is middleware that notes what it sees.
func looking(seen *[]string) fetch.Middleware {
	return func(next fetch.Handler) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			res, err := next(req)
			if err != nil {
				*seen = append(*seen, "error")
			} else {
				*seen = append(*seen, http.StatusText(res.Status())+" "+res.Header("Content-Type")+" "+res.Header("Etag"))
			}
			return res, err
		}
	}
}

func told(h http.Handler, request ...string) served.Answer {
	r := httptest.NewRequest(request[0], "/x", nil)
	for i := 1; i+1 < len(request); i += 2 {
		r.Header.Set(request[i], request[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return served.Answer{Status: w.Code, Header: served.Clean(w.Result().Header), Body: w.Body.String()}
}

func inProcess(request []string) *fetch.Request {
	var opts []fetch.RequestOption
	for i := 1; i+1 < len(request); i += 2 {
		if request[i+1] != "" {
			opts = append(opts, fetch.RequestHeader(request[i], request[i+1]))
		}
	}
	return fetch.NewRequest(request[0], "/x", opts...)
}

// What answers in place of a handler is left alone, and so is a package variable.
func TestAnswersOfOthers(t *testing.T) {
	gone := fetch.Must(fetch.JSON(1))
	mux := served.NewMux(t, adapt.Config{
		ErrorResponse: func(_ *fetch.Request, err error) *fetch.Response {
			return fetch.Must(fetch.JSON("error", fetch.Status(418)))
		},
		NotFound: func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON("nothing", fetch.Status(404)) },
	}, func(r *adapt.Routes) {
		r.Fetch.GET("/x", func(*fetch.Request) (*fetch.Response, error) { return nil, fetch.Errorf(400, "x") })
		r.Fetch.GET("/gone", func(*fetch.Request) (*fetch.Response, error) { return gone, nil })
		r.Scope(adapt.Scope{Answers: adapt.Standard}, func(r *adapt.Routes) {
			r.Fetch.GET("/standard", func(*fetch.Request) (*fetch.Response, error) { return gone, nil })
			r.Scope(adapt.Scope{Answers: adapt.Alike}, func(r *adapt.Routes) {
				r.Fetch.GET("/alike", func(*fetch.Request) (*fetch.Response, error) { return gone, nil })
			})
		})
	})
	const tag = `W/"1-NWoZK3kTsExUV00Ywo1G5jlUKKs"`
	plain, dressed := served.Header("Content-Type", "application/json"), served.Header("Content-Type", "application/json; charset=utf-8", "Etag", tag)
	for range 2 {
		for path, want := range map[string]served.Answer{
			"/x":        {Status: 418, Header: plain, Body: `"error"`},
			"/none":     {Status: 404, Header: plain, Body: `"nothing"`},
			"/gone":     {Status: 200, Header: dressed, Body: "1"},
			"/standard": {Status: 200, Header: plain, Body: "1"},
			"/alike":    {Status: 200, Header: dressed, Body: "1"},
		} {
			if diff := cmp.Diff(want, served.Ask(t, mux, "GET", path)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
	}
	if gone.Header("Etag") != "" {
		t.Error("the package variable has changed")
	}
	if _, err := (adapt.Config{Answers: 9}).New(func(r *adapt.Routes) { r.Scope(adapt.Scope{Answers: 8}, func(*adapt.Routes) {}) }); err == nil ||
		!strings.Contains(err.Error(), "Answers 9") || !strings.Contains(err.Error(), "Answers 8") {
		t.Errorf("New says %v", err)
	}
}

// A new side whose old side is of no shape of ours adds nothing by itself, and speaks JSON as the
// app does.
func TestAnswersBesideAnApp(t *testing.T) {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/none" {
			w.WriteHeader(404)
			_, _ = w.Write([]byte(`{"error":"none"}`))
			return
		}
		_, _ = w.Write([]byte("1"))
	})
	next := func(req *fetch.Request) (*fetch.Response, error) {
		if req.Path() == "/none" {
			return nil, fetch.Errorf(404, "none")
		}
		return fetch.JSON(1)
	}
	for around, use := range map[string]func(r *adapt.Routes){"nothing": func(*adapt.Routes) {}, "fetch": func(r *adapt.Routes) { r.UseFetch(served.PassFetch) }} {
		mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
			use(r)
			l := r.Legacy("/", adapt.App{Handler: app, JSON: "application/json", Endpoints: []adapt.Endpoint{
				{Method: "GET", Pattern: "/a"}, {Method: "GET", Pattern: "/none"}, {Method: "GET", Pattern: "/moved"}}})
			for _, path := range []string{"/a", "/none"} {
				pair := l.Migrate("GET", path, next)
				if err := pair.Set(newPlan, "test"); err != nil {
					t.Fatal(err)
				}
			}
			l.Moved("GET", "/moved", next)
			if err := r.Migrate("GET", "/http", reqres.FromHTTP(app), next).Set(newPlan, "test"); err != nil {
				t.Fatal(err)
			}
		})
		json := served.Header("Content-Type", "application/json")
		for path, want := range map[string]served.Answer{
			"/a": {Status: 200, Header: json, Body: "1"}, "/moved": {Status: 200, Header: json, Body: "1"},
			"/none": {Status: 404, Header: json, Body: `{"error":"none"}`},
			"/http": {Status: 200, Header: served.Header("Content-Type", "application/json; charset=utf-8"), Body: "1"},
		} {
			if diff := cmp.Diff(want, served.Ask(t, mux, "GET", path)); diff != "" {
				t.Errorf("behind %s: %s (-want +got):\n%s", around, path, diff)
			}
		}
	}
}

var newPlan = migrate.Plan{Stage: migrate.New}
