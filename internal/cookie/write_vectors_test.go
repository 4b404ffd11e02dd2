package cookie_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// vector is one Express vector, as far as it concerns cookies.
type vector struct {
	ID  string
	JS  bool
	App struct {
		Stack []struct {
			Do     [][]any
			Secret any
		}
	}
	Request struct{ Headers [][2]string }
	Expect  struct {
		Headers map[string]any
		Body    string
	}
}

func read(t *testing.T, name string) (vectors []vector) {
	t.Helper()
	reference.Read(t, "express/"+name+".json", &vectors)
	return vectors
}

// TestExpressVectors_read rebuilds cookie-parser's two objects, cookies and signedCookies, from All
// and Unsign.
func TestExpressVectors_read(t *testing.T) {
	ran := 0
	for _, v := range append(read(t, "req.cookies"), read(t, "req.signedCookies")...) {
		if v.JS || strings.HasSuffix(v.ID, "/proto-name") { // the key __proto__ is lost in a JavaScript object only
			continue
		}
		ran++
		var secrets []string
		switch s := v.App.Stack[0].Secret.(type) {
		case string:
			secrets = []string{s}
		case []any:
			for _, s := range s {
				secrets = append(secrets, s.(string))
			}
		}
		var lines []string
		for _, h := range v.Request.Headers {
			lines = append(lines, h[1])
		}
		cookies, signedCookies := map[string]any{}, map[string]any{}
		for name := range cookie.All(lines) {
			value, _ := cookie.Get(lines, name)
			if strings.HasPrefix(value, "s:") && secrets != nil {
				signedCookies[name] = false
				if plain, ok := cookie.Unsign(value, secrets...); ok {
					signedCookies[name] = plain
				}
				continue
			}
			cookies[name] = value
			if object, ok := strings.CutPrefix(value, "j:"); ok {
				var parsed any
				if json.Unmarshal([]byte(object), &parsed) == nil && parsed != 0.0 && parsed != false {
					cookies[name] = parsed
				}
			}
		}
		var want []any
		if err := json.Unmarshal([]byte(v.Expect.Body), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, []any{cookies, signedCookies}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.ID, diff)
		}
	}
	if ran < 22 {
		t.Errorf("only %d vectors ran", ran)
	}
}

// TestExpressVectors_write runs res.cookie and res.clearCookie. The conversion of JavaScript values
// into strings happens here; what Go's types make impossible, an option of the wrong type, is left
// out.
func TestExpressVectors_write(t *testing.T) {
	deviations := map[string]string{
		"res.cookie/maxage-negative": "a=b; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", // deletes for certain
	}
	ran := 0
	for _, v := range append(read(t, "res.cookie"), read(t, "res.clearCookie")...) {
		secret, _ := v.App.Stack[0].Secret.(string)
		var got []string
		var failure error
		for _, op := range v.App.Stack[len(v.App.Stack)-1].Do {
			if send, ok := op[len(op)-1].(map[string]any); ok && op[0] == "res.send" {
				op = send["$throws"].([]any)
			}
			var options map[string]any
			if len(op) > 2 {
				options, _ = op[len(op)-1].(map[string]any)
			}
			o, ok := parse(options)
			if !ok {
				continue
			}
			var line string
			var err error
			sign, _ := options["signed"].(bool)
			switch op[0] {
			case "res.cookie":
				value := stringOf(op[2])
				if sign {
					value = cookie.Sign(value, secret)
				}
				line, err = cookie.FormatAt(op[1].(string), value, o, now)
			case "res.clearCookie":
				line, err = cookie.Clear(op[1].(string), "", o)
				if sign { // Clear writes no value; Express signs the empty one
					o.MaxAge, o.Expires = 0, time.Unix(0, 0)
					line, err = cookie.FormatAt(op[1].(string), cookie.Sign("", secret), o, now)
				}
			default:
				continue
			}
			ran++
			if got = append(got, line); err != nil {
				got, failure = nil, err
			}
			if (o.Partitioned || o.SameSite == http.SameSiteNoneMode) && !o.Secure { // refused here: see TestC4CookiesThatBrowsersIgnore
				got, failure = nil, nil
			}
		}
		var want []string
		switch lines := v.Expect.Headers["set-cookie"].(type) {
		case string:
			want = []string{lines}
		case []any:
			for _, line := range lines {
				want = append(want, line.(string))
			}
		}
		if line, ok := deviations[v.ID]; ok {
			want = []string{line}
		}
		if got == nil && failure == nil {
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", v.ID, diff)
		}
		if message, throws := strings.CutPrefix(v.Expect.Body, "TypeError: "); throws && !strings.Contains(fmt.Sprint(failure), ": "+message+": ") {
			t.Errorf("%s: error %v, want it to say %q", v.ID, failure, message)
		}
	}
	if ran < 34 {
		t.Errorf("only %d calls ran", ran)
	}
}

// stringOf is what res.cookie makes of a value: strings, numbers and booleans as they print, all
// else as j: and JSON.
func stringOf(v any) string {
	switch v.(type) {
	case string, float64, bool:
		return fmt.Sprint(v)
	}
	b, _ := json.Marshal(v)
	return "j:" + string(b)
}

// parse turns Express's options into Options; false if Go's types cannot express them.
func parse(options map[string]any) (o cookie.Options, ok bool) {
	o.Domain, _ = options["domain"].(string)
	path, given := options["path"].(string)
	o.Path, o.OmitPath = path, given && path == ""
	if ms, ok := options["maxAge"].(float64); ok {
		o.MaxAge = time.Duration(ms * 1e6)
	}
	switch expires := options["expires"].(type) {
	case map[string]any:
		ms, ok := expires["$date"].(float64)
		if !ok {
			return o, false // an invalid Date
		}
		o.Expires = time.UnixMilli(int64(ms))
	case string:
		return o, false
	}
	o.HTTPOnly, _ = options["httpOnly"].(bool)
	o.Secure, _ = options["secure"].(bool)
	o.Partitioned, _ = options["partitioned"].(bool)
	o.Priority, _ = options["priority"].(string)
	if s, ok := options["sameSite"].(string); ok {
		o.SameSite = map[string]http.SameSite{"lax": http.SameSiteLaxMode, "strict": http.SameSiteStrictMode, "none": http.SameSiteNoneMode}[s]
		if o.SameSite == 0 {
			o.SameSite = -1
		}
	}
	if options["encode"] != nil {
		o.Encode = identity
	}
	return o, true
}
