// Package status says what a status code means where net/http has no answer or another one: the
// phrases that Express puts into bodies, and the two sets of codes that the Fetch Standard treats
// apart.
//
// All functions are pure and safe for concurrent use.
package status

import "net/http"

// Phrase returns the phrase of npm statuses 2.0.2, which Express writes into the bodies of
// sendStatus, of redirects and of error pages, or "" for a code that it does not know.
func Phrase(code int) string {
	switch code {
	case http.StatusRequestEntityTooLarge:
		return "Payload Too Large"
	case http.StatusRequestURITooLong:
		return "URI Too Long"
	case http.StatusRequestedRangeNotSatisfiable:
		return "Range Not Satisfiable"
	case http.StatusTeapot:
		return "I'm a Teapot"
	case 509:
		return "Bandwidth Limit Exceeded"
	}
	return http.StatusText(code)
}

// NullBody reports whether a response of this status has no body (Fetch Standard, "null body
// status").
func NullBody(code int) bool {
	switch code {
	case 101, 103, 204, 205, 304:
		return true
	}
	return false
}

// Redirect reports whether a response of this status sends the client to its Location (Fetch
// Standard, "redirect status"). 300, 304 and 305 do not.
func Redirect(code int) bool {
	switch code {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}
