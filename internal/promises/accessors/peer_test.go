package accessors_test

// Who asked, in which scheme and for which host: what of it a client can choose.

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/linear"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// What RFC 3986 does not allow as a host is refused before any handler, also where a trusted proxy
// says it.
func TestA12ForwardedClaims(t *testing.T) {
	url := func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.URL().String()) }
	mux := served.NewMux(t, adapt.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}, func(r *adapt.Routes) {
		r.Fetch.GET("/", url)
		r.Mount("/app", fetch.Handler(url))
	})
	for _, tt := range []struct {
		name, value string
		want        string // the origin; "" for a 400
		stranger    string // the same from a peer that is not trusted; "" for a 400
	}{
		{"Host", "a/b", "", ""},
		{"Host", "u@h", "", ""},
		{"Host", "a#b", "", ""},
		{"Host", "a b", "", ""},
		{"Host", "a:b", "", ""},
		{"Host", "[::1", "", ""},
		{"X-Forwarded-Host", "b.test", "http://b.test", "http://example.com"},
		{"X-Forwarded-Host", "b.test:8080, c.test", "http://b.test:8080", "http://example.com"},
		{"X-Forwarded-Host", "<script>", "", "http://example.com"},
		{"X-Forwarded-Host", "user@b.test", "", "http://example.com"},
		{"X-Forwarded-Host", "b.test/x", "", "http://example.com"},
		{"X-Forwarded-Host", `b.test\x`, "", "http://example.com"},
		{"X-Forwarded-Host", "b.test?x", "", "http://example.com"},
		{"X-Forwarded-Host", "b.test#x", "", "http://example.com"},
		{"X-Forwarded-Host", "b.test:x", "", "http://example.com"},
		{"X-Forwarded-Host", "b.test:99999", "", "http://example.com"},
		{"X-Forwarded-Host", " ", "http://example.com", "http://example.com"},
		{"X-Forwarded-Proto", "https", "https://example.com", "http://example.com"},
		{"X-Forwarded-Proto", "HTTPS", "https://example.com", "http://example.com"},
		{"X-Forwarded-Proto", "https, http", "https://example.com", "http://example.com"},
		{"X-Forwarded-Proto", "wss", "https://example.com", "http://example.com"},
		{"X-Forwarded-Proto", "https://evil.example/?", "", "http://example.com"},
		{"X-Forwarded-Proto", "javascript", "", "http://example.com"},
		{"X-Forwarded-Proto", "ftp", "", "http://example.com"},
		{"X-Forwarded-Proto", "https:", "", "http://example.com"},
	} {
		for _, target := range []string{"/", "/app/", "/missing"} {
			for peer, want := range map[string]string{"192.0.2.1:1": tt.want, "203.0.113.9:1": tt.stranger} {
				r := httptest.NewRequest("GET", target, nil)
				r.RemoteAddr = peer
				if tt.name == "Host" {
					r.Host = tt.value
				} else {
					r.Header.Set(tt.name, tt.value)
				}
				rec := httptest.NewRecorder()
				mux.ServeHTTP(rec, r)
				code := 200
				switch {
				case want == "":
					code = 400
				case target == "/missing":
					code = 404
				}
				if rec.Code != code || code == 200 && !strings.HasPrefix(rec.Body.String(), want+"/") {
					t.Errorf("%s: %s from %s to %s: %d %s, want %q", tt.name, tt.value, peer, target, rec.Code, rec.Body, want)
				}
			}
		}
	}
}

// What RFC 3986 allows is served, also in front of what is mounted.
func TestB17HostsOfRFC3986(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.Fetch.GET("/", served.Says("x"))
		r.Mount("/app", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) }))
	})
	for _, host := range []string{"", "a,b", "a_b.test", "~a!$&'()*+;=b", "a:", "[::1]:", "%C3%A4.test", "127.1", "0x7f.1", "a..b", "a.b.", "1", "256.1.1.1:80"} {
		for _, target := range []string{"/", "/app/"} {
			r := httptest.NewRequest("GET", target, nil)
			r.Host = host
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, r)
			if rec.Code != 200 || target == "/app/" && rec.Body.String() != host {
				t.Errorf("Host %q: %d %s", host, rec.Code, rec.Body)
			}
		}
	}
}

// The scheme is the connection's, whatever the request line says.
func TestA13SchemeOfTheConnection(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{}, func(r *adapt.Routes) {
		r.ReqRes.GET("/x", func(req *reqres.Request, res *reqres.Response) error {
			return res.JSON([]any{req.URL().String(), req.Secure(), req.Protocol()})
		})
	})
	plain, secure := httptest.NewServer(mux), httptest.NewTLSServer(mux)
	defer plain.Close()
	defer secure.Close()
	for _, target := range []string{"/x", "http://a.test/x", "https://a.test/x", "HTTPS://a.test/x", "wss://a.test/x", "ftp://a.test/x"} {
		for scheme, dial := range map[string]func() (net.Conn, error){
			"http": func() (net.Conn, error) { return net.Dial("tcp", plain.Listener.Addr().String()) },
			"https": func() (net.Conn, error) {
				return tls.Dial("tcp", secure.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
			},
		} {
			conn, err := dial()
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n", target)
			answer, _ := io.ReadAll(conn)
			conn.Close()
			if want := fmt.Sprintf(`["%s://a.test/x",%v,%q]`, scheme, scheme == "https", scheme); !strings.HasSuffix(string(answer), want) {
				t.Errorf("GET %s on %s: %s, want %s", target, scheme, answer, want)
			}
		}
	}
	res, err := mux.Fetch(fetch.NewRequest("GET", "https://a.test/x"))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := res.Text(); got != `["https://a.test/x",true,"https"]` {
		t.Errorf("made by hand: %s", got)
	}
}

// X-Forwarded-For as proxies write it: with ports, in brackets, in several lines.
func TestC9ForwardedAddresses(t *testing.T) {
	trusted := adapt.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}
	mux := served.NewMux(t, trusted, func(r *adapt.Routes) {
		r.ReqRes.GET("/", func(req *reqres.Request, res *reqres.Response) error { return res.Send(req.IP()) })
	})
	for _, tt := range []struct {
		lines []string
		want  string
	}{
		{nil, "10.0.0.1"},
		{[]string{"203.0.113.7"}, "203.0.113.7"},
		{[]string{"203.0.113.7:4711"}, "203.0.113.7"},
		{[]string{"2001:db8::1"}, "2001:db8::1"},
		{[]string{"[2001:db8::1]"}, "2001:db8::1"},
		{[]string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		{[]string{"198.51.100.1, 203.0.113.7:4711 , 10.0.0.9:80"}, "203.0.113.7"},
		{[]string{"203.0.113.7:1", "[fd00::1]:2, 10.0.0.2"}, "203.0.113.7"},
		{[]string{"203.0.113.7", "unknown"}, "unknown"},
		{[]string{"::ffff:10.0.0.2"}, "::ffff:10.0.0.2"},
		{[]string{"203.0.113.7, ::ffff:10.0.0.2, ,"}, "203.0.113.7"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = "10.0.0.1:9", tt.lines
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, r)
		if got := rec.Body.String(); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.lines, got, tt.want)
		}
	}
}

// However many addresses a client claims, only those that proxies wrote are looked at one by one.
func TestA17ManyAddresses(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}}, func(r *adapt.Routes) {
		r.ReqRes.GET("/", func(req *reqres.Request, res *reqres.Response) error {
			return res.Send(req.IP() + fmt.Sprint(len(req.IPs())))
		})
	})
	for _, claim := range []string{"1.2.3.4,", ",", "x,", "[", ":"} {
		linear.Check(t, 500, func(n int) func() {
			r := httptest.NewRequest("GET", "/", nil)
			r.Header.Set("X-Forwarded-For", strings.Repeat(claim, n))
			r.Header.Set("X-Forwarded-Host", ", "+strings.Repeat(claim, n))
			r.Header.Set("X-Forwarded-Proto", ", "+strings.Repeat(claim, n))
			return func() { mux.ServeHTTP(httptest.NewRecorder(), r) }
		})
	}
}

// A request made by hand comes from an address for documentation; trusted as a proxy, it can come
// from any.
func TestAddressOfARequestMadeByHand(t *testing.T) {
	mux := served.NewMux(t, adapt.Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}}, func(r *adapt.Routes) {
		r.Fetch.GET("/", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.IP()) })
	})
	for want, opts := range map[string][]fetch.RequestOption{
		"192.0.2.1":   nil,
		"203.0.113.7": {fetch.RequestHeader("X-Forwarded-For", "203.0.113.7")},
	} {
		res, err := mux.Fetch(fetch.NewRequest("GET", "/", opts...))
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := res.Text(); got != want {
			t.Errorf("it comes from %s, want %s", got, want)
		}
	}
}
