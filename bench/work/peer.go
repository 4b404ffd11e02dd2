package work

import "net/http"

// Peer is one way to serve the workloads. Each function makes an app of its
// own; nil means that the peer has no such thing.
type Peer struct {
	Name     string
	Module   string // whose version the report gives; "" is the standard library or this project
	Disjoint bool   // it cannot hold overlapping routes, so the workload GitHub leaves those out

	App    func() http.Handler               // every workload but those of the next two
	GitHub func(routes []Route) http.Handler // each route answers 204
	CORS   func() http.Handler               // GET and PUT /text behind the policy below
}

// Route is a method and a path in the syntax of httprouter.
type Route struct{ Method, Path string }

// The CORS policy of every peer, with credentials.
var (
	Origins = []string{"https://app.example.com", "https://admin.example.com"}
	Methods = []string{"GET", "PUT", "PATCH", "DELETE"}
	Headers = []string{"Content-Type", "X-Request-Id"}
	Exposed = []string{"X-Total-Count"}
)

// MaxAge is how many seconds a preflight may be remembered.
const MaxAge = 600
