package cors_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/cors/corstest"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// The vectors in testdata are facts: what jub0bs/cors answers when it is run, cross-checked by an
// independent model, with the recommended behaviour where that library falls short ("delta").

// suffixes is as much of a public suffix list as the tests need: the listed names, and by its
// default rule every top-level domain.
type suffixes struct{}

func (suffixes) String() string { return "test" }

func (suffixes) PublicSuffix(domain string) string {
	for _, s := range []string{"co.uk", "github.io", "vercel.app", "netlify.app", "herokuapp.com", "s3.amazonaws.com", "pages.dev", "web.app", "azurewebsites.net", "run.app"} {
		if domain == s || strings.HasSuffix(domain, "."+s) {
			return s
		}
	}
	return domain[strings.LastIndexByte(domain, '.')+1:]
}

// neutral is a configuration as the vectors write it.
type neutral struct {
	Origins, Methods, RequestHeaders, ResponseHeaders []string
	Credentials                                       bool
	MaxAge                                            int
	TolerateInsecureOrigins, ToleratePublicSuffixes   bool
}

func (n *neutral) config() cors.Config {
	c := cors.Config{
		Origins: n.Origins, Methods: n.Methods, RequestHeaders: n.RequestHeaders, ExposedHeaders: n.ResponseHeaders,
		Credentials: n.Credentials, MaxAge: time.Duration(n.MaxAge) * time.Second, PublicSuffixes: suffixes{},
	}
	if n.MaxAge == -1 {
		c.MaxAge = cors.NoCache
	}
	if n.TolerateInsecureOrigins {
		c.DangerouslyAllowInsecure = n.Origins
	}
	if n.ToleratePublicSuffixes {
		c.DangerouslyAllowPublicSuffix = n.Origins
	}
	return c
}

func mustPolicy(t testing.TB, c cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// answer is a response as the vectors write it: status, whether the handler ran, and the headers of
// the protocol.
type answer struct {
	Status        int
	HandlerCalled bool
	Headers       map[string][]string
}

// normal brings headers into the form in which they are compared: those that are lists as sorted
// lower-case members over all lines (methods keep their case), the others line by line.
func normal(h map[string][]string) map[string][]string {
	n := make(map[string][]string)
	for name, lines := range h {
		switch name {
		case "Vary", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Access-Control-Allow-Methods":
			var members []string
			for member := range strings.SplitSeq(strings.Join(lines, ","), ",") {
				if member = strings.TrimSpace(member); member != "" {
					if name != "Access-Control-Allow-Methods" {
						member = strings.ToLower(member)
					}
					members = append(members, member)
				}
			}
			slices.Sort(members)
			n[name] = members
		default:
			if strings.HasPrefix(name, "Access-Control-") {
				n[name] = lines
			}
		}
	}
	return n
}

// ask sends one request through a handler that writes 200 "bar", as in the vectors.
func ask(p *cors.Policy, method string, header http.Header) answer {
	var a answer
	h := p.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.HandlerCalled = true
		_, _ = w.Write([]byte("bar"))
	}))
	r := httptest.NewRequest("GET", "https://api.test/", nil)
	r.Method, r.Header = method, header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a.Status, a.Headers = w.Code, normal(w.Result().Header)
	return a
}

func TestPolicyVectors(t *testing.T) {
	type vector struct {
		ID, Kind, Desc string
		Config         *neutral
		Request        struct {
			Method  string
			Headers http.Header
		}
		ExpectFull answer
		Browser    *struct{ Anonymous, Credentialed bool }
	}
	for _, v := range reference.Cases[vector](t, "cors/policy.json") {
		policy := cors.Off()
		if v.Config != nil {
			policy = mustPolicy(t, v.Config.config())
		}
		want := v.ExpectFull
		want.Headers = normal(want.Headers)
		if diff := cmp.Diff(want, ask(policy, v.Request.Method, v.Request.Headers)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", v.ID, v.Desc, diff)
		}
		if asked := v.Request.Headers.Get("Access-Control-Request-Method"); v.Browser == nil || asked == "put" || asked == "Delete" {
			continue // no browser asks: it writes PUT and DELETE in upper case
		}
		for credentials, want := range map[bool]bool{false: v.Browser.Anonymous, true: v.Browser.Credentialed} {
			if verdict := browse(policy, v.Request.Method, v.Request.Headers, credentials); verdict.OK != want {
				t.Errorf("%s: %s: credentials %t: shared = %t, want %t; console: %s", v.ID, v.Desc, credentials, verdict.OK, want, verdict.Console)
			}
		}
	}
}

// browse lets a browser send the request that the headers belong to: the one announced by a
// preflight, or itself.
func browse(p *cors.Policy, method string, h http.Header, credentials bool) corstest.Verdict {
	req := corstest.Request{Method: method, URL: "https://api.test/", Credentials: credentials}
	if asked := h.Get("Access-Control-Request-Method"); asked != "" && method == "OPTIONS" {
		req.Method, req.Upload, req.Header = asked, true, make(http.Header)
		for name := range strings.SplitSeq(strings.Join(h["Access-Control-Request-Headers"], ","), ",") {
			if name = strings.TrimSpace(name); name != "" {
				req.Header.Set(name, "application/json") // unsafe as the value of any header
			}
		}
		return corstest.Browser{Origin: h.Get("Origin")}.May(p.Handler(nothing), req)
	}
	// The case is about one answer; a method that needs a preflight is taken to have passed it.
	answered := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Access-Control-Request-Method") == "" {
			p.Handler(nothing).ServeHTTP(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Methods", method)
	})
	return corstest.Browser{Origin: h.Get("Origin")}.May(answered, req)
}

var nothing = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

func TestInvalidConfigVectors(t *testing.T) {
	type finding struct{ Kind, Value string }
	type vector struct {
		ID, Note         string
		Config           neutral
		Errors           []finding
		RecommendedExtra []finding
	}
	for _, v := range reference.Cases[vector](t, "cors/invalid-configs.json") {
		policy, err := cors.New(v.Config.config())
		var got []finding
		for e := range cors.Errors(err) {
			value := e.Value
			if e.Kind == cors.KindMaxAgeRange {
				value = seconds(t, value)
			}
			got = append(got, finding{string(e.Kind), value})
		}
		if (policy == nil) != (err != nil) || (err != nil) != (len(got) > 0) {
			t.Errorf("%s: %s: policy = %v, err = %v", v.ID, v.Note, policy, err)
		}
		// Of what is only recommended, some is an error here and the rest a note.
		extra := v.RecommendedExtra
		for note := range policy.Notes() {
			got = append(got, finding{string(note.Kind), note.Value})
		}
		want := slices.Concat(v.Errors, extra)
		for i := range want {
			if want[i].Kind == "tolerance.unused" { // ours are per pattern
				want[i].Value = v.Config.Origins[0]
			}
			if v.ID == "invalid/036" { // ws: no browser sends it (origin-patterns.json, delta), besides being insecure
				want = append(want, finding{"origin.prohibited", want[i].Value})
			}
		}
		order := func(a, b finding) int { return strings.Compare(a.Kind+a.Value, b.Kind+b.Value) }
		slices.SortFunc(got, order)
		slices.SortFunc(want, order)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", v.ID, v.Note, diff)
		}
	}
}

// seconds turns a duration as errors print it into the unit of the vectors.
func seconds(t *testing.T, s string) string {
	t.Helper()
	d, err := time.ParseDuration(s)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(int(d / time.Second))
}

func TestOriginPatternVectors(t *testing.T) {
	type vector struct{ Pattern, Verdict, Why, WithCredentials, Delta string }
	verdictOf := func(pattern string, credentials bool) string {
		_, err := cors.New(cors.Config{Origins: []string{pattern}, Credentials: credentials, PublicSuffixes: suffixes{}})
		for e := range cors.Errors(err) {
			switch e.Kind {
			case cors.KindOriginInvalid:
				return "invalid"
			case cors.KindOriginProhibited:
				return "prohibited"
			case cors.KindOriginCredentialedInsecure:
				return "insecure"
			case cors.KindOriginCredentialedPublicSuffix:
				return "psl"
			case cors.KindOriginCredentialedWildcard:
				return "wildcard"
			}
			return string(e.Kind)
		}
		return "ok"
	}
	for _, v := range reference.Cases[vector](t, "cors/origin-patterns.json") {
		verdict, credentialed := v.Verdict, v.WithCredentials
		switch {
		case strings.Contains(v.Delta, "recommended: prohibited"):
			verdict = "prohibited"
		case strings.Contains(v.Delta, "recommended: ok"):
			credentialed = "ok"
		case strings.Contains(v.Delta, "valid"), strings.Contains(v.Delta, "recommended: allow"):
			verdict = "valid"
		case v.Delta != "":
			t.Fatalf("%s: delta not understood: %s", v.Pattern, v.Delta)
		}
		if verdict == "valid" {
			verdict = "ok"
		}
		if got := verdictOf(v.Pattern, false); got != verdict {
			t.Errorf("%q (%s): %s, want %s", v.Pattern, v.Why, got, verdict)
		}
		if credentialed == "" || verdict != "ok" {
			continue
		}
		if got := verdictOf(v.Pattern, true); got != credentialed {
			t.Errorf("%q (%s), with credentials: %s, want %s", v.Pattern, v.Why, got, credentialed)
		}
	}
}

// notHosts are the cases of origin-match.json in which the reference sends back what no browser
// sends: something that only looks like a subdomain. Here the labels under "*." are checked.
var notHosts = []string{"https://*.example.com", "https://evil.org?.example.com", "https://evil@a.example.com", "https://evil.org/.example.com", "https://a..example.com"}

// Under "*." stand labels that a browser can send, or nothing matches.
func TestA16LabelsUnderAWildcard(t *testing.T) {
	p := mustPolicy(t, cors.Config{Origins: []string{"https://*.sub.example", "https://*.port.example:*", "chrome-extension://*.x"}})
	for origin, want := range map[string]bool{
		"https://a.sub.example":                                 true,
		"https://a.b.sub.example":                               true,
		"https://a-b.sub.example":                               true,
		"https://a--b.sub.example":                              true,
		"https://_dmarc.sub.example":                            true,
		"https://xn--bcher-kva.sub.example":                     true,
		"https://" + strings.Repeat("a", 63) + ".sub.example":   true,
		"https://x..sub.example":                                false,
		"https://.sub.example":                                  false,
		"https://..sub.example":                                 false,
		"https://.x.sub.example":                                false,
		"https://-.sub.example":                                 false,
		"https://-a.sub.example":                                false,
		"https://a-.sub.example":                                false,
		"https://b.-a.sub.example":                              false,
		"https://a-.b.sub.example":                              false,
		"https://xn--.sub.example":                              false,
		"https://xn--a-.sub.example":                            false,
		"https://" + strings.Repeat("a", 64) + ".sub.example":   false,
		"https://A.sub.example":                                 false,
		"https://a%2e.sub.example":                              false,
		"https://a b.sub.example":                               false,
		"https://é.sub.example":                                 false,
		"https://x..port.example:8080":                          false,
		"https://-.port.example:1":                              false,
		"https://x.port.example:8080":                           true,
		"https://" + strings.Repeat("a.", 60) + "-.sub.example": false,
		"chrome-extension://a..x":                               false,
		"chrome-extension://A.x":                                true,
	} {
		if got := p.AllowsOrigin(origin); got != want {
			t.Errorf("%s: %v, want %v", origin, got, want)
		}
	}
}

func TestOriginMatchVectors(t *testing.T) {
	type vector struct {
		Patterns     []string
		Origin, Note string
		Allowed      bool
	}
	for _, v := range reference.Cases[vector](t, "cors/origin-match.json") {
		p := mustPolicy(t, cors.Config{Origins: v.Patterns})
		want := v.Allowed && !slices.Contains(notHosts, v.Origin)
		if got := p.AllowsOrigin(v.Origin); got != want {
			t.Errorf("%s: %q allows %q: %t, want %t", v.Note, v.Patterns, v.Origin, got, want)
		}
		_, shared := ask(p, "GET", http.Header{"Origin": {v.Origin}}).Headers["Access-Control-Allow-Origin"]
		if shared != want {
			t.Errorf("%s: %q shares with %q: %t, want %t", v.Note, v.Patterns, v.Origin, shared, want)
		}
	}
}

// Access-Control-Request-Headers is not parsed here: the answer lists what is allowed, and the
// browser compares. So every form of it gets the same answer, and what matters is that the
// comparison comes out right.
func TestRequestHeaderVectors(t *testing.T) {
	type vector struct {
		Allowed, Lines []string
		Note           string
		Semantic       bool
	}
	for _, v := range reference.Cases[vector](t, "cors/acrh.json") {
		p := mustPolicy(t, cors.Config{Origins: []string{"https://example.com"}, RequestHeaders: v.Allowed})
		a := ask(p, "OPTIONS", http.Header{
			"Origin": {"https://example.com"}, "Access-Control-Request-Method": {"GET"}, "Access-Control-Request-Headers": v.Lines,
		})
		if a.Status != http.StatusNoContent {
			t.Errorf("%s: %q: status %d, want 204", v.Note, v.Lines, a.Status)
		}
		listed := true
		for name := range strings.SplitSeq(strings.Join(v.Lines, ","), ",") {
			name = strings.ToLower(strings.Trim(name, " \t"))
			listed = listed && (name == "" || slices.Contains(a.Headers["Access-Control-Allow-Headers"], name))
		}
		if listed != v.Semantic {
			t.Errorf("%s: %q against %q: all listed = %t, want %t", v.Note, v.Lines, a.Headers["Access-Control-Allow-Headers"], listed, v.Semantic)
		}
	}
}
