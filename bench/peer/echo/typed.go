package echo

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/crossfade-go/crossfade/bench/work"
)

// Typed serves the typed workloads with echo's binder.
func Typed() http.Handler {
	e := echo.New()
	e.GET("/shops/:shop/orders", func(c *echo.Context) error {
		var in struct {
			Shop   string   `param:"shop"`
			Limit  int      `query:"limit"`
			After  int      `query:"after"`
			Tags   []string `query:"tag"`
			Tenant string   `header:"X-Tenant"`
		}
		if err := errors.Join(c.Bind(&in), echo.BindHeaders(c, &in)); err != nil { // Bind leaves headers out
			return err
		}
		return c.JSON(http.StatusOK, work.Found{Shop: in.Shop, Sum: in.Limit + in.After, Tags: len(in.Tags), Tenant: in.Tenant})
	})
	e.POST("/shops/:shop/orders", func(c *echo.Context) error {
		var in struct {
			Shop   string `param:"shop"`
			Copies int    `query:"copies"`
			work.Order
		}
		if err := errors.Join(c.Bind(&in), echo.BindQueryParams(c, &in)); err != nil { // Bind leaves the query of a POST out
			return err
		}
		return c.JSON(http.StatusOK, in.Order.Copies(in.Shop, in.Copies))
	})
	return e
}
