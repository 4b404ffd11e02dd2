package reqres_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/reqres"
)

// A22: what JSON cannot hold is refused when it is read; and a body as deep as may be, wrapped once
// more, is written as it came.
func TestA22OrderedJSON(t *testing.T) {
	parse := reqres.ParseJSON(reqres.JSONOptions{BodyOptions: reqres.BodyOptions{Limit: 1 << 20}, KeepOrder: true, AnyValue: true})
	for _, c := range []struct {
		rule, body string
		wrap       bool
		want       int
	}{
		{"a number beyond float64", `{"a":1e999}`, false, 400},
		{"as deep as may be", strings.Repeat(`{"a":`, 9999) + "1" + strings.Repeat("}", 9999), false, 200},
		{"as deep as may be, wrapped", strings.Repeat(`{"a":`, 10000) + "1" + strings.Repeat("}", 10000), true, 200},
		{"lists as deep as may be, wrapped", strings.Repeat("[", 10000) + strings.Repeat("]", 10000), true, 200},
		{"deeper", strings.Repeat("[", 10001) + strings.Repeat("]", 10001), false, 400},
	} {
		h := parse(func(req *reqres.Request, res *reqres.Response) error {
			body, err := req.Body()
			switch {
			case err != nil:
				return err
			case c.wrap:
				return res.JSON(map[string]any{"wrapped": body})
			}
			return res.JSON(body)
		})
		req := httptest.NewRequest("POST", "/", strings.NewReader(c.body))
		req.Header.Set("Content-Type", "application/json")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		want := c.body
		if c.wrap {
			want = `{"wrapped":` + want + "}"
		}
		if rec.Code != c.want || c.want == 200 && rec.Body.String() != want {
			t.Errorf("%s: %d %.80s, want %d", c.rule, rec.Code, rec.Body, c.want)
		}
	}
}
