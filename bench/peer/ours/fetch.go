package ours

import (
	"strconv"

	"github.com/crossfade-go/crossfade/bench/work"
	"github.com/crossfade-go/crossfade/fetch"
)

// The handlers in the immutable shape.

func newStatic(*fetch.Request) (*fetch.Response, error) { return fetch.NoContent() }

func newText(*fetch.Request) (*fetch.Response, error) { return fetch.Text(work.Greeting) }

func newUser(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.Param("id")) }

func newJSON(*fetch.Request) (*fetch.Response, error) { return fetch.JSON(work.Ada) }

func newPost(req *fetch.Request) (*fetch.Response, error) {
	order, err := fetch.Decode[work.Order](req)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(order.Total())
}

func newStream(*fetch.Request) (*fetch.Response, error) {
	return fetch.Stream(work.Source(), fetch.SetHeader("Content-Type", "application/octet-stream"))
}

func newEvents(*fetch.Request) (*fetch.Response, error) { return fetch.SSE(ticks()) }

func newOpen(req *fetch.Request) (*fetch.Response, error) { return fetch.SSE(open(req.Context())) }

func newCookies(req *fetch.Request) (*fetch.Response, error) {
	session, ok := req.Cookie(work.SessionCookie)
	if !ok {
		return nil, fetch.Errorf(401, "no session")
	}
	return fetch.Text(session, fetch.SetCookie(work.SeenCookie, work.SeenValue, fetch.CookieOptions{HTTPOnly: true}))
}

func newForm(req *fetch.Request) (*fetch.Response, error) {
	form, err := req.Form()
	if err != nil {
		return nil, err
	}
	return fetch.Text(formReply(form))
}

func newParts(req *fetch.Request) (*fetch.Response, error) {
	var title string
	var size int64
	for part, err := range req.Parts() {
		if err == nil {
			err = work.Part(part, &title, &size)
		}
		if err != nil {
			return nil, err
		}
	}
	return fetch.Text(title + " " + strconv.FormatInt(size, 10))
}

func newQuery(req *fetch.Request) (*fetch.Response, error) {
	if req.Query("page") != "2" || req.Query("sort") != "name" {
		return nil, fetch.Errorf(400, "bad query")
	}
	return fetch.Text(req.Query("q"))
}

func newPass(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) { return next(req) }
}
