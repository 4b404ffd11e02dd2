package main

// The endpoints that have left gin, in the fetch shape. Each handler stands for the one of its name in shop.go,
// and main_test.go holds them to the same answers: the same JSON, that is, since gin writes & as
// \u0026.

import (
	"strings"

	"github.com/crossfade-go/crossfade/contrib/legacygin"
	"github.com/crossfade-go/crossfade/fetch"
)

func (s *shop) getProduct(req *fetch.Request) (*fetch.Response, error) {
	p, ok := s.product(req.Param("id"))
	if !ok {
		return nil, fetch.Errorf(404, "no such product")
	}
	return fetch.JSON(p)
}

func (s *shop) searchProducts(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(map[string]any{"q": req.Query("q"), "tags": req.QueryValues("tag"), "found": s.matching(req.Query("q"))})
}

func getCart(req *fetch.Request) (*fetch.Response, error) {
	id, ok := req.Cookie("cart")
	if !ok {
		return nil, fetch.Errorf(404, "no cart")
	}
	return fetch.JSON(map[string]string{"product": id})
}

// adminStats is reached behind gin's own auth, which has Set who asks.
func (s *shop) adminStats(req *fetch.Request) (*fetch.Response, error) {
	user, _ := legacygin.Value[string](req.Context(), "user")
	return fetch.JSON(map[string]any{"products": len(s.all()), "asked": user})
}

func (s *shop) matching(q string) []string {
	found := []string{}
	for _, p := range s.all() {
		if q != "" && strings.Contains(strings.ToLower(p.Name), strings.ToLower(q)) {
			found = append(found, p.Name)
		}
	}
	return found
}
