package cors_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/cors"
)

// sink is a response that costs nothing, so that what is measured is the policy.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}

func (s *sink) reset() { clear(s.header) }

func BenchmarkHandler(b *testing.B) {
	const origin = "https://example.com"
	many := make([]string, 1000)
	wild := make([]string, 100)
	for i := range many {
		many[i] = fmt.Sprintf("https://app%d.example.com", i)
	}
	for i := range wild {
		wild[i] = fmt.Sprintf("https://*.customer%d.example.com", i)
	}
	one := cors.Config{Origins: []string{origin}, Methods: []string{"PUT"}, RequestHeaders: []string{"Content-Type"}}
	full := cors.Config{Origins: []string{origin}, Credentials: true, Methods: []string{"PUT"},
		RequestHeaders: []string{"Content-Type"}, ExposedHeaders: []string{"X-Request-Id"}, MaxAge: cors.NoCache}
	public := cors.Config{Origins: []string{"*"}, ExposedHeaders: []string{"X-Request-Id"}}
	reflecting := cors.Config{Origins: []string{origin}, Credentials: true, RequestHeaders: []string{"*"}}
	preflight := func(origin, names string) http.Header {
		return http.Header{"Origin": {origin}, "Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": {names}}
	}
	for _, bm := range []struct {
		name   string
		config cors.Config
		method string
		header http.Header
	}{
		{"actual/no-origin", one, "GET", http.Header{}},
		{"actual/allowed", one, "GET", http.Header{"Origin": {origin}}},
		{"actual/credentials-expose", full, "GET", http.Header{"Origin": {origin}}},
		{"actual/disallowed", one, "GET", http.Header{"Origin": {"https://example.org"}}},
		{"actual/any-expose", public, "GET", http.Header{"Origin": {origin}}},
		{"actual/1000-origins", cors.Config{Origins: many}, "GET", http.Header{"Origin": {many[999]}}},
		{"actual/100-patterns", cors.Config{Origins: wild}, "GET", http.Header{"Origin": {"https://a.customer99.example.com"}}},
		{"actual/origin-1MiB", one, "GET", http.Header{"Origin": {strings.Repeat("A", 1<<20)}}},
		{"preflight/ok", one, "OPTIONS", preflight(origin, "content-type")},
		{"preflight/credentials", full, "OPTIONS", preflight(origin, "content-type")},
		{"preflight/disallowed", one, "OPTIONS", preflight("https://example.org", "content-type")},
		{"preflight/1MiB-commas", one, "OPTIONS", preflight(origin, strings.Repeat(",", 1<<20))},
		{"preflight/1MiB-reflected", reflecting, "OPTIONS", preflight(origin, strings.Repeat("a,", 1<<19))},
	} {
		b.Run(bm.name, func(b *testing.B) {
			policy, err := cors.New(bm.config)
			if err != nil {
				b.Fatal(err)
			}
			h := policy.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(200) }))
			r := &http.Request{Method: bm.method, Header: bm.header}
			w := &sink{make(http.Header, 8)}
			b.ReportAllocs()
			for b.Loop() {
				w.reset()
				h.ServeHTTP(w, r)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	origins := make([]string, 1000)
	for i := range origins {
		origins[i] = fmt.Sprintf("https://app%d.example.com", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cors.New(cors.Config{Origins: origins}); err != nil {
			b.Fatal(err)
		}
	}
}
