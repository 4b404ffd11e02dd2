package cors

import "net/http"

// request is what the protocol looks at in a request, free of the shape that it arrived in: the
// lines of three headers, the latter two of an OPTIONS request only. They are read, never changed
// or kept.
type request struct {
	Origin         []string
	RequestMethod  []string // Access-Control-Request-Method
	RequestHeaders []string // Access-Control-Request-Headers
}

// requestOf takes a request out of a method and headers with canonical keys, such as those of an
// [http.Request]. The result shares the header's lines: take it before a handler may change them.
func requestOf(method string, h http.Header) request {
	if method != http.MethodOptions {
		return request{Origin: h["Origin"]}
	}
	return request{h["Origin"], h["Access-Control-Request-Method"], h["Access-Control-Request-Headers"]}
}

// isPreflight reports whether the request asks for permission to send another one (Fetch,
// "CORS-preflight request"): OPTIONS, Origin and Access-Control-Request-Method, all three. An
// OPTIONS request without one of them is an ordinary request. Access-Control-Request-Headers has no
// part in it: browsers leave it out if there is nothing to list.
func (r request) isPreflight() bool { return len(r.RequestMethod) > 0 && len(r.Origin) > 0 }
