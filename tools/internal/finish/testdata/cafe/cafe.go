// Package cafe is half a service: one route is at New, one is on its way, one has not begun.
package cafe

import (
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// prices are in cents.
var prices = map[string]int{"espresso": 180, "latte": 320}

// refusal is how a refusal looks.
type refusal struct {
	Error string `json:"error"`
}

func routes(r *adapt.Routes) {
	r.Scope(adapt.Scope{Prefix: "/menu", Migration: migrate.Config{Plan: migrate.Plan{Stage: migrate.New}}}, func(r *adapt.Routes) {
		r.UseReqRes(opening)
		r.ReqRes.GET("/:drink", price)
	})
	r.ReqRes.POST("/orders/:drink", order)
	r.ReqRes.POST("/body", body)
}

// opening says when the café is open.
func opening(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		res.Set("X-Open", "7-19")
		return next(req, res)
	}
}

// price answers with the price of a drink.
func price(req *reqres.Request, res *reqres.Response) error {
	cents, ok := prices[req.Param("drink")]
	if !ok {
		return missing(res) // never 500
	}
	// A price holds for a minute.
	res.Set("Cache-Control", "max-age=60")
	return res.JSON(cents)
}

// missing is for price alone.
func missing(res *reqres.Response) error {
	return res.Status(404).JSON(noDrink)
}

var noDrink = refusal{"no such drink"}

func order(req *reqres.Request, res *reqres.Response) error {
	if _, ok := prices[req.Param("drink")]; !ok {
		return res.Status(409).JSON(refusal{"not today"})
	}
	return res.SendStatus(202)
}

func body(req *reqres.Request, res *reqres.Response) error {
	b, err := req.Body()
	if err != nil {
		return err
	}
	return res.JSON(b)
}
