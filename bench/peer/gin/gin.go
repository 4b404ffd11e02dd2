// Package gin serves the workloads with gin, in release mode, with what gin
// offers for each.
package gin

import (
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is gin.
var Peer = work.Peer{
	Name: "gin", Module: "github.com/gin-gonic/gin",
	App: func() http.Handler { return app() },
	GitHub: func(routes []work.Route) http.Handler {
		r := engine()
		for _, route := range routes {
			r.Handle(route.Method, route.Path, static)
		}
		return r
	},
	CORS: func() http.Handler { return plain.WithCORS(app()) },
}

func engine() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	return gin.New()
}

func app() http.Handler {
	r := engine()
	r.GET("/static", static)
	r.GET("/text", text)
	r.GET("/users/:id", func(c *gin.Context) { c.String(http.StatusOK, c.Param("id")) })
	r.GET("/json", func(c *gin.Context) { c.JSON(http.StatusOK, work.Ada) })
	r.POST("/json", post)
	pass := func(c *gin.Context) { c.Next() }
	r.GET("/chain", pass, pass, pass, pass, pass, text)
	r.GET("/stream", func(c *gin.Context) {
		c.DataFromReader(http.StatusOK, -1, "application/octet-stream", work.Source(), nil)
	})
	r.GET("/events", events)
	r.GET("/cookies", cookies)
	r.POST("/upload/form", form)
	r.POST("/upload/parts", func(c *gin.Context) { plain.Parts(c.Writer, c.Request) })
	r.GET("/query", func(c *gin.Context) {
		if c.Query("page") != "2" || c.Query("sort") != "name" {
			c.String(http.StatusBadRequest, "bad query")
			return
		}
		c.String(http.StatusOK, c.Query("q"))
	})
	return r
}

func static(c *gin.Context) { c.Status(http.StatusNoContent) }

func text(c *gin.Context) { c.String(http.StatusOK, work.Greeting) }

func post(c *gin.Context) {
	var order work.Order
	if err := c.ShouldBindJSON(&order); err != nil {
		c.String(http.StatusBadRequest, "%v", err)
		return
	}
	c.JSON(http.StatusOK, order.Total())
}

func events(c *gin.Context) {
	for range work.Events {
		c.SSEvent(work.EventName, work.EventData)
		c.Writer.Flush()
	}
}

func cookies(c *gin.Context) {
	v, err := c.Cookie(work.SessionCookie)
	if err != nil {
		c.String(http.StatusUnauthorized, "%v", err)
		return
	}
	c.SetCookie(work.SeenCookie, work.SeenValue, 0, "/", "", false, true)
	c.String(http.StatusOK, v)
}

func form(c *gin.Context) {
	file, err := c.FormFile("file")
	if err != nil {
		c.String(http.StatusBadRequest, "%v", err)
		return
	}
	c.String(http.StatusOK, c.PostForm("title")+" "+strconv.FormatInt(file.Size, 10))
}
