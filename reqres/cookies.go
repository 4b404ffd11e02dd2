package reqres

// Cookies as npm cookie-parser and res.cookie know them: all of them, signed ones, and those that
// hold JSON.

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// jsonCookie marks a value that is JSON, as in Express.
const jsonCookie = "j:"

var errNoSecret = &RefusedError{Message: `cookieParser("secret") required for signed cookies`,
	Err: errors.New("set Settings.CookieSecrets")}

// SignedCookie returns the value of a signed cookie, and whether there is one whose signature one
// of Settings.CookieSecrets made. A cookie that is not signed, or was changed, is none.
func (r *Request) SignedCookie(name string) (string, bool) {
	value, ok := r.x.Cookie(name)
	if !ok {
		return "", false
	}
	return cookie.Unsign(value, r.settings().CookieSecrets...)
}

// CookieJSON reads a cookie that Response.CookieJSON has written, signed or not, into dst. It
// reports whether there is one, with the right signature if it is signed and there are secrets. The
// error says that its value is not JSON.
func (r *Request) CookieJSON(name string, dst any) (bool, error) {
	value, ok := r.x.Cookie(name)
	if ok && strings.HasPrefix(value, "s:") {
		value, ok = cookie.Unsign(value, r.settings().CookieSecrets...)
	}
	if !ok {
		return false, nil
	}
	value, ok = strings.CutPrefix(value, jsonCookie)
	if !ok {
		return false, nil
	}
	return true, json.Unmarshal([]byte(value), dst)
}

// Cookie adds a Set-Cookie line. With CookieOptions.Signed the value is signed with the first of
// Settings.CookieSecrets.
func (r *Response) Cookie(name, value string, o CookieOptions) *Response {
	return r.addCookie(cookie.Format, name, value, o)
}

// CookieJSON is Cookie with the JSON of v as the value, marked as Express marks it when res.cookie
// is given an object.
func (r *Response) CookieJSON(name string, v any, o CookieOptions) *Response {
	b, err := jsontext.Marshal(v)
	if err != nil {
		return r.refuse(err)
	}
	return r.Cookie(name, jsonCookie+string(b), o)
}

// ClearCookie adds a Set-Cookie line that ends a cookie. Path and Domain must be those that it was
// set with.
func (r *Response) ClearCookie(name string, o CookieOptions) *Response {
	return r.addCookie(cookie.Clear, name, "", o)
}

// cookieFormat makes a Set-Cookie line.
type cookieFormat func(name, value string, o CookieOptions) (string, error)

// addCookie adds a line, with a signature where the options ask for it.
func (r *Response) addCookie(format cookieFormat, name, value string, o CookieOptions) *Response {
	if o.Signed {
		o.Signed = false
		secrets := settingsOf(&r.x).CookieSecrets
		if len(secrets) == 0 || secrets[0] == "" {
			return r.refuse(errNoSecret)
		}
		value = cookie.Sign(value, secrets[0])
	}
	line, err := format(name, value, o)
	switch {
	case err != nil:
		return r.refuse(err)
	case r.x.Committed():
		return r.Append("Set-Cookie", line) // which refuses
	}
	r.x.AddHeader(r.Header(), "Set-Cookie", line)
	return r
}
