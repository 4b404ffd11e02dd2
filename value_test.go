package crossfade_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

func TestValue(t *testing.T) {
	type color string
	check := func(rule string, got any, err error, want any, wrong string) {
		t.Helper()
		fields := ""
		if e, ok := errors.AsType[*crossfade.Error](err); ok && e.StatusCode() == 400 {
			fields = e.Fields["x"]
		} else if err != nil {
			fields = "ours: " + err.Error()
		}
		if got != want || fields != wrong {
			t.Errorf("%s: %v %q, want %v %q", rule, got, fields, want, wrong)
		}
	}
	n, err := crossfade.Value("x", "", 20)
	check("nothing is said", n, err, 20, "")
	n, err = crossfade.Value("x", "7", 20)
	check("a number", n, err, 7, "")
	n, err = crossfade.Value("x", "seven", 20)
	check("not a number", n, err, 20, `expected a whole number, got "seven"`)
	small, err := crossfade.Value("x", "300", int8(0))
	check("out of range", small, err, int8(0), `expected a whole number from -128 to 127, got "300"`)
	on, err := crossfade.Value("x", "on", false)
	check("a checkbox", on, err, true, "")
	c, err := crossfade.Value("x", "red", color("blue"))
	check("a type of the user's", c, err, color("red"), "")
	d, err := crossfade.Value("x", "1m30s", time.Duration(0))
	check("a duration", d, err, 90*time.Second, "")
	ip, err := crossfade.Value("x", "::1", netip.Addr{})
	check("UnmarshalText", ip, err, netip.MustParseAddr("::1"), "")
	_, err = crossfade.Value("x", "1", struct{}{})
	check("a type that no string becomes", struct{}{}, err, struct{}{},
		`ours: crossfade.Value "x": a string cannot become a struct {}: give the type a method UnmarshalText`)
}

// Both shapes answer alike, with the words that fetch.Typed has.
func TestValueInBothShapes(t *testing.T) {
	typed := fetch.Typed(func(_ context.Context, in struct {
		Page int `query:"page" default:"1"`
	}) (int, error) {
		return in.Page, nil
	})
	h := served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			page, err := crossfade.Value("page", req.Query("page"), 1)
			if err != nil {
				return err
			}
			return res.JSON(page)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			page, err := crossfade.Value("page", req.Query("page"), 1)
			if err != nil {
				return nil, err
			}
			return fetch.JSON(page)
		},
	}
	for _, query := range []string{"", "?page=2", "?page=two"} {
		want := served.Ask(t, typed, "GET", "/"+query)
		if got := served.Ask(t, h.ReqRes, "GET", "/"+query); got.Status != want.Status || got.Body != want.Body {
			t.Errorf("reqres %q (-typed +here)\n%s", query, cmp.Diff(want, got))
		}
		if got := served.Ask(t, h.Fetch, "GET", "/"+query); got.Status != want.Status || got.Body != want.Body {
			t.Errorf("fetch %q (-typed +here)\n%s", query, cmp.Diff(want, got))
		}
	}
}

func ExampleValue() {
	list := func(req *fetch.Request) (*fetch.Response, error) {
		limit, err := crossfade.Value("limit", req.Query("limit"), 20)
		if err != nil {
			return nil, err
		}
		return fetch.JSON(limit)
	}
	for _, target := range []string{"/", "/?limit=5", "/?limit=five"} {
		res, err := list(fetch.NewRequest("GET", target))
		if err != nil {
			fmt.Println(err)
			continue
		}
		text, _ := res.Text()
		fmt.Println(text)
	}
	// Output:
	// 20
	// 5
	// invalid input: limit: expected a whole number, got "five"
}
