package cookie

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/internal/text"
)

// epoch is the Expires of a cookie that is to be deleted.
var epoch = time.Unix(0, 0)

// Format is the Set-Cookie line for a cookie, built with one allocation, with the attributes in Express's order:
// Max-Age, Domain, Path, Expires, HttpOnly, Secure, Partitioned, Priority, SameSite. The error is an *Error.
func Format(name, value string, o Options) (string, error) {
	var now time.Time
	if o.MaxAge > 0 {
		now = time.Now()
	}
	return FormatAt(name, value, o, now)
}

// Clear is the Set-Cookie line that deletes a cookie: a value, empty or the signature of nothing, that ended in 1970. Browsers delete only the
// cookie with the same Domain and Path, so o must hold the ones it was set with; MaxAge and Expires do not count.
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
	if err := o.check(name, o.Expires); err != nil {
		return "", err
	}
	valueLen := text.URIComponentLen(value)
	if o.Encode != nil {
		value = o.Encode(value)
		valueLen = len(value)
		if !validValue(value) {
			return "", &Error{Name: name, Option: "argument val", Rule: "Encode left a space, a control character, " +
				`a byte above 0x7E or one of ",;\ in it (RFC 6265, 4.1.1)`}
		}
	}

	var out strings.Builder
	out.Grow(len(name) + 1 + valueLen + o.len())
	out.WriteString(name)
	out.WriteByte('=')
	if o.Encode != nil {
		out.WriteString(value)
	} else {
		text.WriteURIComponent(&out, value)
	}
	o.write(&out)
	return out.String(), nil
}

// len is at least the length of what write writes.
func (o *Options) len() int {
	n := len("; Domain=; Path=/; HttpOnly; Secure; Partitioned; SameSite=Strict") + len(o.Domain) + len(o.Path)
	if o.MaxAge != 0 {
		n += len("; Max-Age=9223372036")
	}
	if !o.Expires.IsZero() {
		n += len("; Expires=" + http.TimeFormat)
	}
	if o.Priority != "" {
		n += len("; Priority=Medium")
	}
	return n
}

// write writes the attributes, which check has passed.
func (o *Options) write(out *strings.Builder) {
	if o.MaxAge != 0 {
		var digits [20]byte
		out.WriteString("; Max-Age=")
		out.Write(strconv.AppendInt(digits[:0], int64(max(0, o.MaxAge)/time.Second), 10))
	}
	if o.Domain != "" {
		out.WriteString("; Domain=")
		out.WriteString(o.Domain)
	}
	switch {
	case o.Path != "":
		out.WriteString("; Path=")
		out.WriteString(o.Path)
	case !o.OmitPath:
		out.WriteString("; Path=/")
	}
	if !o.Expires.IsZero() {
		var date [len(http.TimeFormat)]byte
		out.WriteString("; Expires=")
		out.Write(o.Expires.UTC().AppendFormat(date[:0], http.TimeFormat))
	}
	if o.HTTPOnly {
		out.WriteString("; HttpOnly")
	}
	if o.Secure {
		out.WriteString("; Secure")
	}
	if o.Partitioned {
		out.WriteString("; Partitioned")
	}
	if o.Priority != "" {
		out.WriteString("; Priority=")
		out.WriteString(o.priority())
	}
	switch o.SameSite {
	case http.SameSiteLaxMode:
		out.WriteString("; SameSite=Lax")
	case http.SameSiteStrictMode:
		out.WriteString("; SameSite=Strict")
	case http.SameSiteNoneMode:
		out.WriteString("; SameSite=None")
	}
}
