package openapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// Unit is how an amount is measured.
type Unit string

// Enum lists the units.
func (Unit) Enum() []any { return []any{"cl", "dash", "piece"} }

// UnmarshalText refuses any other unit.
func (u *Unit) UnmarshalText(b []byte) error {
	switch string(b) {
	case "cl", "dash", "piece":
		*u = Unit(b)
		return nil
	}
	return fmt.Errorf("expected cl, dash or piece")
}

// Part is one ingredient of a cocktail.
type Part struct {
	// Name is what stands on the bottle.
	Name   string  `json:"name" required:"true"`
	Amount float64 `json:"amount"`
	Unit   *Unit   `json:"unit,omitempty"`
}

// Cocktail is a recipe.
type Cocktail struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"` // on the menu
	Parts   []Part            `json:"parts"`
	Like    *Cocktail         `json:"like"`
	Likes   int32             `json:"likes,omitempty"`
	Tags    map[string]string `json:"tags,omitempty"`
	Made    time.Time         `json:"made"`
	Picture []byte            `json:"picture,omitempty"`
	Price   int64             `json:"price,string"`
	Extra   any               `json:"extra,omitempty"`
	secret  string
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T  `json:"items"`
	Next  *int `json:"next"`
}

type paging struct {
	// After is where the page begins.
	After int  `query:"after"`
	Limit int8 `query:"limit" default:"20"`
}

type search struct {
	paging
	Ingredients []string      `query:"ingredient"`
	Since       *time.Time    `query:"since"`
	Longest     time.Duration `query:"longest"`
	Fresh       bool          `query:"fresh"`
	From        *netip.Addr   `query:"from" format:"ipv4"`
	Unit        Unit          `query:"unit"`
	Tenant      string        `header:"X-Tenant" required:"true"`
	Language    []string      `header:"X-Language"`
	Session     string        `cookie:"session"`
	Sort        string        `query:"sort" enum:"name,likes" default:"name"`
}

type byID struct {
	ID string `path:"id"`
}

type draft struct {
	Name  string     `json:"name" required:"true" minLength:"1"`
	Parts []Part     `json:"parts" required:"true"`
	Made  *time.Time `json:"made"`
	// Instead are the parts that may stand in for others, by the names of those.
	Instead map[string]Part `json:"instead,omitempty"`
}

type edit struct {
	byID
	draft
	Force bool `query:"force"`
}

type order struct {
	Table  uint8    `json:"table" required:"true"`
	Names  []string `json:"names"`
	Wait   int      `json:"wait"`
	Urgent bool     `json:"urgent"`
}

type receipt struct {
	Number int    `json:"number"`
	Text   string `json:"text"`
}

// find looks for cocktails. The cheapest come first.
func find(_ context.Context, in search) (Page[Cocktail], error) {
	return Page[Cocktail]{Items: []Cocktail{{ID: "1", Name: strings.Join(in.Ingredients, "+"), Like: &Cocktail{ID: "2"}}}}, nil
}

// get returns one cocktail.
func get(_ context.Context, in byID) (Cocktail, error) {
	if in.ID == "none" {
		return Cocktail{}, fetch.Errorf(404, "no such cocktail")
	}
	return Cocktail{ID: in.ID, Name: "Negroni", Parts: []Part{{Name: "gin"}}, Likes: 3, secret: "s"}, nil
}

func create(_ context.Context, in draft) (Cocktail, error) {
	return Cocktail{ID: "9", Name: in.Name, Parts: in.Parts}, nil
}

func change(_ context.Context, in edit) (*Cocktail, error) {
	return &Cocktail{ID: in.ID, Name: in.Name, Parts: in.Parts}, nil
}

func remove(context.Context, byID) (struct{}, error) { return struct{}{}, nil }

func place(_ context.Context, in order) (receipt, error) {
	return receipt{int(in.Table), fmt.Sprint(in)}, nil
}

func stock(_ context.Context, in struct {
	Shelf []string `path:"shelf"`
}) ([]string, error) {
	return in.Shelf, nil
}

func oldStock(req *reqres.Request, res *reqres.Response) error { return res.JSON(req.Params("shelf")) }

func restock(_ context.Context, in []Part) (map[string]float64, error) {
	all := map[string]float64{}
	for _, p := range in {
		all[p.Name] += p.Amount
	}
	return all, nil
}

func menu(context.Context, struct{}) (string, error) { return "gin", nil }

func picture(context.Context, byID) (*fetch.Response, error) { return fetch.Bytes([]byte{1, 2}) }

func newService(t testing.TB) *adapt.Mux {
	t.Helper()
	mux, err := adapt.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Prefix: "/api", Owner: "bar"}, func(r *adapt.Routes) {
			r.Fetch.GET("/cocktails", fetch.Typed(find))
			r.Fetch.Route("/cocktails/[id]", fetch.Methods{
				GET: fetch.Typed(get, fetch.Fails(404)), PUT: fetch.Typed(change), DELETE: fetch.Typed(remove),
			})
			r.Fetch.POST("/cocktails", fetch.Typed(create, fetch.Status(201)))
			r.ReqRes.POST("/orders", adapt.ToReqRes(fetch.Typed(place)))
			r.Migrate("GET", "/stock/*shelf", oldStock, fetch.Typed(stock))
			r.Fetch.PATCH("/stock", fetch.Typed(restock))
			r.Fetch.GET("/menu", fetch.Typed(menu))
			r.Fetch.GET("/cocktails/:cocktail/picture", fetch.Typed(func(ctx context.Context, in struct {
				Cocktail string `path:"cocktail"`
			}) (*fetch.Response, error) {
				return picture(ctx, byID{in.Cocktail})
			}))
		})
		r.Fetch.GET("/pages/[[...page]]", func(req *fetch.Request) (*fetch.Response, error) { return fetch.Text(req.Path()) })
		r.ReqRes.Any("/old/:what", func(req *reqres.Request, res *reqres.Response) error { return res.JSON(req.Param("what")) })
		r.Fetch.Take("PUT", "/old/:thing", fetch.Typed(func(_ context.Context, in struct {
			Thing string `path:"thing"`
			Body  string `json:"body"`
		}) (string, error) {
			return in.Thing + in.Body, nil
		}))
		r.Fetch.On("PURGE", "/api/cocktails", fetch.Typed(menu))
		r.Mount("/files", http.NotFoundHandler())
		r.Legacy("/shop", adapt.App{Name: "gin", Handler: http.NotFoundHandler(), Endpoints: []adapt.Endpoint{
			{Method: "GET", Pattern: "/products/:id", Handler: "shop.getProduct"}, {Method: "GET", Own: "/{a:[0-9]+}", Handler: "shop.number"},
		}})
	})
	if err != nil {
		t.Fatal(err)
	}
	return mux
}
