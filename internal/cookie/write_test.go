package cookie_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/cookie"
)

var now = time.Date(2026, time.March, 1, 12, 0, 0, 999, time.FixedZone("CET", 3600))

func identity(s string) string { return s }

func TestFormat(t *testing.T) {
	tests := []struct {
		rule, value string
		o           cookie.Options
		want        string
	}{
		{"the zero options: session cookie, whole site", "v", cookie.Options{}, "n=v; Path=/"},
		{"encodeURIComponent", `a b;c,"é=+/`, cookie.Options{}, "n=a%20b%3Bc%2C%22%C3%A9%3D%2B%2F; Path=/"},
		{"Encode replaces it", "a/b=c", cookie.Options{Encode: identity}, "n=a/b=c; Path=/"},
		{"Encode may quote", `"a"`, cookie.Options{Encode: identity}, `n="a"; Path=/`},
		{"Path", "v", cookie.Options{Path: "/x"}, "n=v; Path=/x"},
		{"OmitPath", "v", cookie.Options{OmitPath: true}, "n=v"},
		{"Expires, in GMT", "v", cookie.Options{Expires: now}, "n=v; Path=/; Expires=Sun, 01 Mar 2026 11:00:00 GMT"},
		{"MaxAge writes both", "v", cookie.Options{MaxAge: time.Hour}, "n=v; Max-Age=3600; Path=/; Expires=Sun, 01 Mar 2026 12:00:00 GMT"},
		{"MaxAge wins over Expires", "v", cookie.Options{MaxAge: time.Minute, Expires: now.AddDate(1, 0, 0)}, "n=v; Max-Age=60; Path=/; Expires=Sun, 01 Mar 2026 11:01:00 GMT"},
		{"MaxAge is cut to seconds", "v", cookie.Options{MaxAge: 1999 * time.Millisecond}, "n=v; Max-Age=1; Path=/; Expires=Sun, 01 Mar 2026 11:00:01 GMT"},
		{"a negative MaxAge deletes", "v", cookie.Options{MaxAge: -1}, "n=v; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"},
		{"the longest MaxAge", "v", cookie.Options{MaxAge: 1<<63 - 1}, "n=v; Max-Age=9223372036; Path=/; Expires=Tue, 11 Jun 2318 10:47:16 GMT"},
		{"every attribute, in order", "v", cookie.Options{
			Domain: "example.com", Path: "/p", MaxAge: time.Second, Secure: true, HTTPOnly: true,
			SameSite: http.SameSiteNoneMode, Partitioned: true, Priority: "hIGH",
		}, "n=v; Max-Age=1; Domain=example.com; Path=/p; Expires=Sun, 01 Mar 2026 11:00:01 GMT; HttpOnly; Secure; Partitioned; Priority=High; SameSite=None"},
		{"Priority in any case", "v", cookie.Options{Priority: "medium"}, "n=v; Path=/; Priority=Medium"},
		{"SameSite Lax", "v", cookie.Options{SameSite: http.SameSiteLaxMode}, "n=v; Path=/; SameSite=Lax"},
		{"SameSite Strict", "v", cookie.Options{SameSite: http.SameSiteStrictMode}, "n=v; Path=/; SameSite=Strict"},
		{"SameSite default is left out", "v", cookie.Options{SameSite: http.SameSiteDefaultMode}, "n=v; Path=/"},
		{"Domain with a leading dot", "v", cookie.Options{Domain: ".a-1.example"}, "n=v; Domain=.a-1.example; Path=/"},
	}
	for _, tt := range tests {
		got, err := cookie.FormatAt("n", tt.value, tt.o, now)
		if err != nil || got != tt.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", tt.rule, got, err, tt.want)
		}
	}
}

func TestFormat_now(t *testing.T) {
	got, err := cookie.Format("n", "v", cookie.Options{MaxAge: 100 * 365 * 24 * time.Hour})
	_, expires, _ := strings.Cut(got, "Expires=")
	at, parseErr := http.ParseTime(expires)
	if err != nil || parseErr != nil || at.Before(time.Now()) {
		t.Errorf("Format counted MaxAge from another moment than now: %s, %v, %v", got, err, parseErr)
	}
}

func TestFormat_errors(t *testing.T) {
	tests := []struct {
		name string
		o    cookie.Options
		want string
	}{
		{"", cookie.Options{}, "cookie \"\": argument name is invalid: use letters, digits and !#$%&'*+-.^_`|~ (RFC 6265, 4.1.1)"},
		{"a b", cookie.Options{}, "cookie \"a b\": argument name is invalid: use letters, digits and !#$%&'*+-.^_`|~ (RFC 6265, 4.1.1)"},
		{"n", cookie.Options{Encode: identity}, `cookie "n": argument val is invalid: Encode left a space, a control character, a byte above 0x7E or one of ",;\ in it (RFC 6265, 4.1.1)`},
		{"n", cookie.Options{Domain: "a_b.com"}, `cookie "n": option domain is invalid: "a_b.com" is not a host name of letters, digits and hyphens, without a port`},
		{"n", cookie.Options{Path: "/a;b"}, `cookie "n": option path is invalid: "/a;b" holds ;, <, a control character or a byte above 0x7E: percent-encode it`},
		{"n", cookie.Options{Path: "/a", OmitPath: true}, `cookie "n": option path is invalid: OmitPath excludes the Path "/a"`},
		{"n", cookie.Options{Expires: time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)}, `cookie "n": option expires is invalid: the year 1600 is not between 1601 and 9999 (RFC 6265, 5.1.1)`},
		{"n", cookie.Options{Priority: "foobar"}, `cookie "n": option priority is invalid: "foobar" is not low, medium or high`},
		{"n", cookie.Options{SameSite: 9}, `cookie "n": option sameSite is invalid: 9 is not a constant of http.SameSite`},
	}
	for _, tt := range tests {
		got, err := cookie.Format(tt.name, "a b", tt.o)
		if e, ok := errors.AsType[*cookie.Error](err); !ok || e.Error() != tt.want || got != "" {
			t.Errorf("Format(%q, %+v):\n got %q, %v\nwant %s", tt.name, tt.o, got, err, tt.want)
		}
	}
}

// A cookie that every browser ignores is a mistake that nobody would see.
func TestC4CookiesThatBrowsersIgnore(t *testing.T) {
	secure := cookie.Options{Secure: true}
	with := func(change func(o *cookie.Options)) cookie.Options {
		o := secure
		change(&o)
		return o
	}
	for _, tt := range []struct {
		name string
		o    cookie.Options
		want string // what is wrong; "" for nothing
	}{
		{"__Secure-a", secure, ""},
		{"__Secure-a", with(func(o *cookie.Options) { o.Domain, o.Path = "a.test", "/x" }), ""},
		{"__Secure-a", cookie.Options{}, "argument name"},
		{"__secure-a", cookie.Options{HTTPOnly: true}, "argument name"},
		{"__Secure-", cookie.Options{}, "argument name"},
		{"__Host-a", secure, ""},
		{"__Host-a", with(func(o *cookie.Options) { o.Path = "/" }), ""},
		{"__Host-a", cookie.Options{}, "argument name"},
		{"__Host-a", with(func(o *cookie.Options) { o.Domain = "a.test" }), "argument name"},
		{"__Host-a", with(func(o *cookie.Options) { o.Path = "/x" }), "argument name"},
		{"__Host-a", with(func(o *cookie.Options) { o.OmitPath = true }), "argument name"},
		{"__HOST-a", with(func(o *cookie.Options) { o.Domain = "a.test" }), "argument name"},
		{"__Http-a", with(func(o *cookie.Options) { o.HTTPOnly = true }), ""},
		{"__Http-a", secure, "argument name"},
		{"__Host-Http-a", with(func(o *cookie.Options) { o.HTTPOnly = true }), ""},
		{"__Host-Http-a", secure, "argument name"},
		{"__Host-Http-a", with(func(o *cookie.Options) { o.HTTPOnly, o.Path = true, "/x" }), "argument name"},
		{"__Hosta", cookie.Options{}, ""},
		{"a__Host-", cookie.Options{}, ""},
		{"a", cookie.Options{SameSite: http.SameSiteNoneMode}, "option sameSite"},
		{"a", with(func(o *cookie.Options) { o.SameSite = http.SameSiteNoneMode }), ""},
		{"a", cookie.Options{Partitioned: true}, "option partitioned"},
		{"a", with(func(o *cookie.Options) { o.Partitioned = true }), ""},
	} {
		for kind, format := range map[string]func() (string, error){
			"set":   func() (string, error) { return cookie.Format(tt.name, "v", tt.o) },
			"clear": func() (string, error) { return cookie.Clear(tt.name, "", tt.o) },
		} {
			_, err := format()
			option := ""
			if e, ok := errors.AsType[*cookie.Error](err); ok {
				option = e.Option
			}
			if option != tt.want || (err == nil) != (tt.want == "") {
				t.Errorf("%s %s %+v: %v, want %q", kind, tt.name, tt.o, err, tt.want)
			}
		}
	}
}

func TestFormat_domains(t *testing.T) {
	long := strings.Repeat("a", 63)
	for domain, want := range map[string]bool{
		"localhost": true, "a.b": true, "1.2.3.4": true, long + ".com": true, "X.COM": true,
		".": false, "..a": false, "a.": false, "a..b": false, "-a.b": false, "a-.b": false, "a:80": false, "[::1]": false,
		long + "a.com": false, "é.com": false, "a b": false,
	} {
		if _, err := cookie.Format("n", "v", cookie.Options{Domain: domain}); (err == nil) != want {
			t.Errorf("Domain %q: %v, want it accepted: %t", domain, err, want)
		}
	}
}

func TestFormat_values(t *testing.T) {
	for value, want := range map[string]bool{
		"": true, `""`: true, "a=b": true, "!#$%&'()*+-./:<=>?@[]^_`{|}~": true,
		`"`: false, `a"`: false, "a,b": false, `a\b`: false, "é": false, "a;b": false, "a\x7f": false, `"a b"`: false,
	} {
		if _, err := cookie.Format("n", value, cookie.Options{Encode: identity}); (err == nil) != want {
			t.Errorf("encoded value %q: %v, want it accepted: %t", value, err, want)
		}
	}
}

func TestClear(t *testing.T) {
	got, err := cookie.Clear("sid", "", cookie.Options{Path: "/admin", MaxAge: time.Hour, Expires: now, HTTPOnly: true})
	if want := "sid=; Path=/admin; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly"; err != nil || got != want {
		t.Errorf("Clear = %s, %v; want %s", got, err, want)
	}
}

func TestSign(t *testing.T) {
	signed := cookie.Sign("tobi.x", "new")
	tests := []struct {
		rule, s string
		secrets []string
		ok      bool
	}{
		{"the same secret", signed, []string{"new"}, true},
		{"rotation", cookie.Sign("tobi.x", "old"), []string{"new", "old"}, true},
		{"another secret", signed, []string{"old"}, false},
		{"no secret", signed, nil, false},
		{"an empty secret verifies nothing", cookie.Sign("tobi.x", ""), []string{""}, false},
		{"not signed", "tobi.x", []string{"new"}, false},
		{"no signature", "s:tobi", []string{"new"}, false},
		{"changed value", strings.Replace(signed, "tobi", "toby", 1), []string{"new"}, false},
		{"changed signature", signed[:len(signed)-1] + "_", []string{"new"}, false},
		{"longer signature", signed + "=", []string{"new"}, false},
		{"no prefix", signed[2:], []string{"new"}, false},
	}
	for _, tt := range tests {
		want := map[bool]string{true: "tobi.x"}[tt.ok]
		if got, ok := cookie.Unsign(tt.s, tt.secrets...); ok != tt.ok || got != want {
			t.Errorf("%s: Unsign = %q, %t; want %q, %t", tt.rule, got, ok, want, tt.ok)
		}
	}
}

func TestAllocations(t *testing.T) {
	lines := []string{"a=1; session=\"s3cr3t\"", "b=2"}
	if n := testing.AllocsPerRun(100, func() { cookie.Get(lines, "b"); cookie.Get(lines, "session") }); n != 0 {
		t.Errorf("Get: %v allocations, want 0", n)
	}
	o := cookie.Options{Domain: "example.com", MaxAge: time.Hour, Secure: true, HTTPOnly: true, SameSite: http.SameSiteLaxMode, Priority: "low"}
	if n := testing.AllocsPerRun(100, func() { _, _ = cookie.Format("session", "s3cr3t é;", o) }); n != 1 {
		t.Errorf("Format: %v allocations, want 1", n)
	}
}

func BenchmarkFormat(b *testing.B) {
	o := cookie.Options{MaxAge: time.Hour, Secure: true, HTTPOnly: true, SameSite: http.SameSiteLaxMode}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = cookie.Format("session", "s3cr3t", o)
	}
}
