package pages

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html"
	"io"
	"iter"
	"net/mail"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/reqres"
	"github.com/crossfade-go/crossfade/tools/internal/tofetch/testdata/pages/data"
	"github.com/crossfade-go/crossfade/tools/internal/tofetch/testdata/pages/session"
)

func hello(req *reqres.Request, res *reqres.Response) error {
	return res.Status(200).JSON(map[string]string{"name": "John Doe"})
}

// health fails where something is down.
func health(req *reqres.Request, res *reqres.Response) error {
	status, text := 200, "up"
	if req.Query("down") == "1" {
		status, text = 503, "down"
	}
	return res.Status(status).JSON(map[string]string{"status": text})
}

// subscribe is a newsletter form.
func (a *api) subscribe(req *reqres.Request, res *reqres.Response) error {
	form, err := req.Form()
	if err != nil {
		return res.Status(400).JSON(map[string]string{"error": "send a form"})
	}
	address := strings.TrimSpace(form.Get("email"))
	if _, err := mail.ParseAddress(address); err != nil {
		res.Status(422)
		return res.JSON(map[string]string{"error": "the address is wrong"})
	}
	n := a.blog.Subscribe(address)
	if req.Header("Accept") == "application/json" {
		return res.Status(201).JSON(map[string]int{"subscribers": n})
	}
	return res.Redirect("/thanks?n="+strconv.Itoa(n), 303)
}

// signIn and signOut set cookies.
func signIn(req *reqres.Request, res *reqres.Response) error {
	var in struct {
		Name     string `json:"name"`
		Password string `json:"password"`
	}
	if err := req.JSON(&in); err != nil {
		return err
	}
	if in.Name != "ada" && in.Name != "root" {
		return reqres.Errorf(401, "wrong name or password")
	}
	week := 7 * 24 * time.Hour
	res.Cookie("token", in.Name, reqres.CookieOptions{Path: "/", HTTPOnly: true, MaxAge: week})
	return res.JSON(map[string]bool{"ok": true})
}

func signOut(req *reqres.Request, res *reqres.Response) error {
	res.ClearCookie("token", reqres.CookieOptions{Path: "/"})
	to := req.Query("next")
	if to == "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		to = "/"
	}
	return res.Redirect(to)
}

// account is behind session.Required.
func account(req *reqres.Request, res *reqres.Response) error {
	user := res.Locals()["user"].(session.User)
	res.Set("Cache-Control", "private, no-store")
	return res.JSON(user)
}

// preview sets a mode with a cookie and goes on to the page.
func (a *api) preview(req *reqres.Request, res *reqres.Response) error {
	if req.Query("secret") != "s3cret" || req.Query("slug") == "" {
		return res.Status(401).JSON(map[string]string{"message": "Invalid token"})
	}
	post, err := a.blog.Post(req.Query("slug"))
	if err != nil {
		return res.Status(401).JSON(map[string]string{"message": "Invalid slug"})
	}
	res.Cookie("__preview", "1", reqres.CookieOptions{})
	return res.Redirect("/posts/"+post.Slug, 307)
}

// revalidate is called by a webhook with a secret in the query.
func (a *api) revalidate(req *reqres.Request, res *reqres.Response) error {
	fail := func(status int, message string) error {
		return res.Status(status).JSON(map[string]any{"revalidated": false, "message": message})
	}
	if req.Query("secret") != "s3cret" {
		return fail(401, "Invalid token")
	}
	path := req.Query("path")
	if path == "" {
		return fail(400, "path is missing")
	}
	return res.JSON(map[string]any{"revalidated": true, "now": data.Built.Unix(), "path": path})
}

// github checks a signature over the raw body before it reads it as JSON.
func github(req *reqres.Request, res *reqres.Response) error {
	raw, err := req.Bytes()
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, []byte("key"))
	mac.Write(raw)
	want := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	if got := req.Get("X-Hub-Signature-256"); got != "" && got != want {
		return res.Status(401).Send("signatures differ")
	}
	var push struct {
		Ref    string `json:"ref"`
		Forced bool   `json:"forced"`
	}
	if err := req.JSON(&push); err != nil {
		return res.Status(400).Send("not JSON")
	}
	if push.Ref != "refs/heads/main" {
		return res.Status(202).Send("ignored " + html.EscapeString(push.Ref))
	}
	return res.JSON(push)
}

// echo streams its body back.
func echo(req *reqres.Request, res *reqres.Response) error {
	return res.Type("application/octet-stream").Send(io.LimitReader(req.Reader(), 1<<10))
}

// image decodes and sends a picture.
func image(req *reqres.Request, res *reqres.Response) error {
	gif, err := base64.StdEncoding.DecodeString("R0lGODlhAQABAAAAACw=")
	if err != nil {
		return err
	}
	res.Set("Content-Type", "image/gif")
	res.Set("Content-Length", strconv.Itoa(len(gif)))
	return res.Send(gif)
}

// og has its cache header set for some only.
func (a *api) og(req *reqres.Request, res *reqres.Response) error {
	title := req.Query("title")
	if title == "" {
		title = "Blog"
	} else {
		res.Set("Cache-Control", "public, immutable, max-age=31536000")
	}
	svg := "<svg xmlns='http://www.w3.org/2000/svg'><text>" + html.EscapeString(title) + "</text></svg>"
	return res.Set("Content-Type", "image/svg+xml; charset=utf-8").Send(svg)
}

// events is a stream of server-sent events.
func events(req *reqres.Request, res *reqres.Response) error {
	last := req.Get("Last-Event-ID")
	return res.SSE(count(last))
}

func count(from string) iter.Seq2[reqres.Event, error] {
	return func(yield func(reqres.Event, error) bool) {
		n, _ := strconv.Atoi(from)
		for i := n; i < n+3; i++ {
			if !yield(reqres.Event{ID: strconv.Itoa(i), Data: "n"}, nil) {
				return
			}
		}
	}
}

// translate reads a map by a header.
func translate(req *reqres.Request, res *reqres.Response) error {
	words := map[string]string{"de": "Hallo", "fr": "Bonjour"}
	language, _, _ := strings.Cut(req.Header("Accept-Language"), "-")
	res.Vary("Accept-Language", "Origin")
	if word, ok := words[language]; ok {
		return res.Set("Content-Language", language).Send(word)
	}
	return res.Set("Content-Language", "en").Send("Hello")
}

// page reads every kind of value of a query.
func page(req *reqres.Request, res *reqres.Response) error {
	out := map[string]any{"all": req.QueryValues("tag"), "path": req.Path(), "n": req.QueryParams().Len()}
	if debug, err := strconv.ParseBool(req.Query("debug")); err == nil {
		out["debug"] = debug
	}
	u := req.URL()
	out["query"] = u.RawQuery
	return res.JSON(out)
}

// catchAll is [...path].ts.
func catchAll(req *reqres.Request, res *reqres.Response) error {
	parts := req.Params("path")
	if len(parts) > 0 && parts[0] == "admin" {
		return reqres.Errorf(403, "not %s", url.PathEscape(req.Param("path")))
	}
	return res.JSON(parts)
}

// checkout tries, and maps what went wrong to a status.
func checkout(req *reqres.Request, res *reqres.Response) error {
	in, err := session.Body[struct {
		Price    string `json:"price"`
		Quantity int    `json:"quantity"`
	}](req)
	if err != nil {
		return err
	}
	to, err := pay(in.Price, in.Quantity)
	var declined *declinedError
	switch {
	case errors.As(err, &declined):
		return res.Status(402).JSON(map[string]string{"code": declined.code})
	case err != nil:
		return res.Status(500).JSON(map[string]any{"statusCode": 500, "message": err.Error()})
	}
	return res.Redirect(to, 303)
}

type declinedError struct{ code string }

func (e *declinedError) Error() string { return "declined: " + e.code }

func pay(price string, quantity int) (string, error) {
	switch {
	case price == "declined":
		return "", &declinedError{"no_funds"}
	case quantity <= 0:
		return "", errors.New("nothing to pay")
	}
	return "https://pay.example.com/" + url.PathEscape(price), nil
}

// cron is called with a key.
func cron(req *reqres.Request, res *reqres.Response) error {
	if key := os.Getenv("CRON_SECRET"); key != "" && req.Header("Authorization") != "Bearer "+key {
		return res.Status(401).End()
	}
	return res.Status(200).End()
}

// flags merges what is on.
func flags(req *reqres.Request, res *reqres.Response) error {
	on := map[string]bool{"new-editor": false}
	for name := range on {
		if v, ok := req.Cookie("flag-" + name); ok {
			on[name] = v == "on"
		}
	}
	json, err := json.MarshalIndent(on, "", "  ")
	if err != nil {
		return err
	}
	return res.Type("json").Send(json)
}

// limited says how much is left, on every answer, errors too.
func limited(req *reqres.Request, res *reqres.Response) error {
	res.Set("X-RateLimit-Limit", "10")
	res.Set("Cache-Control", "no-store") // which an error has not
	left, err := strconv.Atoi(req.Query("left"))
	if err != nil {
		return reqres.Errorf(400, "left: %v", err)
	}
	res.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	if left == 0 {
		return reqres.Errorf(429, "slow down")
	}
	return res.Send("ok")
}
