package huma

import (
	"context"
	"net/http"

	"github.com/crossfade-go/crossfade/bench/work"
)

// Typed serves the typed workloads with huma, which validates what it decodes.
func Typed() http.Handler {
	mux, api := engine()
	on(api, "GET", "/shops/{shop}/orders", func(_ context.Context, in *struct {
		Shop   string   `path:"shop"`
		Limit  int      `query:"limit"`
		After  int      `query:"after"`
		Tags   []string `query:"tag,explode"`
		Tenant string   `header:"X-Tenant"`
	}) (*json[work.Found], error) {
		return &json[work.Found]{work.Found{Shop: in.Shop, Sum: in.Limit + in.After, Tags: len(in.Tags), Tenant: in.Tenant}}, nil
	})
	on(api, "POST", "/shops/{shop}/orders", func(_ context.Context, in *struct {
		Shop   string `path:"shop"`
		Copies int    `query:"copies"`
		Body   work.Order
	}) (*json[work.Receipt], error) {
		return &json[work.Receipt]{in.Body.Copies(in.Shop, in.Copies)}, nil
	})
	return mux
}
