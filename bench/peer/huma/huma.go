// Package huma serves the workloads with huma on http.ServeMux: typed
// operations with validation, its OpenAPI hooks off.
package huma

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/work"
)

// Peer is huma.
var Peer = work.Peer{
	Name: "huma", Module: "github.com/danielgtaylor/huma/v2", Disjoint: true,
	App: func() http.Handler { return app() },
	GitHub: func(routes []work.Route) http.Handler {
		mux, api := engine()
		for _, r := range routes {
			path := regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.Path, "{$1}")
			path = regexp.MustCompile(`\*(\w+)`).ReplaceAllString(path, "{$1...}")
			on(api, r.Method, path, static)
		}
		return mux
	},
	CORS: func() http.Handler { return plain.WithCORS(app()) },
}

func engine() (*http.ServeMux, huma.API) {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("bench", "1")
	config.OpenAPIPath, config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	return mux, humago.New(mux, config)
}

func on[I, O any](api huma.API, method, path string, h func(context.Context, *I) (*O, error)) {
	huma.Register(api, huma.Operation{Method: method, Path: path, MaxBodyBytes: 8 << 20}, h)
}

type (
	none  struct{}
	reply struct {
		Type string `header:"Content-Type"`
		Body []byte
	}
	json[T any] struct{ Body T }
	seen        struct {
		Type   string      `header:"Content-Type"`
		Cookie http.Cookie `header:"Set-Cookie"`
		Body   []byte
	}
)

func plainText(s string) *reply { return &reply{"text/plain; charset=utf-8", []byte(s)} }

func app() http.Handler {
	mux, api := engine()
	on(api, "GET", "/static", static)
	on(api, "GET", "/text", text)
	on(api, "GET", "/users/{id}", func(_ context.Context, in *struct {
		ID string `path:"id"`
	}) (*reply, error) {
		return plainText(in.ID), nil
	})
	on(api, "GET", "/json", func(context.Context, *none) (*json[work.User], error) { return &json[work.User]{work.Ada}, nil })
	on(api, "POST", "/json", func(_ context.Context, in *json[work.Order]) (*json[work.Receipt], error) {
		return &json[work.Receipt]{in.Body.Total()}, nil
	})
	pass := func(ctx huma.Context, next func(huma.Context)) { next(ctx) }
	huma.Register(api, huma.Operation{Method: "GET", Path: "/chain", Middlewares: huma.Middlewares{pass, pass, pass, pass, pass}}, text)
	on(api, "GET", "/stream", streamed(func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "application/octet-stream")
		io.Copy(ctx.BodyWriter(), work.Source())
	}))
	// Package sse of huma sends its data as JSON only.
	on(api, "GET", "/events", streamed(func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		plain.Events(w, r)
	}))
	on(api, "GET", "/cookies", cookies)
	on(api, "POST", "/upload/form", form)
	on(api, "POST", "/upload/parts", streamed(func(ctx huma.Context) {
		r, w := humago.Unwrap(ctx)
		plain.Parts(w, r)
	}))
	on(api, "GET", "/query", query)
	return mux
}

func streamed(body func(ctx huma.Context)) func(context.Context, *none) (*huma.StreamResponse, error) {
	return func(context.Context, *none) (*huma.StreamResponse, error) {
		return &huma.StreamResponse{Body: body}, nil
	}
}

func static(context.Context, *none) (*none, error) { return nil, nil }

func text(context.Context, *none) (*reply, error) { return plainText(work.Greeting), nil }

func cookies(_ context.Context, in *struct {
	Session string `cookie:"session" required:"true"`
}) (*seen, error) {
	return &seen{
		Type:   "text/plain; charset=utf-8",
		Cookie: http.Cookie{Name: work.SeenCookie, Value: work.SeenValue, Path: "/", HttpOnly: true},
		Body:   []byte(in.Session),
	}, nil
}

func form(_ context.Context, in *struct {
	RawBody huma.MultipartFormFiles[struct {
		Title string        `form:"title"`
		File  huma.FormFile `form:"file"`
	}]
}) (*reply, error) {
	data := in.RawBody.Data()
	defer data.File.Close()
	return plainText(data.Title + " " + strconv.FormatInt(data.File.Size, 10)), nil
}

func query(_ context.Context, in *struct {
	Q    string `query:"q"`
	Page string `query:"page"`
	Sort string `query:"sort"`
}) (*reply, error) {
	if in.Page != "2" || in.Sort != "name" {
		return nil, huma.Error400BadRequest("bad query")
	}
	return plainText(in.Q), nil
}
