// Package redirection has the body with which Express redirects: a line or a page, as the client
// prefers.
package redirection

import (
	"cmp"
	"strconv"

	"github.com/crossfade-go/crossfade/internal/negotiate"
	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Body returns the body of a redirection to target and its type, for the lines of Accept. Both are
// "" where the client wants neither text nor HTML.
func Body(accept []string, code int, target string) (contentType, body string) {
	phrase := cmp.Or(status.Phrase(code), strconv.Itoa(code))
	switch negotiate.Types(accept, "text", "html") {
	case "text":
		return "text/plain; charset=utf-8", phrase + ". Redirecting to " + target
	case "html":
		return "text/html; charset=utf-8", "<!DOCTYPE html><head><title>" + phrase + "</title></head><body><p>" + phrase +
			". Redirecting to " + text.HTMLEscape(target) + "</p></body>"
	}
	return "", ""
}
