package rollout

// A request as somebody can make it again, to see a difference with their own eyes. It carries
// nobody's credentials: those of whoever looks are to be put in their place.

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/curl"
)

// secret are parts of the names of headers that are left out.
var secret = []string{"authorization", "cookie", "token", "secret", "session", "password", "key", "auth"}

// framing is what a client writes of its own.
var framing = []string{"Connection", "Content-Length", "Accept-Encoding", "Transfer-Encoding"}

// maxShown is how much of a body is shown; a longer one is left out.
const maxShown = 4 << 10

func shown(r *http.Request, body []byte) string {
	var lines [][2]string
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		lower := strings.ToLower(name)
		if slices.Contains(framing, name) || slices.ContainsFunc(secret, func(part string) bool { return strings.Contains(lower, part) }) {
			continue
		}
		for _, value := range r.Header[name] {
			lines = append(lines, [2]string{name, value})
		}
	}
	if len(body) > maxShown {
		body = nil
	}
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return curl.Line(r.Method, scheme+r.Host+r.URL.RequestURI(), lines, body)
}
