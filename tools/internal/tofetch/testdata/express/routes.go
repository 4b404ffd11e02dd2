package express

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

func (s *shop) routes(r *adapt.Routes) {
	r.UseReqRes(requireAgent, timed)
	r.UseReqRes(withUser(s.name))
	r.UseReqRes(poweredBy)
	r.UseReqRes(onlyLocal)

	r.ReqRes.GET("/ping", ping)
	r.ReqRes.GET("/books", s.listBooks)
	r.ReqRes.GET("/books/:id", s.showBook)
	r.ReqRes.POST("/books", s.addBook)
	r.ReqRes.PATCH("/books/:id", s.changeBook)
	r.ReqRes.DELETE("/books/:id", s.removeBook)
	r.ReqRes.POST("/books/:id/buy", s.buy)
	r.ReqRes.GET("/books/:id/cover", s.cover)
	r.ReqRes.GET("/books.csv", s.csv)
	r.ReqRes.GET("/page", s.page)
	r.ReqRes.GET("/old/:id", old)
	r.ReqRes.PUT("/cart/:id", s.cart)
	r.ReqRes.Any("/any/:id", s.byMethod)
	r.ReqRes.GET("/first", s.first)
	r.ReqRes.GET("/search", s.search)

	r.ReqRes.POST("/login", login)
	r.ReqRes.POST("/logout", logout)
	r.ReqRes.GET("/whoami", whoami)
	r.ReqRes.GET("/balance", balance)
	r.ReqRes.GET("/debug", debug)
	r.ReqRes.GET("/localized", localized)
	r.ReqRes.GET("/busy", s.busy)
	r.ReqRes.POST("/webhook", webhook)
	r.ReqRes.GET("/ticks", ticks)
	r.ReqRes.GET("/report", s.report)
	r.ReqRes.GET("/archive", s.archive)
	r.ReqRes.GET("/profile", profile)
	r.ReqRes.GET("/self", self)
	r.ReqRes.GET("/links", links)
	r.ReqRes.POST("/sell", s.sellOne)
	r.ReqRes.GET("/forward/:to", s.forward)
	r.ReqRes.GET("/nothing", nothing)
	r.ReqRes.GET("/export", s.export)
	r.ReqRes.GET("/matrix", matrix)
	r.ReqRes.GET("/callback/:id", s.inCallback)
	r.ReqRes.GET("/opts", opts)
	r.ReqRes.GET("/paged", s.paged)
	r.ReqRes.DELETE("/draft/:id", discard)

	r.ReqRes.GET("/forgets", forgets)
	r.ReqRes.GET("/download/:name", download)
	r.ReqRes.GET("/negotiated", negotiated)
	r.ReqRes.POST("/anything", anything)
	r.ReqRes.POST("/proxied", proxied)

	// a factory, a wrapper, a literal, all methods of a path, and middleware of one route
	r.ReqRes.GET("/by/:author", byAuthor(s.shelf))
	r.ReqRes.GET("/guarded/:id", admins(s.showBook))
	r.ReqRes.GET("/version", func(req *reqres.Request, res *reqres.Response) error {
		if req.Query("v") == "1" {
			return res.Type("txt").Send("1.0") // of old clients
		}
		return res.JSON(map[string]string{"version": "2.0"})
	})
	r.ReqRes.Route("/stock/:id", reqres.Methods{GET: s.showBook, PUT: s.changeBook})
	r.ReqRes.With(admins).GET("/admin/:id", s.showBook)

	for path, h := range static {
		r.ReqRes.GET(path, h)
	}
	for _, row := range table {
		r.ReqRes.On(row.method, row.path, row.handler)
	}
}

// byAuthor is a factory: the handler gets what it needs.
func byAuthor(from *shelf) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		found := from.find(req.Param("author"), 0)
		if len(found) == 0 {
			return reqres.Errorf(404, "nothing by %s", req.Param("author"))
		}
		return res.JSON(found)
	}
}

// static are handlers by path.
var static = map[string]reqres.Handler{
	"/about": func(req *reqres.Request, res *reqres.Response) error { return res.Send("about us") },
	"/pong":  ping,
}

// table is a table of routes.
var table = []struct {
	method, path string
	handler      reqres.Handler
}{
	{"GET", "/table/ping", ping},
	{"POST", "/table/login", login},
	{"GET", "/table/hello", func(req *reqres.Request, res *reqres.Response) error {
		return res.JSON(map[string]string{"hello": req.Query("name")})
	}},
}

// requireAgent refuses by what it sees of the request.
func requireAgent(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		if strings.Contains(req.Get("User-Agent"), "badbot") {
			return res.Status(403).JSON(apiError{Message: "no robots"})
		}
		return next(req, res)
	}
}

type startKey struct{}

// timed leaves a value in the context, and does something behind next.
func timed(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		start := time.Now()
		req.SetContext(context.WithValue(req.Context(), startKey{}, start))
		err := next(req, res)
		_ = time.Since(start)
		return err
	}
}

// withUser leaves a local.
func withUser(realm string) reqres.Middleware {
	return func(next reqres.Handler) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			if user := userOf(req); user != "" && realm != "" {
				res.Locals()["user"] = user
			}
			return next(req, res)
		}
	}
}

// poweredBy sets a header in front of next.
func poweredBy(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		res.Set("X-Powered-By", "books")
		return next(req, res)
	}
}

// onlyLocal asks code of net/http.
func onlyLocal(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		if !isLocal(req.HTTP()) {
			return reqres.Errorf(403, "from here alone")
		}
		return next(req, res)
	}
}

func isLocal(r *http.Request) bool { return r.Header.Get("X-From") != "afar" }

// admins wraps a handler.
func admins(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		if userOf(req) == "nobody" {
			return fail(res, 403, "not_you")
		}
		if err := next(req, res); err != nil {
			return reqres.Errorf(502, "behind admins: %w", err)
		}
		return nil
	}
}
