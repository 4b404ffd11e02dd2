package work

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
)

// Workload is one row of the tables.
type Workload struct {
	Name string
	App  func(p Peer) http.Handler // nil where the peer has none
	Ask  func(p Peer) []Request    // in turn

	Without string // the workload that this one only adds something to
}

// Request is what a client sends.
type Request struct {
	Method, Target string
	Header         http.Header
	Body           []byte
}

// Workloads is the table. The random ones are seeded, so that one run differs
// from the next by nothing but time.
var Workloads = []Workload{
	app("static 204", get("/static")),
	app("text", get("/text")),
	app("parameter", get("/users/4711")),
	app("small JSON", get("/json")),
	app("JSON POST", Request{"POST", "/json", http.Header{"Content-Type": {"application/json"}}, OrderJSON}),
	github(),
	app("chain of five", get("/chain")).beyond("text"),
	withCORS("CORS actual", Request{"GET", "/text", http.Header{"Origin": {Origins[0]}}, nil}).beyond("text"),
	withCORS("CORS preflight", Request{"OPTIONS", "/text", http.Header{
		"Origin":                         {Origins[0]},
		"Access-Control-Request-Method":  {"PUT"},
		"Access-Control-Request-Headers": {"content-type"},
	}, nil}),
	app("stream 1 MiB", get("/stream")),
	app("1,000 events", get("/events")),
	app("cookies", Request{"GET", "/cookies", http.Header{"Cookie": {"theme=dark; session=8f14e45fceea167a; lang=en"}}, nil}),
	app("upload 1 MiB, form", upload("/upload/form")),
	app("upload 1 MiB, parts", upload("/upload/parts")),
	app("query", get("/query?q=gopher&page=2&sort=name")),
}

func get(target string) Request { return Request{Method: "GET", Target: target} }

func app(name string, r Request) Workload {
	return Workload{Name: name, Ask: always(r), App: func(p Peer) http.Handler { return p.App() }}
}

func withCORS(name string, r Request) Workload {
	return Workload{Name: name, Ask: always(r), App: func(p Peer) http.Handler {
		if p.CORS == nil {
			return nil
		}
		return p.CORS()
	}}
}

func (w Workload) beyond(without string) Workload {
	w.Without = without
	return w
}

func always(r Request) func(Peer) []Request {
	return func(Peer) []Request { return []Request{r} }
}

// upload is a form of a text field and a file of 1 MiB.
func upload(target string) Request {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.SetBoundary("----------------------------boundary")
	w.WriteField("title", "holiday")
	f, _ := w.CreateFormFile("file", "photo.raw")
	chunk := make([]byte, 1<<10)
	random := rand.NewChaCha8([32]byte{})
	for range FileSize / len(chunk) {
		random.Read(chunk)
		f.Write(chunk)
	}
	w.Close()
	return Request{"POST", target, http.Header{"Content-Type": {w.FormDataContentType()}}, b.Bytes()}
}

// Lookups are n random requests for routes, each parameter filled in.
func Lookups(routes []Route, n int) []Request {
	random := rand.New(rand.NewPCG(7, 7))
	requests := make([]Request, n)
	for i := range requests {
		r := routes[random.IntN(len(routes))]
		segments := strings.Split(r.Path, "/")
		for j, s := range segments {
			switch {
			case strings.HasPrefix(s, ":"):
				segments[j] = fmt.Sprintf("%s-%d", s[1:], random.IntN(1000))
			case strings.HasPrefix(s, "*"):
				segments[j] = "heads/main"
			}
		}
		requests[i] = Request{Method: r.Method, Target: strings.Join(segments, "/")}
	}
	return requests
}
