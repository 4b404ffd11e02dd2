package mistakes_test

// One rule at every door where a header is made: what HTTP/1 could split and HTTP/2 cannot carry is
// an error.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// doors are the ways to make a header X-Door of a value.
var doors = map[string]func(value string) served.Twins{
	"Response.Set": func(v string) served.Twins {
		return served.Twins{ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.Set("X-Door", v).Send("x") }}
	},
	"Response.Append": func(v string) served.Twins {
		return served.Twins{ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
			return res.Append("X-Door", "a", v).Remove("X-Door").Append("X-Door", v).Send("x")
		}}
	},
	"SetHeader": func(v string) served.Twins { return response(fetch.SetHeader("X-Door", v)) },
	"AddHeader": func(v string) served.Twins { return response(fetch.AddHeader("X-Door", v)) },
	"Headers":   func(v string) served.Twins { return response(fetch.Headers(crossfade.NewHeader("X-Door", v))) },
	"HeaderOf": func(v string) served.Twins {
		return response(fetch.Headers(crossfade.HeaderOf(http.Header{"X-Door": {v}})))
	},
	"Header.With": func(v string) served.Twins { return response(fetch.Headers(crossfade.Header{}.With("X-Door", v))) },
	"Header.WithAdded": func(v string) served.Twins {
		return response(fetch.Headers(crossfade.NewHeader("X-Other", "x").WithAdded("X-Door", v)))
	},
	"Response.WithHeader": func(v string) served.Twins {
		return served.Twins{Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Must(fetch.Text("x")).WithHeader("X-Door", v), nil
		}}
	},
	"Response.WithAddedHeader": func(v string) served.Twins {
		return served.Twins{Fetch: func(*fetch.Request) (*fetch.Response, error) {
			return fetch.Must(fetch.Text("x")).WithAddedHeader("X-Door", v), nil
		}}
	},
	"Error.Header": func(v string) served.Twins {
		return failing(&crossfade.Error{Status: 404, Message: "x", Header: http.Header{"X-Door": {v}}})
	},
	"Error.Header, wrapped": func(v string) served.Twins {
		return failing(fmt.Errorf("shop: %w", &crossfade.Error{Status: 404, Message: "x", Header: http.Header{"x-door": {"a", v}}}))
	},
	"Error.Header under WithHeader": func(v string) served.Twins {
		return failing(crossfade.WithHeader(&crossfade.Error{Status: 404, Message: "x", Header: http.Header{"X-Door": {v}}}, "Retry-After", "3"))
	},
	"WithHeader": func(v string) served.Twins { return failing(crossfade.WithHeader(errors.New("x"), "X-Door", v)) },
	"RequestHeader": func(v string) served.Twins {
		return inner(fetch.NewRequest("GET", "/", fetch.RequestHeader("X-Door", v)))
	},
	"RequestHeaders": func(v string) served.Twins {
		return inner(fetch.NewRequest("GET", "/", fetch.RequestHeaders(crossfade.HeaderOf(http.Header{"X-Door": {v}}))))
	},
	"Request.WithHeader": func(v string) served.Twins { return inner(fetch.NewRequest("GET", "/").WithHeader("X-Door", v)) },
}

func response(o fetch.ResponseOption) served.Twins {
	return served.Twins{Fetch: func(*fetch.Request) (*fetch.Response, error) { return fetch.Text("x", o) }}
}

func failing(err error) served.Twins {
	return served.Twins{
		ReqRes: func(*reqres.Request, *reqres.Response) error { return err },
		Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, err },
	}
}

// inner answers with the header of a request that was made by hand, if it could be.
func inner(req *fetch.Request) served.Twins {
	return served.Twins{Fetch: func(*fetch.Request) (*fetch.Response, error) {
		if err := req.Err(); err != nil {
			return nil, err
		}
		return fetch.Text("x", fetch.SetHeader("X-Door", req.Header("X-Door")))
	}}
}

func TestA14ControlCharacters(t *testing.T) {
	values := map[string]bool{"plain": true, "a\tb": true, "\u00e9\xff": true, "a\r\nSet-Cookie: evil=1": false, "a\nb": false, "a\rb": false}
	for c := range byte(' ') {
		if c != '\t' {
			values["a"+string(rune(c))+"b"] = false
		}
	}
	values["a\x7fb"] = false
	routes := func(r *adapt.Routes) {
		for name, door := range doors {
			for value := range values {
				h := door(value)
				path := fmt.Sprintf("/%s/%x", strings.ReplaceAll(name, " ", ""), value)
				if h.ReqRes != nil {
					r.ReqRes.GET("/reqres"+path, h.ReqRes)
				}
				if h.Fetch != nil {
					r.Fetch.GET("/fetch"+path, h.Fetch)
				}
			}
		}
	}
	for _, h2 := range []bool{false, true} {
		var logs served.Logs
		mux := served.NewMux(t, adapt.Config{Logger: logs.Logger()}, routes)
		s := httptest.NewUnstartedServer(mux)
		s.EnableHTTP2 = h2
		s.StartTLS()
		for name, door := range doors {
			for value, ok := range values {
				h := door(value)
				path := fmt.Sprintf("/%s/%x", strings.ReplaceAll(name, " ", ""), value)
				for shape, has := range map[string]bool{"/reqres": h.ReqRes != nil, "/fetch": h.Fetch != nil} {
					if !has {
						continue
					}
					res, err := s.Client().Get(s.URL + shape + path)
					if err != nil {
						t.Errorf("%s %q: %v", name, value, err)
						continue
					}
					io.Copy(io.Discard, res.Body)
					res.Body.Close()
					switch got := res.Header["X-Door"]; {
					case len(res.Header["Set-Cookie"]) > 0:
						t.Errorf("%s %s %q: the answer was split", shape, name, value)
					case ok && (len(got) == 0 || got[len(got)-1] != value):
						t.Errorf("%s %s %q, HTTP/2 %v: %d %q", shape, name, value, h2, res.StatusCode, got)
					case !ok && (res.StatusCode != 500 || got != nil):
						t.Errorf("%s %s %q, HTTP/2 %v: %d %q, want a 500 without it", shape, name, value, h2, res.StatusCode, got)
					}
				}
			}
		}
		s.Close()
		if !strings.Contains(logs.String(), "no control character but TAB") {
			t.Error("the log does not name the rule")
		}
	}
}

// The same holds for names.
func TestA14Names(t *testing.T) {
	for _, name := range []string{"", "a b", "a\nb", "a:", "é", "a\x00"} {
		if crossfade.HeaderOf(http.Header{name: {"x"}}).Err() == nil || crossfade.NewHeader(name, "x").Err() == nil {
			t.Errorf("Header: the name %q passed", name)
		}
		for shape, h := range map[string]http.Handler{
			"reqres": reqres.Handler(failing(&crossfade.Error{Status: 404, Header: http.Header{name: {"x"}}}).ReqRes),
			"fetch":  fetch.Handler(failing(&crossfade.Error{Status: 404, Header: http.Header{name: {"x"}}}).Fetch),
		} {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			if rec.Code != 500 {
				t.Errorf("%s: an Error with the name %q: %d, want 500", shape, name, rec.Code)
			}
		}
	}
	if h := crossfade.HeaderOf(http.Header{"x-b": {" 2 "}, "X-A": {"1"}}); h.Err() != nil || h.Get("X-B") != "2" {
		t.Errorf("a name in lower case: %v %v", h, h.Err())
	}
}

// To end a cookie is the same line in both shapes, whatever ages the options name.
func TestC10ClearCookie(t *testing.T) {
	for _, o := range []crossfade.CookieOptions{
		{}, {MaxAge: -1}, {MaxAge: 3600e9}, {Path: "/x", Domain: "a.test"}, {OmitPath: true}, {Secure: true, HTTPOnly: true, SameSite: http.SameSiteNoneMode},
	} {
		var lines []string
		for _, h := range []http.Handler{
			reqres.Handler(func(_ *reqres.Request, res *reqres.Response) error { return res.ClearCookie("sid", o).End() }),
			fetch.Handler(func(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent(fetch.ClearCookie("sid", o)) }),
		} {
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			lines = append(lines, strings.Join(rec.Header()["Set-Cookie"], "\n"))
		}
		if lines[0] != lines[1] || !strings.Contains(lines[0], "sid=; ") || !strings.Contains(lines[0], "Expires=Thu, 01 Jan 1970 00:00:00 GMT") {
			t.Errorf("%+v: reqres %q, fetch %q", o, lines[0], lines[1])
		}
	}
}
