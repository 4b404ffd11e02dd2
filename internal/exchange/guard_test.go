package exchange

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/route"
)

// Guards are asked in their order, see the parameters, and put their contexts in place; the first
// error, and a context of somebody else, end it.
func TestAdmit(t *testing.T) {
	errNo := errors.New("no")
	adds := func(k key) route.Guard {
		return func(r *http.Request) (context.Context, error) {
			return context.WithValue(r.Context(), k, r.PathValue("a")), nil
		}
	}
	for _, c := range []struct {
		rule   string
		guards []route.Guard
		err    string
	}{
		{"no guard", nil, ""},
		{"a context that stays", []route.Guard{func(*http.Request) (context.Context, error) { return nil, nil }}, ""},
		{"two contexts", []route.Guard{adds("one"), adds("two")}, ""},
		{"a refusal", []route.Guard{adds("one"), func(*http.Request) (context.Context, error) { return nil, errNo }, adds("two")}, "no"},
		{"a context of somebody else", []route.Guard{func(*http.Request) (context.Context, error) { return context.Background(), nil }}, "not made from that of its request"},
	} {
		x, _ := first(new(int))
		x.Env.Guards = c.guards
		err := x.Admit()
		if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: %v", c.rule, err)
		}
		for k, want := range map[key]any{"one": len(c.guards) > 1, "two": len(c.guards) == 2} {
			if got := x.HTTP().Context().Value(k); (got == "1") != want {
				t.Errorf("%s: the context has %v of guard %s", c.rule, got, k)
			}
		}
		if x.R.PathValue("b") != "2" && c.guards != nil {
			t.Errorf("%s: the path value is %q", c.rule, x.R.PathValue("b"))
		}
		var inner Exchange
		inner.Fork(x, View, x.W, x.R)
		inner.Env.Guards = []route.Guard{func(*http.Request) (context.Context, error) { return nil, errNo }}
		if err := inner.Admit(); err != nil {
			t.Errorf("%s: a guard is asked again: %v", c.rule, err)
		}
	}
}
