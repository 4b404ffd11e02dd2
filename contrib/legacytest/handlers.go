package legacytest

// The service as handlers of net/http, and the parts of it that every router shares.

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/mail"
	"time"
)

// User is what POST /users reads.
type User struct {
	ID    string `json:"id" binding:"required" validate:"required"`                // required
	Name  string `json:"name" binding:"required,min=2" validate:"required,min=2"`  // of two characters or more
	Email string `json:"email" binding:"required,email" validate:"required,email"` // an address
}

// Check validates a user.
func (u User) Check() error {
	if len(u.Name) < 2 {
		return fmt.Errorf("name %q is too short", u.Name)
	}
	_, err := mail.ParseAddress(u.Email)
	return err
}

// arrived has a value for each event that the client has read.
var arrived = make(chan struct{}, 3)

// Event writes the event n to w and flushes it. It returns when the client has read it, so that a
// stream that is held back anywhere ends in an error, after a while.
func Event(w io.Writer, flush func(), n int) error {
	if _, err := fmt.Fprintf(w, "event: tick\ndata: %d\n\n", n); err != nil {
		return err
	}
	flush()
	select {
	case <-arrived:
		return nil
	case <-time.After(patience / 2):
		return fmt.Errorf("event %d has not reached the client", n)
	}
}

// Target is what a handler sees of the target of its request.
func Target(r *http.Request) string {
	return fmt.Sprintf("%s|%s|%s|%s", r.RequestURI, r.URL.Path, r.URL.RawPath, r.URL.RawQuery)
}

// Upgrade takes the connection over for a protocol that echoes one line.
func Upgrade(w http.ResponseWriter, r *http.Request) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotImplemented)
		return
	}
	defer conn.Close()
	fmt.Fprint(rw, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	rw.Flush()
	line, _ := rw.ReadString('\n')
	fmt.Fprint(rw, "echo "+line)
	rw.Flush()
}

// Handlers are the endpoints as handlers of net/http. Param reads a path parameter: of the
// catch-all it is asked for "rest".
type Handlers struct {
	Param func(r *http.Request, name string) string // the path parameter, as the router under test has it
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// Recover is middleware that answers panics, but for http.ErrAbortHandler.
func Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				writeJSON(w, http.StatusInternalServerError, map[string]string{"error": "recovered"})
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// Auth is middleware that answers 401 without Authorization.
func Auth(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			http.Error(w, "log in", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// User answers GET /users/:id.
func (h Handlers) User(w http.ResponseWriter, r *http.Request) {
	id := h.Param(r, "id")
	if id == "none" {
		writeJSON(w, http.StatusNotFound, map[string]string{"error": "no such user"})
		return
	}
	writeJSON(w, http.StatusOK, map[string]string{"id": id, "name": "Ada & <Co>"})
}

// CreateUser answers POST /users.
func (h Handlers) CreateUser(w http.ResponseWriter, r *http.Request) {
	var u User
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&u)
	if err == nil {
		err = u.Check()
	}
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	w.Header().Set("Location", "/users/"+u.ID)
	writeJSON(w, http.StatusCreated, u)
}

// Search answers GET /search.
func (h Handlers) Search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	writeJSON(w, http.StatusOK, map[string]any{"q": q.Get("q"), "tags": q["tag"], "form": r.FormValue("q")})
}

// Me answers GET /me.
func (h Handlers) Me(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie("sid")
	if err != nil {
		http.Error(w, "log in", http.StatusUnauthorized)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "seen", Value: "a b", MaxAge: 60, Path: "/", HttpOnly: true})
	writeJSON(w, http.StatusOK, map[string]any{"sid": c.Value})
}

// Upload answers POST /upload.
func (h Handlers) Upload(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	_, f, err := r.FormFile("file")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"name": f.Filename, "size": f.Size, "note": r.FormValue("note")})
}

// Events answers GET /events.
func (h Handlers) Events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for n := range 3 {
		if Event(w, w.(http.Flusher).Flush, n) != nil {
			return
		}
	}
}

// Panic answers GET /panic, behind Recover.
func (h Handlers) Panic(http.ResponseWriter, *http.Request) { panic("boom") }

// Cut answers GET /cut.
func (h Handlers) Cut(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "half")
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// Fail answers GET /fail.
func (h Handlers) Fail(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "upstream", http.StatusBadGateway)
}

// Old answers GET /old.
func (h Handlers) Old(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "users/1", http.StatusFound)
}

// Target answers GET /target.
func (h Handlers) Target(w http.ResponseWriter, r *http.Request) { io.WriteString(w, Target(r)) }

// Any answers every method of /any/*rest.
func (h Handlers) Any(w http.ResponseWriter, r *http.Request) {
	n, _ := io.Copy(io.Discard, r.Body)
	fmt.Fprintf(w, "%s %s %d", r.Method, h.Param(r, "rest"), n)
}

// Static serves the directory under /static.
func (h Handlers) Static(dir string) http.Handler {
	return http.StripPrefix("/static", http.FileServer(http.Dir(dir)))
}

// Item answers GET /api/v1/items/:id, behind Auth.
func (h Handlers) Item(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]string{"item": h.Param(r, "id")})
}

// DeleteItem answers DELETE /api/v1/items/:id, behind Auth.
func (h Handlers) DeleteItem(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}
