package cors

import "net/http"

// values is room for the values of one response's headers, from one allocation. What is handed out
// has room for itself only, so that an append by others moves away instead of running into the next
// header, and no response gets a slice that another one has seen (jub0bs/cors#14, rs/cors#198).
// Each method returns the room that is left.
type values []string

// grow returns room for n values.
func (v values) grow(n int) values {
	if len(v) >= n {
		return v
	}
	return make(values, n)
}

func (v values) set(h http.Header, name, value string) values {
	v[0] = value
	h[name] = v[:1:1]
	return v[1:]
}

func (v values) setNonEmpty(h http.Header, name, value string) values {
	if value == "" {
		return v
	}
	return v.set(h, name, value)
}

func (v values) setLines(h http.Header, name string, lines []string) values {
	n := copy(v, lines)
	h[name] = v[:n:n]
	return v[n:]
}
