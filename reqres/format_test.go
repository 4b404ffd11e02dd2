package reqres_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/reqres"
)

func TestFormat(t *testing.T) {
	say := func(s string) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error { return res.Send(s) }
	}
	two := []reqres.Offer{{Type: "json", Handler: say("j")}, {Type: "html", Handler: say("h")}}
	tests := []struct {
		rule, accept string
		offers       []reqres.Offer
		want         string // status, type, body
	}{
		{"the preferred one", "text/html", two, "200 text/html; charset=utf-8 h"},
		{"the first without a preference", "*/*", two, "200 application/json; charset=utf-8 j"},
		{"none is 406", "image/png", two, `406 application/json; charset=utf-8 {"error":"Not Acceptable"}`},
		{"default instead of 406", "image/png", append(two[:2:2], reqres.Offer{Type: "default", Handler: say("d")}), "200 text/html; charset=utf-8 d"},
	}
	for _, tt := range tests {
		rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error { return res.Format(tt.offers...) }, request("Accept", tt.accept))
		got := strings.Join([]string{digits(rec.Code), rec.Header().Get("Content-Type"), rec.Body.String()}, " ")
		if got != tt.want || rec.Header().Get("Vary") != "Accept" {
			t.Errorf("%s: got %q, Vary %q, want %q", tt.rule, got, rec.Header().Get("Vary"), tt.want)
		}
	}
}

func digits(code int) string {
	return string([]byte{byte('0' + code/100), byte('0' + code/10%10), byte('0' + code%10)})
}
