package ours

import (
	"context"
	"iter"
	"strconv"

	"github.com/crossfade-go/crossfade/bench/work"
	"github.com/crossfade-go/crossfade/reqres"
)

// The handlers in the mutable shape.

func oldStatic(_ *reqres.Request, res *reqres.Response) error { return res.Status(204).End() }

func oldText(_ *reqres.Request, res *reqres.Response) error {
	return res.Type("text/plain; charset=utf-8").Send(work.Greeting)
}

func oldUser(req *reqres.Request, res *reqres.Response) error {
	return res.Type("text/plain; charset=utf-8").Send(req.Param("id"))
}

func oldJSON(_ *reqres.Request, res *reqres.Response) error { return res.JSON(work.Ada) }

func oldPost(req *reqres.Request, res *reqres.Response) error {
	order, err := reqres.Decode[work.Order](req)
	if err != nil {
		return err
	}
	return res.JSON(order.Total())
}

func oldStream(_ *reqres.Request, res *reqres.Response) error {
	return res.Type("application/octet-stream").Send(work.Source())
}

func oldEvents(_ *reqres.Request, res *reqres.Response) error { return res.SSE(ticks()) }

func oldOpen(req *reqres.Request, res *reqres.Response) error { return res.SSE(open(req.Context())) }

func oldCookies(req *reqres.Request, res *reqres.Response) error {
	session, ok := req.Cookie(work.SessionCookie)
	if !ok {
		return reqres.Errorf(401, "no session")
	}
	res.Cookie(work.SeenCookie, work.SeenValue, reqres.CookieOptions{HTTPOnly: true})
	return res.Type("text/plain; charset=utf-8").Send(session)
}

func oldForm(req *reqres.Request, res *reqres.Response) error {
	form, err := req.Form()
	if err != nil {
		return err
	}
	return res.Type("text/plain; charset=utf-8").Send(formReply(form))
}

func oldParts(req *reqres.Request, res *reqres.Response) error {
	var title string
	var size int64
	for part, err := range req.Parts() {
		if err == nil {
			err = work.Part(part, &title, &size)
		}
		if err != nil {
			return err
		}
	}
	return res.Type("text/plain; charset=utf-8").Send(title + " " + strconv.FormatInt(size, 10))
}

func oldQuery(req *reqres.Request, res *reqres.Response) error {
	if req.Query("page") != "2" || req.Query("sort") != "name" {
		return reqres.Errorf(400, "bad query")
	}
	return res.Type("text/plain; charset=utf-8").Send(req.Query("q"))
}

func oldPass(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error { return next(req, res) }
}

func ticks() iter.Seq2[reqres.Event, error] {
	return func(yield func(reqres.Event, error) bool) {
		for range work.Events {
			if !yield(reqres.Event{Name: work.EventName, Data: work.EventData}, nil) {
				return
			}
		}
	}
}

// open is one event, and then silence until the client goes.
func open(ctx context.Context) iter.Seq2[reqres.Event, error] {
	return func(yield func(reqres.Event, error) bool) {
		if yield(reqres.Event{Name: work.EventName, Data: work.EventData}, nil) {
			<-ctx.Done()
		}
	}
}

func formReply(form *reqres.Form) string {
	file, _ := form.File("file")
	return form.Get("title") + " " + strconv.FormatInt(file.Size, 10)
}
