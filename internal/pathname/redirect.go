package pathname

import "github.com/crossfade-go/crossfade/internal/text"

// Redirect is a Location for another path of the same host, query kept. Nothing in path or rawQuery
// can make it leave the host or break the header: it begins with exactly one slash (a browser reads
// "//evil.example" and "/\evil.example" as another host), and what does not belong into a URL is
// escaped.
func Redirect(path, rawQuery string) string {
	path, _ = Clean(path)
	if path == "*" {
		path = "/"
	}
	for len(path) > 1 && path[1] == '/' {
		path = path[1:]
	}
	if rawQuery == "" {
		return path
	}
	out := make([]byte, 0, len(path)+1+len(rawQuery))
	out = append(append(out, path...), '?')
	return string(text.AppendEscaped(out, rawQuery, &inQuery))
}

// inQuery are the bytes that stay as they are in the query of an http URL: all but the
// special-query percent-encode set.
var inQuery = text.Set("!$%&()*+,-./:;=?@[\\]^_`{|}~")
