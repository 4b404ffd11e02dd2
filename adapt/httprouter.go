package adapt

import (
	"net/http"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/internal/message"
)

// FromHTTPRouter makes an http.Handler of an httprouter.Handle, for
// reqres.FromHTTP, fetch.FromHTTP or Routes.Handle: a route of an existing
// httprouter can be the old side of a migration as it stands.
func FromHTTPRouter(h httprouter.Handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h(w, r, httprouter.ParamsFromContext(r.Context()))
	})
}

// contextValue makes httprouter.ParamsFromContext work for every handler.
func contextValue(x *message.Exchange, key any) any {
	if key != httprouter.ParamsKey {
		return nil
	}
	ps := make(httprouter.Params, 0, len(x.Env.Names))
	for _, name := range x.Env.Names {
		ps = append(ps, httprouter.Param{Key: name, Value: x.Param(name)})
	}
	return ps
}
