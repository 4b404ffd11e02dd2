package fiber

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/valyala/fasthttp"

	"github.com/crossfade-go/crossfade/bench/work"
)

// native is an app that is asked as fasthttp would ask it.
type native struct{ app *fiber.App }

func (n native) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	adaptor.FiberApp(n.app).ServeHTTP(w, r)
}

func (n native) Client(requests []work.Request) work.Client {
	c := &client{handler: n.app.Handler(), requests: requests, current: -1}
	for _, r := range requests {
		h := new(fasthttp.RequestHeader)
		h.SetMethod(r.Method)
		h.SetRequestURI(r.Target)
		h.SetHost("example.com")
		h.SetContentLength(len(r.Body))
		for name, values := range r.Header {
			h.Set(name, values[0])
		}
		c.heads = append(c.heads, h)
	}
	c.ctx.Init(&fasthttp.Request{}, &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1234}, nil)
	return c
}

type client struct {
	handler  fasthttp.RequestHandler
	requests []work.Request
	heads    []*fasthttp.RequestHeader
	ctx      fasthttp.RequestCtx
	current  int // whose head ctx has
}

func (c *client) Do(i int) { c.do(i, io.Discard) }

func (c *client) do(i int, body io.Writer) {
	i %= len(c.heads)
	c.ctx.ResetUserValues()
	c.ctx.Response.Reset()
	// fasthttp remembers what it has parsed. That is right for the path, which net/http too has parsed before it calls a
	// handler, but cookies and query are to be parsed for each request.
	r := c.requests[i]
	if c.current != i || r.Header["Cookie"] != nil {
		c.heads[i].CopyTo(&c.ctx.Request.Header)
	}
	if c.current != i || strings.Contains(r.Target, "?") {
		c.ctx.Request.SetRequestURI(r.Target)
	}
	c.current = i
	c.ctx.Request.SetBodyRaw(r.Body)
	c.handler(&c.ctx)
	c.ctx.Request.RemoveMultipartFormFiles()
	c.ctx.Response.BodyWriteTo(body)
}

func (c *client) Ask(i int) work.Answer {
	var body bytes.Buffer
	c.do(i, &body)
	a := work.Answer{Status: c.ctx.Response.StatusCode(), Header: make(http.Header), Body: body.Bytes()}
	for name, value := range c.ctx.Response.Header.All() {
		a.Header.Add(string(name), string(value))
	}
	return a
}

func (c *client) Close() {}
