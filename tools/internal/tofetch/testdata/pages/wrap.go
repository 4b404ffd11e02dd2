package pages

import (
	"fmt"
	"slices"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
	"github.com/crossfade-go/crossfade/tools/internal/tofetch/testdata/pages/session"
)

// routes registers every file of pages/api.
func routes(r *adapt.Routes) {
	a := newAPI()
	r.ReqRes.Any("/api/posts/[slug]", a.postBySlug)
	r.ReqRes.Any("/api/posts", a.posts)
	r.ReqRes.Any("/api/posts/[slug]/like", a.like)
	r.ReqRes.GET("/api/posts/[slug]/related", a.related)
	r.ReqRes.GET("/api/feed", a.feed)
	r.ReqRes.GET("/api/sitemap", a.sitemap)
	r.ReqRes.GET("/api/robots", robots)
	r.ReqRes.Any("/api/hello", hello)
	r.ReqRes.GET("/api/health", health)
	r.ReqRes.POST("/api/subscribe", a.subscribe)
	r.ReqRes.POST("/api/sign-in", signIn)
	r.ReqRes.GET("/api/sign-out", signOut)
	r.ReqRes.GET("/api/preview", a.preview)
	r.ReqRes.GET("/api/revalidate", a.revalidate)
	r.ReqRes.POST("/api/github", github)
	r.ReqRes.POST("/api/echo", echo)
	r.ReqRes.GET("/api/image", image)
	r.ReqRes.GET("/api/og", a.og)
	r.ReqRes.GET("/api/events", events)
	r.ReqRes.GET("/api/translate", translate)
	r.ReqRes.GET("/api/page", page)
	r.ReqRes.GET("/api/all/[...path]", catchAll)
	r.ReqRes.POST("/api/checkout", checkout)
	r.ReqRes.GET("/api/cron", cron)
	r.ReqRes.GET("/api/flags", flags)
	r.ReqRes.GET("/api/limited", limited)
	r.ReqRes.Any("/api/dispatch", dispatch)
	r.ReqRes.GET("/api/me", session.Me)

	r.ReqRes.GET("/api/cors", allowCORS(hello))
	r.ReqRes.Any("/api/method", methods("GET", "PUT")(hello))
	r.ReqRes.GET("/api/chained", chain(catching, stamped)(a.feed))
	r.ReqRes.GET("/api/pipe", pipe)
	r.ReqRes.GET("/api/variable", inVariable)
	r.ReqRes.GET("/api/promise", a.promise)
	r.ReqRes.GET("/api/shadow", shadow)
	r.ReqRes.GET("/api/typed", typed)
	r.ReqRes.POST("/api/guess", guess)

	r.Scope(adapt.Scope{Prefix: "/api/account"}, func(r *adapt.Routes) {
		r.UseReqRes(session.Required)
		r.ReqRes.GET("/", account)
		r.ReqRes.GET("/posts/[slug]", a.related)
	})

	plain := r.ReqRes
	plain.GET("/api/count", counted("count"))

	r.ReqRes.GET("/api/stream", stream)
	r.ReqRes.GET("/api/language", language)
}

// allowCORS sets headers for whoever asks, and ends preflights.
func allowCORS(fn reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		res.Set("Access-Control-Allow-Origin", "*")
		res.Set("Access-Control-Allow-Methods", "GET,OPTIONS")
		if req.Method() == "OPTIONS" {
			return res.Status(200).End()
		}
		return fn(req, res)
	}
}

// methods lets pass what is in a list.
func methods(allowed ...string) reqres.Middleware {
	return func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			if !slices.Contains(allowed, req.Method()) {
				return reqres.Errorf(405, "not %s", req.Method())
			}
			return next(req, res)
		}
	}
}

// chain puts middleware together.
func chain(list ...reqres.Middleware) reqres.Middleware {
	return func(h reqres.Handler) reqres.Handler {
		for _, mw := range slices.Backward(list) {
			h = mw(h)
		}
		return h
	}
}

// catching turns errors into answers of one form.
func catching(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		err := next(req, res)
		if err != nil {
			return reqres.Errorf(500, "%s %s: %w", req.Method(), req.Path(), err)
		}
		return nil
	}
}

func stamped(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		res.Set("X-Stamp", "1")
		return next(req, res)
	}
}

// dispatch calls a handler out of a map.
func dispatch(req *reqres.Request, res *reqres.Response) error {
	h, ok := byMethod[req.Method()]
	if !ok {
		return res.Status(405).JSON(fmt.Sprintf("no %s", req.Method()))
	}
	return h(req, res)
}

var byMethod = map[string]reqres.Handler{
	"GET":  hello,
	"POST": func(req *reqres.Request, res *reqres.Response) error { return res.SendStatus(201) },
}

// pipe hands on to another handler, after it has said something.
func pipe(req *reqres.Request, res *reqres.Response) error {
	res.Set("X-Via", "pipe")
	return hello(req, res)
}

// inVariable decides on a handler first.
func inVariable(req *reqres.Request, res *reqres.Response) error {
	h := reqres.Handler(hello)
	if req.Query("image") != "" {
		h = image
	}
	return h(req, res)
}

// promise waits for two things at once.
func (a *api) promise(req *reqres.Request, res *reqres.Response) error {
	posts := make(chan int, 1)
	go func() { posts <- len(a.blog.Posts(req.Query("tag"))) }()
	select {
	case n := <-posts:
		if n == 0 {
			return res.Status(404).JSON(n)
		}
		return res.JSON(n)
	case <-req.Context().Done():
		return req.Context().Err()
	}
}

// shadow has variables of many names.
func shadow(req *reqres.Request, res *reqres.Response) error {
	out, err := req.Query("out"), error(nil)
	if w := req.Query("w"); w != "" {
		out, err := w+"!", err
		if err != nil {
			return err
		}
		return res.Send(out)
	}
	if err != nil {
		return err
	}
	return res.Type("txt").Send(out)
}

// typed switches on a type.
func typed(req *reqres.Request, res *reqres.Response) error {
	var v any = req.Query("v")
	if v == "7" {
		v = 7
	}
	switch v := v.(type) {
	case int:
		return res.JSON(v + 1)
	case string:
		if v == "" {
			break
		}
		return res.JSON(v)
	}
	return res.Status(400).Send("what?")
}

// guess answers early out of nested blocks.
func guess(req *reqres.Request, res *reqres.Response) error {
	text, err := req.Text()
	if err != nil {
		return err
	}
	{
		if text == "42" {
			res.Set("X-Guess", "right")
			res.Status(200)
			return res.Send("yes")
		}
	}
	for i, r := range text {
		switch {
		case r < '0':
			return res.Status(422).Set("X-At", fmt.Sprint(i)).Send("low")
		case r > '9':
			return res.Status(422).Set("X-At", fmt.Sprint(i)).Send("high")
		}
	}
	return res.Send("no")
}

// counted is a factory with a state of its own.
func counted(name string) reqres.Handler {
	n := 0
	_ = n
	return func(req *reqres.Request, res *reqres.Response) error {
		return res.JSON(map[string]any{"name": name, "n": len(req.Query("n"))})
	}
}

// stream flushes each piece as it has it, behind a deferred end.
func stream(req *reqres.Request, res *reqres.Response) error {
	defer func() { _ = recover() }()
	res.Set("Content-Type", "text/plain")
	for range 3 {
		if _, err := res.WriteString("piece\n"); err != nil {
			return err
		}
		res.Flush()
	}
	return res.End()
}

// language asks what the client likes best.
func language(req *reqres.Request, res *reqres.Response) error {
	return res.Send(req.AcceptsLanguages("en", "de"))
}
