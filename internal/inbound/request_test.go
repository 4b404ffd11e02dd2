package inbound

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/route"
)

func newRequest(r *http.Request) *Request { return &Request{R: r, Env: route.Default} }

func withHeader(target string, pairs ...string) *http.Request {
	r := httptest.NewRequest("GET", target, nil)
	for pair := range slices.Chunk(pairs, 2) {
		r.Header.Add(pair[0], pair[1])
	}
	return r
}

// What a request is asked for.
func TestAccessors(t *testing.T) {
	r := newRequest(withHeader("http://a.test:80/x/../caf%C3%A9?q=1&q=2#f", "Accept", "a/b", "Accept", "c/d", "Cookie", "n=v%20w"))
	r.R.URL.RawQuery += "#raw"
	u := r.URL()
	for what, pair := range map[string][2]any{
		"Path":               {r.Path(), "/caf%C3%A9"},
		"URL":                {u.String(), "http://a.test:80/caf%C3%A9?q=1&q=2"},
		"RawQuery":           {r.RawQuery(), "q=1&q=2"},
		"Query":              {r.Query("q"), "1"},
		"QueryValues":        {r.QueryValues("q"), []string{"1", "2"}},
		"Header":             {r.Header("accept"), "a/b, c/d"},
		"Header of one line": {r.Header("Cookie"), "n=v%20w"},
		"Header Host":        {r.Header("host"), "a.test:80"},
		"HeaderValues":       {r.HeaderValues("accept"), []string{"a/b", "c/d"}},
		"HeaderValues Host":  {r.HeaderValues("host"), []string{"a.test:80"}},
		"Host":               {r.Host(), "a.test:80"},
		"Hostname":           {r.Hostname(), "a.test"},
		"Protocol":           {r.Protocol(), "http"},
		"IP":                 {r.IP(), "192.0.2.1"},
		"IPs":                {len(r.IPs()), 0},
		"HasBody":            {r.HasBody(), false},
		"NullBody":           {r.NullBody(), true},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s (-want +got)\n%s", what, diff)
		}
	}
	if v, ok := r.Cookie("n"); v != "v w" || !ok {
		t.Errorf("Cookie = %q, %v", v, ok)
	}
	u.Path = "/changed"
	if r.Path() != "/caf%C3%A9" {
		t.Error("URL hands out what the request has")
	}
}

// Another protocol is asked for by Upgrade together with Connection, or by CONNECT.

// The parameters of a route, in the room of the record and beyond it.
func TestParams(t *testing.T) {
	type params = map[string]any
	for rule, tt := range map[string]struct {
		names    []string
		values   []string
		catchAll bool
		want     params
	}{
		"none":                              {nil, nil, false, params{}},
		"one, decoded":                      {[]string{"a"}, []string{"%C3%A9"}, false, params{"a": "é"}},
		"an encoded slash is data":          {[]string{"a"}, []string{"x%2Fy"}, false, params{"a": "x/y"}},
		"as many as there is room":          {[]string{"a", "b", "c"}, []string{"1", "2", "3"}, false, params{"a": "1", "b": "2", "c": "3"}},
		"and more":                          {[]string{"a", "b", "c", "d", "e"}, []string{"1", "2", "3", "4", "5"}, false, params{"a": "1", "b": "2", "c": "3", "d": "4", "e": "5"}},
		"a catch-all is a list":             {[]string{"a", "r"}, []string{"1", "x/y%2Fz"}, true, params{"a": "1", "r": []any{"x", "y/z"}}},
		"one that has matched nothing goes": {[]string{"r"}, []string{""}, true, params{}},
		"fewer values than names":           {[]string{"a", "b"}, []string{"1"}, false, params{"a": "1"}},
	} {
		r := newRequest(httptest.NewRequest("GET", "/", nil))
		env := *r.Env
		env.Names, env.CatchAll = tt.names, tt.catchAll
		r.Env = &env
		for _, v := range tt.values {
			r.AddParam(v)
		}
		header := r.Strings.One("header")
		if got := maps.Collect(r.AllParams()); !cmp.Equal(tt.want, got) {
			t.Errorf("%s (-want +got)\n%s", rule, cmp.Diff(tt.want, got))
		}
		shared := &Request{R: r.R, Env: r.Env}
		shared.ShareParams(r)
		if got := maps.Collect(shared.AllParams()); !cmp.Equal(tt.want, got) {
			t.Errorf("%s, shared (-want +got)\n%s", rule, cmp.Diff(tt.want, got))
		}
		for name, v := range tt.want {
			text := v
			var list []string
			if segments, ok := v.([]any); ok {
				var all []string
				for _, s := range segments {
					all = append(all, s.(string))
				}
				text, list = strings.Join(all, "/"), all
			} else {
				list = []string{v.(string)}
			}
			if r.Param(name) != text || !slices.Equal(r.Params(name), list) {
				t.Errorf("%s: Param(%s) = %q, Params %q", rule, name, r.Param(name), r.Params(name))
			}
		}
		if r.Param("none") != "" || r.Params("none") != nil {
			t.Errorf("%s: a parameter that there is not has a value", rule)
		}
		if header[0] != "header" || len(env.Values) != 0 {
			t.Errorf("%s: the room of the record is not kept apart, or what the route has was changed", rule)
		}
		if n := len(maps.Collect(r.ParamTexts())); n != len(tt.names) {
			t.Errorf("%s: %d texts", rule, n)
		}
		for range r.AllParams() {
			break
		}
		for range r.ParamTexts() {
			break
		}
	}
}

// SetParam gives one request another value, or a parameter that its route has not; ServeMux's
// values are read where a route has none.
func TestSetParam(t *testing.T) {
	r := newRequest(httptest.NewRequest("GET", "/", nil))
	r.R.SetPathValue("m", "from/mux")
	if r.Param("m") != "from/mux" || !slices.Equal(r.Params("m"), []string{"from", "mux"}) {
		t.Errorf("of ServeMux: %q %q", r.Param("m"), r.Params("m"))
	}
	r.SetParam("id", "a b/c")
	if r.Param("id") != "a b/c" || len(r.Params("id")) != 2 {
		t.Errorf("a first one: %q, %q", r.Param("id"), r.Params("id"))
	}
	r.SetParam("id", "x%y")
	r.SetParam("other", "a/b")
	if r.Param("id") != "x%y" || !slices.Equal(r.Params("other"), []string{"a/b"}) {
		t.Errorf("later ones: %q, %q", r.Param("id"), r.Params("other"))
	}
	if len(route.Default.Names)+len(route.Default.Values) != 0 {
		t.Error("the route's own were changed")
	}
}

// Forwarded headers count as far as trusted proxies have relayed them, from the right.
func TestPeer(t *testing.T) {
	all := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	near := []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	for rule, tt := range map[string]struct {
		proxies []netip.Prefix
		remote  string
		headers []string
		ip      string
		ips     int
		at      string // protocol://host, hostname
	}{
		"nobody is trusted": {nil, "192.0.2.1:1", []string{"X-Forwarded-For", "1.2.3.4", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "b.test"},
			"192.0.2.1", 0, "http://a.test a.test"},
		"the nearest proxy is": {near, "192.0.2.1:1", []string{"X-Forwarded-For", "1.2.3.4, 5.6.7.8", "X-Forwarded-Proto", "https, http", "X-Forwarded-Host", "b.test:8"},
			"5.6.7.8", 1, "https://b.test:8 b.test"},
		"all are":                            {all, "192.0.2.1:1", []string{"X-Forwarded-For", "1.2.3.4, , 5.6.7.8"}, "1.2.3.4", 2, "http://a.test a.test"},
		"also one that is not an address":    {all, "pipe", []string{"X-Forwarded-For", "unknown"}, "unknown", 1, "http://a.test a.test"},
		"which else is not trusted":          {near, "pipe", []string{"X-Forwarded-For", "unknown"}, "pipe", 0, "http://a.test a.test"},
		"an IPv6 host keeps its brackets":    {near, "192.0.2.1:1", []string{"X-Forwarded-Host", "[::1]:80"}, "192.0.2.1", 0, "http://[::1]:80 [::1]"},
		"an IPv4 address in IPv6 is its own": {near, "[::ffff:192.0.2.1]:1", []string{"X-Forwarded-For", "1.2.3.4"}, "1.2.3.4", 1, "http://a.test a.test"},
	} {
		r := newRequest(withHeader("http://a.test/", tt.headers...))
		r.R.RemoteAddr = tt.remote
		r.Env = &route.Env{Service: &route.Service{Proxies: tt.proxies}}
		at := r.Protocol() + "://" + r.Host() + " " + r.Hostname()
		if r.IP() != tt.ip || len(r.IPs()) != tt.ips || at != tt.at {
			t.Errorf("%s: %s, %q, %s", rule, r.IP(), r.IPs(), at)
		}
	}
}
