// Package plain is the handlers of the workloads as they are written for
// net/http, which the peers that only route share; and the peer without a router.
package plain

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"github.com/rs/cors"

	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is the handlers behind a switch: what is left without a router.
var Peer = work.Peer{Name: "net/http", App: func() http.Handler { return http.HandlerFunc(app) }}

func app(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/static":
		Static(w, r)
	case "/text", "/chain":
		Text(w, r)
	case "/users/4711":
		User(w, "4711")
	case "/json":
		if r.Method == "POST" {
			Post(w, r)
		} else {
			JSON(w, r)
		}
	case "/stream":
		Stream(w, r)
	case "/events":
		Events(w, r)
	case "/cookies":
		Cookies(w, r)
	case "/upload/form":
		Form(w, r)
	case "/upload/parts":
		Parts(w, r)
	case "/query":
		Query(w, r)
	}
}

// Routes is every workload but the one with a parameter, for routers that take
// an http.Handler.
var Routes = []struct {
	Method, Path string
	Handler      http.HandlerFunc
}{
	{"GET", "/static", Static},
	{"GET", "/text", Text},
	{"GET", "/json", JSON},
	{"POST", "/json", Post},
	{"GET", "/chain", Chain(Text)},
	{"GET", "/stream", Stream},
	{"GET", "/events", Events},
	{"GET", "/open", Open},
	{"GET", "/cookies", Cookies},
	{"POST", "/upload/form", Form},
	{"POST", "/upload/parts", Parts},
	{"GET", "/query", Query},
}

// Chain puts five middlewares that only pass on around h.
func Chain(h http.HandlerFunc) http.HandlerFunc {
	for range 5 {
		h = func(next http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) }
		}(h)
	}
	return h
}

// WithCORS puts rs/cors around an app.
func WithCORS(h http.Handler) http.Handler { return WithOrigins(h, work.Origins) }

// WithOrigins is WithCORS for other origins.
func WithOrigins(h http.Handler, origins []string) http.Handler {
	return cors.New(cors.Options{
		AllowedOrigins: origins, AllowedMethods: work.Methods, AllowedHeaders: work.Headers,
		ExposedHeaders: work.Exposed, AllowCredentials: true, MaxAge: work.MaxAge,
	}).Handler(h)
}

// Static answers 204.
func Static(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// Text answers with a constant text.
func Text(w http.ResponseWriter, _ *http.Request) { text(w, work.Greeting) }

// User answers with the parameter of the path.
func User(w http.ResponseWriter, id string) { text(w, id) }

func text(w http.ResponseWriter, s string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, s)
}

// JSON answers with a small object.
func JSON(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(work.Ada)
}

// Post decodes an order and answers with its receipt.
func Post(w http.ResponseWriter, r *http.Request) {
	var order work.Order
	if err := json.NewDecoder(r.Body).Decode(&order); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(order.Total())
}

// Stream copies a reader.
func Stream(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/octet-stream")
	io.Copy(w, work.Source())
}

// Events sends events, each flushed.
func Events(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-cache")
	f := w.(http.Flusher)
	var b []byte
	for range work.Events {
		b = work.AppendEvent(b[:0], work.EventData)
		w.Write(b)
		f.Flush()
	}
}

// Open sends one event and leaves the stream open until the client goes.
func Open(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Write(work.AppendEvent(nil, work.EventData))
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// Cookies reads one cookie of three and sets another.
func Cookies(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie(work.SessionCookie)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: work.SeenCookie, Value: work.SeenValue, Path: "/", HttpOnly: true})
	text(w, c.Value)
}

// Form parses an upload into memory.
func Form(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	text(w, r.FormValue("title")+" "+strconv.FormatInt(r.MultipartForm.File["file"][0].Size, 10))
}

// Parts reads an upload part by part and keeps nothing of the file.
func Parts(w http.ResponseWriter, r *http.Request) {
	mr, err := r.MultipartReader()
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var title string
	var size int64
	for {
		part, err := mr.NextPart()
		if err == io.EOF {
			break
		}
		if err == nil {
			err = work.Part(part, &title, &size)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	text(w, title+" "+strconv.FormatInt(size, 10))
}

// Query reads three values.
func Query(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("page") != "2" || q.Get("sort") != "name" {
		http.Error(w, "bad query", http.StatusBadRequest)
		return
	}
	text(w, q.Get("q"))
}
