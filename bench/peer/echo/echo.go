// Package echo serves the workloads with echo v5, with what echo offers for
// each.
package echo

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v5"

	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is echo.
var Peer = work.Peer{
	Name: "echo", Module: "github.com/labstack/echo/v5",
	App: func() http.Handler { return app() },
	GitHub: func(routes []work.Route) http.Handler {
		e := echo.New()
		for _, r := range routes {
			e.Add(r.Method, r.Path, static)
		}
		return e
	},
	CORS: func() http.Handler { return plain.WithCORS(app()) },
}

func app() http.Handler {
	e := echo.New()
	e.GET("/static", static)
	e.GET("/text", text)
	e.GET("/users/:id", func(c *echo.Context) error { return c.String(http.StatusOK, c.Param("id")) })
	e.GET("/json", func(c *echo.Context) error { return c.JSON(http.StatusOK, work.Ada) })
	e.POST("/json", post)
	pass := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error { return next(c) }
	}
	e.GET("/chain", text, pass, pass, pass, pass, pass)
	e.GET("/stream", func(c *echo.Context) error {
		return c.Stream(http.StatusOK, "application/octet-stream", work.Source())
	})
	e.GET("/events", events)
	e.GET("/cookies", cookies)
	e.POST("/upload/form", form)
	e.POST("/upload/parts", echo.WrapHandler(http.HandlerFunc(plain.Parts)))
	e.GET("/query", func(c *echo.Context) error {
		if c.QueryParam("page") != "2" || c.QueryParam("sort") != "name" {
			return echo.ErrBadRequest
		}
		return c.String(http.StatusOK, c.QueryParam("q"))
	})
	return e
}

func static(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }

func text(c *echo.Context) error { return c.String(http.StatusOK, work.Greeting) }

func post(c *echo.Context) error {
	var order work.Order
	if err := c.Bind(&order); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, order.Total())
}

func events(c *echo.Context) error {
	w := c.Response()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	flusher := http.NewResponseController(w)
	var b []byte
	for range work.Events {
		b = work.AppendEvent(b[:0], work.EventData)
		if _, err := w.Write(b); err != nil {
			return err
		}
		if err := flusher.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func cookies(c *echo.Context) error {
	cookie, err := c.Cookie(work.SessionCookie)
	if err != nil {
		return err
	}
	c.SetCookie(&http.Cookie{Name: work.SeenCookie, Value: work.SeenValue, Path: "/", HttpOnly: true})
	return c.String(http.StatusOK, cookie.Value)
}

func form(c *echo.Context) error {
	file, err := c.FormFile("file")
	if err != nil {
		return err
	}
	return c.String(http.StatusOK, c.FormValue("title")+" "+strconv.FormatInt(file.Size, 10))
}
