package adapt

// A head hook that most services want.

import "net/http"

// SecurityHeaders returns a head hook, for OnHead, that sets the headers which an API should send,
// where the handler has not: X-Content-Type-Options, X-Frame-Options, Referrer-Policy, and
// Strict-Transport-Security on TLS.
func SecurityHeaders() func(r *http.Request, status int, h http.Header) {
	defaults := [...][2]string{
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"},
		{"Referrer-Policy", "no-referrer"},
	}
	return func(r *http.Request, _ int, h http.Header) {
		for _, d := range defaults {
			if h[d[0]] == nil {
				h[d[0]] = []string{d[1]}
			}
		}
		if r.TLS != nil && h["Strict-Transport-Security"] == nil {
			h["Strict-Transport-Security"] = []string{"max-age=63072000"}
		}
	}
}
