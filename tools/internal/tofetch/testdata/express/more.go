package express

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/reqres"
)

// login sets a cookie and redirects.
func login(req *reqres.Request, res *reqres.Response) error {
	form, err := req.Form()
	if err != nil {
		return err
	}
	user := form.Get("user")
	if user == "" || form.Get("password") == "wrong" {
		return res.Redirect("/login?failed=1")
	}
	res.Cookie("session", "s:"+user, reqres.CookieOptions{HTTPOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 24 * time.Hour, Secure: req.Secure()})
	return res.Redirect("/", 303)
}

func logout(req *reqres.Request, res *reqres.Response) error {
	return res.ClearCookie("session", reqres.CookieOptions{}).Status(200).Send("bye")
}

// whoami asks a helper who asks.
func whoami(req *reqres.Request, res *reqres.Response) error {
	user := userOf(req)
	if user == "" {
		return res.Status(401).Set("WWW-Authenticate", `Bearer realm="shop"`).JSON(apiError{Message: "who are you?"})
	}
	return res.JSON(map[string]string{"user": user, "ip": req.IP()})
}

func userOf(req *reqres.Request) string {
	if session, ok := req.Cookie("session"); ok {
		return strings.TrimPrefix(session, "s:")
	}
	return strings.TrimPrefix(req.Get("Authorization"), "Bearer ")
}

// noStore says something about the answer for whoever calls it.
func noStore(res *reqres.Response) {
	res.Set("Cache-Control", "no-store")
	res.Set("Pragma", "no-cache")
}

func balance(req *reqres.Request, res *reqres.Response) error {
	noStore(res)
	if req.Get("X-Currency") == "EUR" {
		return res.JSON(map[string]float64{"eur": 12.5})
	}
	return res.JSON(map[string]float64{"usd": 14})
}

// debug sets a header on one way only.
func debug(req *reqres.Request, res *reqres.Response) error {
	if req.Query("trace") == "on" {
		res.Set("X-Trace", req.Method()+" "+req.Path())
	}
	if req.Query("teapot") == "1" {
		return res.Status(418).Send("short and stout")
	}
	return res.JSON(map[string]bool{"ok": true})
}

// localized varies.
func localized(req *reqres.Request, res *reqres.Response) error {
	res.Vary("Accept-Language")
	if strings.HasPrefix(req.Header("Accept-Language"), "de") {
		return res.Send("Guten Tag")
	}
	return res.Send("Hello")
}

// busy says when to come back, and then fails.
func (s *shop) busy(req *reqres.Request, res *reqres.Response) error {
	res.Set("Retry-After", "120")
	if req.Query("now") == "" {
		return reqres.Errorf(503, "come back later")
	}
	b, err := s.shelf.get(req.Context(), req.Query("now"))
	if err != nil {
		return reqres.Errorf(404, "no book: %w", err)
	}
	return res.JSON(b)
}

// webhook reads its body as text to check it, and then as JSON.
func webhook(req *reqres.Request, res *reqres.Response) error {
	raw, err := req.Bytes()
	if err != nil {
		return err
	}
	if len(raw) == 0 {
		return res.Status(400).Send("no event")
	}
	var event struct {
		Type string `json:"type"`
		ID   int    `json:"id"`
	}
	if err := req.JSON(&event); err != nil {
		return res.Status(400).Send(html.EscapeString("Webhook Error: " + err.Error()))
	}
	switch event.Type {
	case "paid", "refunded":
		return res.JSON(map[string]any{"received": true, "id": event.ID, "bytes": len(raw)})
	}
	return res.SendStatus(202)
}

// ticks streams events.
func ticks(req *reqres.Request, res *reqres.Response) error {
	var events iter.Seq2[reqres.Event, error] = func(yield func(reqres.Event, error) bool) {
		for i := range 3 {
			if !yield(reqres.Event{ID: fmt.Sprint(i), Data: "tick"}, nil) {
				return
			}
		}
	}
	return res.SSE(events)
}

// report sends a reader.
func (s *shop) report(req *reqres.Request, res *reqres.Response) error {
	text := "books: " + fmt.Sprint(len(s.shelf.find("", 0)))
	return res.Type("text/plain").Send(strings.NewReader(text))
}

func (s *shop) archive(req *reqres.Request, res *reqres.Response) error {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(s.shelf.find(req.Query("author"), 0)); err != nil {
		return err
	}
	res.Set("Content-Disposition", `attachment; filename="books.json"`)
	return res.Send(&b)
}

// profile reads what middleware has left.
func profile(req *reqres.Request, res *reqres.Response) error {
	user, ok := res.Locals()["user"].(string)
	if !ok {
		return res.Status(401).JSON(apiError{Message: "log in first"})
	}
	return res.JSON(map[string]string{"user": user})
}

// self tells a client where it is.
func self(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(map[string]any{
		"url": req.Protocol() + "://" + req.Host() + req.Path(), "host": req.Hostname(), "secure": !req.Secure(), "xhr": req.XHR(),
		"from": req.Get("Referrer"), "route": req.Route(),
	})
}

// links appends to a header.
func links(req *reqres.Request, res *reqres.Response) error {
	page := 1
	fmt.Sscan(req.Query("page"), &page)
	res.Append("Link", fmt.Sprintf("</books?page=%d>; rel=next", page+1), "</books?page=1>; rel=first")
	res.Cookie("page", fmt.Sprint(page), reqres.CookieOptions{Path: "/books"}).Cookie("seen", "1", reqres.CookieOptions{})
	return res.JSON([]int{page})
}

// sell works on after it has answered.
func (s *shop) sellOne(req *reqres.Request, res *reqres.Response) error {
	err := res.Status(202).JSON(map[string]bool{"accepted": true})
	s.shelf.sell()
	return err
}

// forward hands an error of a library on.
func (s *shop) forward(req *reqres.Request, res *reqres.Response) error {
	if err := s.check(req); err != nil {
		return err
	}
	if err := res.JSON(map[string]string{"forwarded": req.Param("to")}); err != nil {
		return err
	}
	return nil
}

// check reads, and fails.
func (s *shop) check(req *reqres.Request) error {
	if req.Get("X-Api-Key") != "secret" {
		return reqres.Errorf(403, "the key is wrong")
	}
	return nil
}

// nothing answers with nothing.
func nothing(req *reqres.Request, res *reqres.Response) error {
	switch req.Query("kind") {
	case "end":
		return res.End()
	case "empty":
		return res.Send("")
	case "null":
		return res.JSON(nil)
	}
	return res.Send(nil)
}

// export writes piece by piece.
func (s *shop) export(req *reqres.Request, res *reqres.Response) error {
	books := s.shelf.find(req.Query("author"), 0)
	if len(books) == 0 {
		return res.SendStatus(404)
	}
	res.Set("Content-Type", "application/x-ndjson")
	for _, b := range books {
		line, err := json.Marshal(b)
		if err != nil {
			return err
		}
		if _, err := res.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return res.End()
}

// matrix leaves loops with labels.
func matrix(req *reqres.Request, res *reqres.Response) error {
	n := 0
rows:
	for i := range 4 {
		for j := range 4 {
			n++
			if i*j == 4 {
				if req.Query("stop") == "yes" {
					break rows
				}
				return res.JSON([]int{i, j})
			}
		}
	}
	return res.JSON(n)
}

// inCallback keeps what a callback has found.
func (s *shop) inCallback(req *reqres.Request, res *reqres.Response) error {
	var found book
	err := func() (err error) {
		found, err = s.shelf.get(req.Context(), req.Param("id"))
		return err
	}()
	if err != nil {
		return res.Status(404).JSON(apiError{err.Error(), ""})
	}
	return res.JSON(found)
}

// opts has names that the codemod would like to have.
func opts(req *reqres.Request, res *reqres.Response) error {
	opts := req.QueryValues("opt")
	for _, o := range opts {
		res.Append("X-Opt", o) // one line each
	}
	return res.JSON(len(opts))
}

// The handlers from here on have no counterpart in the immutable shape, or need a person.

// forgets answers and goes on: the second answer is lost.
func forgets(req *reqres.Request, res *reqres.Response) error {
	if req.Query("id") == "" {
		res.Status(400).JSON(apiError{Message: "id is missing"})
	}
	return res.JSON(req.Query("id"))
}

// download sends a file.
func download(req *reqres.Request, res *reqres.Response) error {
	return res.Download("testdata/"+req.Param("name"), "", reqres.FileOptions{})
}

// negotiated answers in the form that the client likes best.
func negotiated(req *reqres.Request, res *reqres.Response) error {
	return res.Format(
		reqres.Offer{Type: "json", Handler: func(req *reqres.Request, res *reqres.Response) error { return res.JSON("x") }},
		reqres.Offer{Type: "html", Handler: func(req *reqres.Request, res *reqres.Response) error { return res.Send("x") }},
	)
}

// anything echoes a body of any kind.
func anything(req *reqres.Request, res *reqres.Response) error {
	body, err := req.Body()
	if err != nil {
		return err
	}
	return res.JSON(body)
}

// proxied hands the writer on.
func proxied(req *reqres.Request, res *reqres.Response) error {
	_, err := io.Copy(res, req.Reader())
	return err
}

// paged hands an accessor to code that knows no shape.
func (s *shop) paged(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(s.shelf.find("", limitOf(req.Query)))
}

func limitOf(query func(name string) string) int { return len(query("limit")) }

// discard is answered with no body, and with the tag of a phrase.
func discard(req *reqres.Request, res *reqres.Response) error {
	if req.Param("id") == "0" {
		return res.SendStatus(404)
	}
	return res.SendStatus(204)
}
