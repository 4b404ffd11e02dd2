package header_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/header"
)

func TestValidName(t *testing.T) {
	const chars = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for c := range 256 {
		name := "a" + string([]byte{byte(c)})
		if got, want := header.ValidName(name), strings.IndexByte(chars, byte(c)) >= 0; got != want {
			t.Errorf("ValidName(%q) = %t; tchar of RFC 9110 says %t", name, got, want)
		}
	}
	if header.ValidName("") {
		t.Error("the empty name passed; a token has at least one character")
	}
}

func TestCanonical(t *testing.T) {
	for _, name := range []string{
		"Accept", "accept", "ACCEPT", "etag", "ETag", "x-request-id", "X-Request-ID", "X-REQUEST-ID", "WWW-Authenticate",
		"authorization", "vary", "te", "TE", "x-my-own-header", "X-My-Own-Header", "x--y", "-", "a b", "A b", "", "É", "x\n",
		"Sec-WebSocket-Key", "access-control-allow-origin", "x_y", "X_Y", "3d",
	} {
		if got, want := header.Canonical(name), http.CanonicalHeaderKey(name); got != want {
			t.Errorf("Canonical(%q) = %q; http.CanonicalHeaderKey says %q", name, got, want)
		}
	}
}

func FuzzCanonical(f *testing.F) {
	f.Add("x-request-id")
	f.Add("A b")
	f.Add("ETag")
	f.Fuzz(func(t *testing.T, name string) {
		if got, want := header.Canonical(name), http.CanonicalHeaderKey(name); got != want {
			t.Errorf("Canonical(%q) = %q; http.CanonicalHeaderKey says %q", name, got, want)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	for _, name := range []string{"Content-Type", "content-type", "x-own-header"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				header.Canonical(name)
			}
		})
	}
}
