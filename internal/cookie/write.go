package cookie

import (
	"net/http"
	"strconv"
	"time"

	"github.com/crossfade-go/crossfade/internal/text"
)

// epoch is the Expires of a cookie that is to be deleted.
var epoch = time.Unix(0, 0)

// Format is the Set-Cookie line for a cookie, built with one allocation, with the attributes in
// Express's order: Max-Age, Domain, Path, Expires, HttpOnly, Secure, Partitioned, Priority,
// SameSite. The error is an *Error.
func Format(name, value string, o Options) (string, error) {
	return FormatAt(name, value, o, time.Now())
}

// Clear is the Set-Cookie line that deletes a cookie: a value, empty or the signature of nothing,
// that ended in 1970. Browsers delete only the cookie with the same Domain and Path, so o must hold
// the ones it was set with; MaxAge and Expires do not count.
func Clear(name, value string, o Options) (string, error) {
	o.MaxAge, o.Expires = 0, epoch
	return FormatAt(name, value, o, time.Time{})
}

// FormatAt is Format at the moment now, from which MaxAge is counted.
func FormatAt(name, value string, o Options, now time.Time) (string, error) {
	switch {
	case o.MaxAge > 0:
		o.Expires = now.Add(o.MaxAge)
	case o.MaxAge < 0:
		o.Expires = epoch
	}
	if err := check(&o, name, o.Expires); err != nil {
		return "", err
	}
	var room [160]byte
	line := append(append(room[:0], name...), '=')
	if o.Encode == nil {
		line = text.AppendURIComponent(line, value)
	} else {
		value = o.Encode(value)
		if !validValue(value) {
			return "", &Error{Name: name, Option: "argument val", Rule: "Encode left a space, a control character, " +
				`a byte above 0x7E or one of ",;\ in it (RFC 6265, 4.1.1)`}
		}
		line = append(line, value...)
	}
	return string(appendAttributes(line, &o)), nil
}

// appendAttributes appends the attributes, which check has passed.
func appendAttributes(line []byte, o *Options) []byte {
	if o.MaxAge != 0 {
		line = strconv.AppendInt(append(line, "; Max-Age="...), int64(max(0, o.MaxAge)/time.Second), 10)
	}
	if o.Domain != "" {
		line = append(line, "; Domain="...)
		line = append(line, o.Domain...)
	}
	switch {
	case o.Path != "":
		line = append(line, "; Path="...)
		line = append(line, o.Path...)
	case !o.OmitPath:
		line = append(line, "; Path=/"...)
	}
	if !o.Expires.IsZero() {
		line = o.Expires.UTC().AppendFormat(append(line, "; Expires="...), http.TimeFormat)
	}
	if o.HTTPOnly {
		line = append(line, "; HttpOnly"...)
	}
	if o.Secure {
		line = append(line, "; Secure"...)
	}
	if o.Partitioned {
		line = append(line, "; Partitioned"...)
	}
	if o.Priority != "" {
		line = append(line, "; Priority="...)
		line = append(line, priority(o)...)
	}
	switch o.SameSite {
	case http.SameSiteLaxMode:
		line = append(line, "; SameSite=Lax"...)
	case http.SameSiteStrictMode:
		line = append(line, "; SameSite=Strict"...)
	case http.SameSiteNoneMode:
		line = append(line, "; SameSite=None"...)
	}
	return line
}
