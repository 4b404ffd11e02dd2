package ours

import (
	"context"
	"net/http"
	"strconv"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/bench/work"
	"github.com/crossfade-go/crossfade/fetch"
)

// Typed serves the typed workloads with fetch.Typed.
func Typed() http.Handler { return ofTyped(fetch.Typed(search), fetch.Typed(order)) }

// ByHand serves them with handlers that read the request themselves.
func ByHand() http.Handler { return ofTyped(searchByHand, orderByHand) }

func ofTyped(search, order fetch.Handler) http.Handler {
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Fetch.GET("/shops/:shop/orders", search)
		r.Fetch.POST("/shops/:shop/orders", order)
	})
	if err != nil {
		panic(err)
	}
	return mux
}

func search(_ context.Context, in struct {
	Shop   string   `path:"shop"`
	Limit  int      `query:"limit"`
	After  int      `query:"after"`
	Tags   []string `query:"tag"`
	Tenant string   `header:"X-Tenant"`
}) (work.Found, error) {
	return work.Found{Shop: in.Shop, Sum: in.Limit + in.After, Tags: len(in.Tags), Tenant: in.Tenant}, nil
}

func order(_ context.Context, in struct {
	Shop   string `path:"shop"`
	Copies int    `query:"copies"`
	work.Order
}) (work.Receipt, error) {
	return in.Order.Copies(in.Shop, in.Copies), nil
}

func number(req *fetch.Request, name string) (int, error) {
	n, err := strconv.Atoi(req.Query(name))
	if err != nil {
		return 0, fetch.Errorf(400, "%s is not a number", name)
	}
	return n, nil
}

func searchByHand(req *fetch.Request) (*fetch.Response, error) {
	limit, err := number(req, "limit")
	if err != nil {
		return nil, err
	}
	after, err := number(req, "after")
	if err != nil {
		return nil, err
	}
	return fetch.JSON(work.Found{Shop: req.Param("shop"), Sum: limit + after, Tags: len(req.QueryValues("tag")), Tenant: req.Header("X-Tenant")})
}

func orderByHand(req *fetch.Request) (*fetch.Response, error) {
	copies, err := number(req, "copies")
	if err != nil {
		return nil, err
	}
	order, err := fetch.Decode[work.Order](req)
	if err != nil {
		return nil, err
	}
	return fetch.JSON(order.Copies(req.Param("shop"), copies))
}
