package adapt

// Head hooks that most services want.

import (
	"log/slog"
	"net/http"
)

// RequestLog returns a head hook, for OnHead, that logs each answer with its
// method, path and status: at level Info, a 5xx at level Error. A nil logger is
// slog.Default(). The record is made when the head goes out, so a stream is
// logged when it begins.
func RequestLog(logger *slog.Logger) func(r *http.Request, status int, h http.Header) {
	return func(r *http.Request, status int, h http.Header) {
		l := logger
		if l == nil {
			l = slog.Default()
		}
		level := slog.LevelInfo
		if status >= 500 {
			level = slog.LevelError
		}
		l.LogAttrs(r.Context(), level, "request",
			slog.String("method", r.Method), slog.String("path", r.URL.Path),
			slog.Int("status", status), slog.String("remote", r.RemoteAddr))
	}
}

// SecurityHeaders returns a head hook, for OnHead, that sets the headers which
// an API should send, where the handler has not: X-Content-Type-Options,
// X-Frame-Options, Referrer-Policy, and Strict-Transport-Security on TLS.
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
