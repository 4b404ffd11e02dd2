// Package fiber serves the workloads with fiber. It runs on fasthttp, not on
// net/http: there is no http.Request, no HTTP/2 and no end of a context, and its
// figures leave out other things than those of the rest.
package fiber

import (
	"bufio"
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/cors"

	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is fiber.
var Peer = work.Peer{
	Name: "fiber", Module: "github.com/gofiber/fiber/v3",
	App: func() http.Handler { return native{routes(engine())} },
	GitHub: func(table []work.Route) http.Handler {
		app := engine()
		for _, r := range table {
			path, _, _ := strings.Cut(r.Path, "*")
			if path != r.Path {
				path += "*" // has no name
			}
			app.Add([]string{r.Method}, path, static)
		}
		return native{app}
	},
	CORS: func() http.Handler {
		app := engine()
		app.Use(cors.New(cors.Config{
			AllowOrigins: work.Origins, AllowMethods: work.Methods, AllowHeaders: work.Headers,
			ExposeHeaders: work.Exposed, AllowCredentials: true, MaxAge: work.MaxAge,
		}))
		return native{routes(app)}
	},
}

func engine() *fiber.App { return fiber.New(fiber.Config{BodyLimit: 8 << 20}) }

func routes(app *fiber.App) *fiber.App {
	app.Get("/static", static)
	app.Get("/text", text)
	app.Get("/users/:id", func(c fiber.Ctx) error { return c.SendString(c.Params("id")) })
	app.Get("/json", func(c fiber.Ctx) error { return c.JSON(work.Ada) })
	app.Post("/json", post)
	pass := func(c fiber.Ctx) error { return c.Next() }
	app.Get("/chain", pass, pass, pass, pass, pass, text)
	app.Get("/stream", func(c fiber.Ctx) error {
		c.Type("bin")
		return c.SendStream(work.Source())
	})
	app.Get("/events", events)
	app.Get("/cookies", cookies)
	app.Post("/upload/form", form)
	app.Post("/upload/parts", parts)
	app.Get("/query", func(c fiber.Ctx) error {
		if c.Query("page") != "2" || c.Query("sort") != "name" {
			return fiber.ErrBadRequest
		}
		return c.SendString(c.Query("q"))
	})
	return app
}

func static(c fiber.Ctx) error {
	c.Status(fiber.StatusNoContent)
	return nil
}

func text(c fiber.Ctx) error { return c.SendString(work.Greeting) }

func post(c fiber.Ctx) error {
	var order work.Order
	if err := c.Bind().JSON(&order); err != nil {
		return err
	}
	return c.JSON(order.Total())
}

func events(c fiber.Ctx) error {
	c.Set("Content-Type", "text/event-stream")
	c.Set("Cache-Control", "no-cache")
	return c.SendStreamWriter(func(w *bufio.Writer) {
		var b []byte
		for range work.Events {
			b = work.AppendEvent(b[:0], work.EventData)
			w.Write(b)
			w.Flush()
		}
	})
}

func cookies(c fiber.Ctx) error {
	session := c.Cookies(work.SessionCookie)
	if session == "" {
		return fiber.ErrUnauthorized
	}
	c.Cookie(&fiber.Cookie{Name: work.SeenCookie, Value: work.SeenValue, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteDisabled})
	return c.SendString(session)
}

func form(c fiber.Ctx) error {
	file, err := c.FormFile("file")
	if err != nil {
		return err
	}
	return c.SendString(c.FormValue("title") + " " + strconv.FormatInt(file.Size, 10))
}

// parts reads them from the body, which fasthttp has in memory by then.
func parts(c fiber.Ctx) error {
	var title string
	var size int64
	r := multipart.NewReader(bytes.NewReader(c.Body()), string(c.Request().Header.MultipartFormBoundary()))
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			return c.SendString(title + " " + strconv.FormatInt(size, 10))
		}
		if err == nil {
			err = work.Part(part, &title, &size)
		}
		if err != nil {
			return err
		}
	}
}
