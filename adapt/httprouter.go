package adapt

import (
	"iter"
	"net/http"

	"github.com/julienschmidt/httprouter"
)

// FromHTTPRouter makes an http.Handler of an httprouter.Handle, for reqres.FromHTTP, fetch.FromHTTP
// or Routes.Handle: a route of an existing httprouter can be the old side of a migration as it
// stands.
func FromHTTPRouter(h httprouter.Handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h(w, r, httprouter.ParamsFromContext(r.Context()))
	})
}

// routerParams makes httprouter.ParamsFromContext work for every handler.
func routerParams(params iter.Seq2[string, string]) any {
	var ps httprouter.Params
	for name, value := range params {
		ps = append(ps, httprouter.Param{Key: name, Value: value})
	}
	return ps
}
