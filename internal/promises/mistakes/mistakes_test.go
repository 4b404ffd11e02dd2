package mistakes_test

// The mistakes of handlers: what the client reads, and what the log says.

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

var errSecret = fmt.Errorf("dsn=postgres://user:hunter2@db: %w", context.DeadlineExceeded)

func TestHandlerMistakes(t *testing.T) {
	internal := served.Answer{Status: 500, Header: served.Header("Content-Type", "application/json"), Body: `{"error":"Internal Server Error"}`}
	fails := func(err error) served.Twins {
		return served.Twins{
			ReqRes: func(*reqres.Request, *reqres.Response) error { return err },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, err },
		}
	}
	tests := []struct {
		rule  string
		h     served.Twins
		want  served.Answer
		log   []string // what the log says
		quiet bool     // or that it says nothing
	}{
		{rule: "an error's detail is only in the log", h: fails(errSecret), want: internal, log: []string{"hunter2", "route=\"GET /\""}},
		{rule: "an error with a 5xx status too", h: fails(fetch.Errorf(503, "%w", errSecret)),
			want: served.Answer{Status: 503, Header: served.Header("Content-Type", "application/json"), Body: `{"error":"Service Unavailable"}`}, log: []string{"hunter2"}},
		{rule: "a 4xx is the client's, and not logged", h: fails(fetch.Errorf(409, "taken")),
			want: served.JSONError(409, "taken"), quiet: true},
		{rule: "a wrapped 4xx", h: fails(fmt.Errorf("in the service: %w", fetch.Errorf(409, "taken"))),
			want: served.JSONError(409, "taken"), quiet: true},
		{rule: "fields and headers of an error", h: fails(&fetch.Error{Status: 429, Message: "slow down", Fields: map[string]string{"a": "b"}, Header: http.Header{"retry-after": {"7"}}}),
			want: served.Answer{Status: 429, Header: served.Header("Content-Type", "application/json", "Retry-After", "7"), Body: `{"error":"slow down","fields":{"a":"b"}}`}, quiet: true},
		{rule: "a status that is not an error's", h: fails(fetch.Errorf(200, "fine")), want: internal, log: []string{"fine"}},
		{rule: "a panic's stack is only in the log", h: served.Twins{
			ReqRes: func(*reqres.Request, *reqres.Response) error { panic(errSecret) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { panic(errSecret) },
		}, want: internal, log: []string{"hunter2", "mistakes_test.go"}},
		{rule: "a panic with a client's error is ours", h: served.Twins{
			ReqRes: func(*reqres.Request, *reqres.Response) error { panic(reqres.Errorf(404, "x")) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { panic(fetch.Errorf(404, "x")) },
		}, want: internal, log: []string{"panicked"}},
		{rule: "no answer names the route", h: served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { res.Status(201); return nil },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return nil, nil },
		}, want: internal, log: []string{"without an answer", `route="GET /"`, "source=mistakes_test.go:"}},
		{rule: "a refused header sends nothing", h: served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error {
				return res.Set("X-Secret", "a\nSet-Cookie: b").Cookie("sid", "1", reqres.CookieOptions{}).Send("x")
			},
			Fetch: func(*fetch.Request) (*fetch.Response, error) {
				return fetch.Must(fetch.Text("x")).WithHeader("X-Secret", "a\nSet-Cookie: b"), nil
			},
		}, want: internal, log: []string{"X-Secret", "no control character but TAB"}},
		{rule: "a body that is not JSON", h: served.Twins{
			ReqRes: func(_ *reqres.Request, res *reqres.Response) error { return res.JSON(func() {}) },
			Fetch:  func(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(func() {}) },
		}, want: internal, log: []string{"func()"}},
		{rule: "a body read twice is our mistake", h: served.Reads(func(r served.Request) (any, error) { return nil, fetch.ErrBodyUsed }),
			want: internal, log: []string{"already been read"}},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			for _, form := range served.Forms {
				t.Run(form.Name, func(t *testing.T) {
					var l served.Logs
					mux := served.NewMux(t, adapt.Config{Answers: adapt.Standard, Logger: l.Logger()}, func(r *adapt.Routes) { form.Register(r, "GET", "/", tt.h) })
					got := served.Ask(t, mux, "GET", "/")
					got.Header.Del("Set-Cookie") // what the mutable shape has set before stays
					if diff := cmp.Diff(tt.want, got); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					for _, want := range tt.log {
						if !strings.Contains(l.String(), want) {
							t.Errorf("the log does not say %q:\n%s", want, l.String())
						}
					}
					if tt.quiet && l.String() != "" {
						t.Errorf("the log says %s", l.String())
					}
				})
			}
		})
	}
}

// The first answer counts. The second call's error names itself, its place and the first call, with
// Config.Debug the first place too.
func TestAnsweringTwice(t *testing.T) {
	for _, debug := range []bool{false, true} {
		var second error
		var l served.Logs
		mux := served.NewMux(t, adapt.Config{Debug: debug, Logger: l.Logger()}, func(r *adapt.Routes) {
			r.ReqRes.GET("/", func(_ *reqres.Request, res *reqres.Response) error {
				res.Status(202).JSON("first")
				second = res.Send("second")
				return second
			})
		})
		got := served.Ask(t, mux, "GET", "/")
		if got.Status != 202 || got.Body != `"first"` {
			t.Errorf("answered %+v", got)
		}
		if !errors.Is(second, reqres.ErrAlreadySent) {
			t.Fatalf("the second answer returned %v", second)
		}
		text := second.Error()
		if !strings.Contains(text, "res.Send at mistakes_test.go:") || !strings.Contains(text, "by res.JSON") {
			t.Errorf("the error says %q", text)
		}
		if n := strings.Count(text, "mistakes_test.go"); n != 1+map[bool]int{true: 1}[debug] {
			t.Errorf("with Debug %v the error names %d places: %q", debug, n, text)
		}
		if !strings.Contains(l.String(), "already been sent") {
			t.Error("the log does not say it")
		}
	}
}

// Late changes of the head are refused, and reported, and the answer stands.
func TestChangesAfterTheHead(t *testing.T) {
	var l served.Logs
	mux := served.NewMux(t, adapt.Config{Logger: l.Logger()}, func(r *adapt.Routes) {
		r.ReqRes.GET("/", func(_ *reqres.Request, res *reqres.Response) error {
			err := res.Send("body")
			res.Set("X-Late", "1")
			return err
		})
	})
	s := served.Serve(t, mux, false)
	req, _ := http.NewRequest("GET", s.URL, nil)
	got := served.Do(t, s.Client(), req)
	if got.Body != "body" || got.Header.Get("X-Late") != "" {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(l.String(), "X-Late") {
		t.Errorf("the log says nothing of the header:\n%s", l.String())
	}
}
