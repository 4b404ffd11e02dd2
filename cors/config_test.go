package cors_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
)

// Every mistake is reported, in the order of the fields, with its place and with what to do about
// it.
func TestErrorsNameFieldAndRemedy(t *testing.T) {
	_, err := cors.New(cors.Config{
		Origins: []string{
			"https://ok.example", "https://example.com/", "example.com", "*.example.com", "https://Example.com", "localhost:3000",
			"https://*", "https://*example.com", "http://localhost:*,https://a.example", "https://a.example:0", "https://user@a.example",
			"https://r\u00e9sum\u00e9.example", "https://a_b%2e.example", "https://", "http://127.1", "http://*.127.0.0.1", "https://a.example..",
			"https://[::1", "https://[127.0.0.1]", "https://a.example:443", "http://[0:0::1]", "https://a..example", "https://xn--a.example", "null",
			"*", "http://a.example", "https://*.github.io",
		},
		Methods:         []string{"GET,POST", "patch", "Trace"},
		RequestHeaders:  []string{"X A", "Host", "Access-Control-Allow-Origin"},
		ExposedHeaders:  []string{"", "Set-Cookie", "Origin", "*"},
		Credentials:     true,
		MaxAge:          600,
		PreflightStatus: 418,
		PublicSuffixes:  suffixes{},
	})
	const notAnOrigin = " is not an origin pattern, scheme://host or scheme://host:port; "
	want := []string{
		`cors: Origins[1] "https://example.com/"` + notAnOrigin + `did you mean "https://example.com"?`,
		`cors: Origins[2] "example.com"` + notAnOrigin + `did you mean "https://example.com"?`,
		`cors: Origins[3] "*.example.com"` + notAnOrigin + `did you mean "https://*.example.com"?`,
		`cors: Origins[4] "https://Example.com"` + notAnOrigin + `did you mean "https://example.com"?`,
		`cors: Origins[5] "localhost:3000"` + notAnOrigin + `did you mean "http://localhost:3000"?`,
		`cors: Origins[6] "https://*"` + notAnOrigin + `"*" alone allows every origin; there is no pattern for every host of one scheme`,
		`cors: Origins[7] "https://*example.com"` + notAnOrigin + `the only wildcards are "*." before the host and "*" for the port`,
		`cors: Origins[8] "http://localhost:*,https://a.example"` + notAnOrigin + `write one origin in each element of the list`,
		`cors: Origins[9] "https://a.example:0"` + notAnOrigin + `a port is "*" or a number from 1 to 65535 without leading zeros`,
		`cors: Origins[10] "https://xxxxx@a.example"` + notAnOrigin + `an origin has no user name`,
		`cors: Origins[11] "https://résumé.example"` + notAnOrigin + `browsers send hosts in Punycode (xn--...)`,
		`cors: Origins[12] "https://a_b%2e.example"` + notAnOrigin + `a host has no "%"`,
		`cors: Origins[13] "https://"` + notAnOrigin + `it has no host`,
		`cors: Origins[14] "http://127.1"` + notAnOrigin + `a host that ends in a number has to be an IPv4 address of four decimal numbers`,
		`cors: Origins[15] "http://*.127.0.0.1"` + notAnOrigin + `an address has no subdomains`,
		`cors: Origins[16] "https://a.example.."` + notAnOrigin + `there is a dot too many`,
		`cors: Origins[17] "https://[::1"` + notAnOrigin + `the bracket is not closed`,
		`cors: Origins[18] "https://[127.0.0.1]"` + notAnOrigin + `only an IPv6 address without a zone may stand in brackets`,
		`cors: Origins[19] "https://a.example:443" cannot be allowed; browsers leave out a scheme's default port: "https://a.example"`,
		`cors: Origins[20] "http://[0:0::1]" cannot be allowed; browsers send the compressed form [::1]`,
		`cors: Origins[21] "https://a..example" cannot be allowed; a label is empty: there is a dot too many`,
		`cors: Origins[22] "https://xn--a.example" cannot be allowed; "xn--a" is not valid Punycode`,
		`cors: Origins[23] "null" cannot be allowed; sandboxed frames and data: URLs of every site have the origin "null"; use "*" without credentials to mean everybody`,
		`cors: Origins[24] "*" would give every site on the web credentialed access; list the origins, or leave out Credentials`,
		`cors: Origins[25] "http://a.example" is not https: whoever controls the network could act with the user's credentials; use https, or repeat the pattern in DangerouslyAllowInsecure`,
		`cors: Origins[26] "https://*.github.io" covers a public suffix: anyone can register a name under it and act with the user's credentials; list your own names, or repeat the pattern in DangerouslyAllowPublicSuffix`,
		`cors: Methods[0] "GET,POST" is not a method name (RFC 9110, section 9.1); write one name in each element of the list`,
		`cors: Methods[1] "patch" never matches: browsers send this method as the script spells it, and servers know it in upper case; write "PATCH"`,
		`cors: Methods[2] "Trace" is a method that browsers never send (Fetch, forbidden method)`,
		`cors: RequestHeaders[0] "X A" is not a header name (RFC 9110, section 5.1); write one name in each element of the list`,
		`cors: RequestHeaders[1] "Host" is a header that scripts cannot set (Fetch, forbidden request-header)`,
		`cors: RequestHeaders[2] "Access-Control-Allow-Origin" is a response header of the CORS protocol, not a request header`,
		`cors: ExposedHeaders[0] "" is not a header name (RFC 9110, section 5.1)`,
		`cors: ExposedHeaders[1] "Set-Cookie" is a header that scripts can never read (Fetch, forbidden response-header name)`,
		`cors: ExposedHeaders[2] "Origin" has no meaning to a script that reads a response`,
		`cors: ExposedHeaders[3] "*" is not a wildcard in a credentialed response (Fetch, CORS protocol and credentials); list the headers`,
		`cors: MaxAge 600ns is not a whole number of seconds, which is what Access-Control-Max-Age holds; a duration of n seconds is n*time.Second`,
		`cors: PreflightStatus 418 is not a status for a successful preflight; use 204, or 200 for very old clients`,
	}
	var got []string
	for e := range cors.Errors(err) {
		got = append(got, e.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestErrorsLooksThroughWrapping(t *testing.T) {
	_, err := cors.New(cors.Config{Origins: []string{"a", "b", "c"}})
	wrapped := errors.Join(errors.New("other"), fmt.Errorf("start: %w", err))
	var values []string
	for e := range cors.Errors(wrapped) {
		values = append(values, e.Value)
		if e.Value == "b" {
			break
		}
	}
	if diff := cmp.Diff([]string{"a", "b"}, values); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for e := range cors.Errors(nil) {
		t.Errorf("nil holds %v", e)
	}
	if e, ok := errors.AsType[*cors.ConfigError](wrapped); !ok || e.Value != "a" {
		t.Errorf("errors.AsType finds %v, %t", e, ok)
	}
}

func TestNotes(t *testing.T) {
	p := mustPolicy(t, cors.Config{
		Origins: []string{
			"https://*.example.com", "https://a.example.com", "https://*.a.example.com", "https://*.a.example.com:*", "https://a.example.com:8443",
			"http://localhost:*", "http://localhost:3000", "http://localhost", "http://a.localhost", "https://a.example.com",
		},
		Methods: []string{"*", "PUT"}, RequestHeaders: []string{"*", "Authorization", "X-A"}, ExposedHeaders: []string{"Expires", "*", "X-A"},
		MaxAge: 3 * time.Hour, DangerouslyAllowInsecure: []string{"http://localhost"}, DangerouslyAllowPublicSuffix: []string{"https://*.dev"},
	})
	want := []string{
		`DangerouslyAllowInsecure[0] "http://localhost" tolerance.unused`,
		`DangerouslyAllowPublicSuffix[0] "https://*.dev" tolerance.unused`,
		`Origins[1] "https://a.example.com" origin.redundant`,
		`Origins[2] "https://*.a.example.com" origin.redundant`,
		`Origins[6] "http://localhost:3000" origin.redundant`,
		`Origins[7] "http://localhost" origin.redundant`,
		`Origins[9] "https://a.example.com" origin.redundant`,
		`Methods[1] "PUT" method.redundant`,
		`RequestHeaders[2] "X-A" requestHeader.redundant`,
		`ExposedHeaders[0] "Expires" responseHeader.redundant`,
		`ExposedHeaders[2] "X-A" responseHeader.redundant`,
		`MaxAge[-1] "3h0m0s" maxAge.capped`,
	}
	var got []string
	for n := range p.Notes() {
		got = append(got, fmt.Sprintf("%s[%d] %q %s", n.Field, n.Index, n.Value, n.Kind))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A redundant element changes nothing, which is what makes it redundant.
func TestNotesTellTheTruth(t *testing.T) {
	for _, first := range somePatterns {
		for _, second := range somePatterns {
			p := mustPolicy(t, cors.Config{Origins: []string{first, second}})
			redundant := make(map[int]bool)
			for n := range p.Notes() {
				redundant[n.Index] = true
			}
			for i, alone := range []string{second, first} {
				q := mustPolicy(t, cors.Config{Origins: []string{alone}})
				same := !slices.ContainsFunc(append(someOrigins, "https://q.r.a.example:77", "https://a.example:77", "https://q.b.example"), func(o string) bool {
					return p.AllowsOrigin(o) != q.AllowsOrigin(o)
				})
				if redundant[i] && !same {
					t.Errorf("%q beside %q is called redundant, but the policy without it differs", []string{first, second}[i], alone)
				}
			}
			if first == second && !redundant[1] {
				t.Errorf("%q twice is not called redundant", first)
			}
		}
	}
}

func TestPublicSuffixes(t *testing.T) {
	c := cors.Config{Origins: []string{"https://*.example.com"}, Credentials: true}
	refuses(t, cors.KindOriginUnknownPublicSuffix, c)
	c.PublicSuffixes = suffixes{}
	mustPolicy(t, c)
	c.PublicSuffixes, c.DangerouslyAllowPublicSuffix = nil, c.Origins
	mustPolicy(t, c)
	c.Origins = append(c.Origins, "https://*.github.io") // what one pattern is allowed, another is not
	refuses(t, cors.KindOriginUnknownPublicSuffix, c)
	mustPolicy(t, cors.Config{Origins: []string{"http://*.localhost:*"}, Credentials: true})
	mustPolicy(t, cors.Config{Origins: []string{"https://*.github.io"}})
}

// A DNS name has 253 bytes at most, 251 if there is to be a subdomain (RFC 1035, section 2.3.4).
func TestHostLength(t *testing.T) {
	name := func(n int) string { return strings.Repeat("a.", n/2)[:n-1] + "b" }
	mustPolicy(t, cors.Config{Origins: []string{"https://" + name(253), "https://" + name(253) + ".", "https://*." + name(251)}})
	refuses(t, cors.KindOriginProhibited, cors.Config{Origins: []string{"https://" + name(254)}})
	refuses(t, cors.KindOriginInvalid, cors.Config{Origins: []string{"https://*." + name(252)}})
	refuses(t, cors.KindOriginInvalid, cors.Config{Origins: []string{"https://" + name(400)}})
}

// Few origins or many: all are found and nothing else.
func TestManyOrigins(t *testing.T) {
	for _, n := range []int{1, 8, 9, 1000} {
		origins := make([]string, n)
		for i := range origins {
			origins[i] = fmt.Sprintf("https://app%d.example", i)
		}
		allowsOnly(t, origins, origins, []string{fmt.Sprintf("https://app%d.example", n), "https://app.example", "https://app0.example."})
	}
}

// A Config belongs to its caller, who may go on to use it for something else.
func TestConfigIsCopied(t *testing.T) {
	c := cors.Config{Origins: []string{app}, Methods: []string{"PUT"}, RequestHeaders: []string{"X-A"}}
	p := mustPolicy(t, c)
	c.Origins[0], c.Methods[0], c.RequestHeaders[0] = "https://evil.org", "DELETE", "X-Evil"
	if !p.AllowsOrigin(app) || p.AllowsOrigin("https://evil.org") {
		t.Error("the policy changed with the Config it was made from")
	}
}

// Origins that browsers do send although they do not look like web sites.
func TestOriginsOfApps(t *testing.T) {
	for _, origin := range []string{
		"app://build.42",
		"app://-",                         // electron-serve
		"http://localhost:3000",           // development
		"https://v1---svc-h-uc.a.run.app", // Cloud Run, traffic tag
		"https://a_b.example",
		"safari-web-extension://0E3E1D2C-8B1F-4D5E-9A53-8A9C4C1D2B3A",
		"moz-extension://0e3e1d2c-8b1f-4d5e-9a53-8a9c4c1d2b3a",
		"vscode-webview://1f2k3l4m5n6o7p8q9r0s1f2k3l4m5n6o7p8q9r0s1f2k3l4m5n6o7p8q9r0s1f2k3l4m",
		"https://192.0.2.10", // RFC 8738
	} {
		if p := mustPolicy(t, cors.Config{Origins: []string{origin}}); !p.AllowsOrigin(origin) {
			t.Errorf("%q is not allowed by itself", origin)
		}
	}
}
