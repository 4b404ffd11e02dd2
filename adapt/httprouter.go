package adapt

import (
	"iter"

	"github.com/julienschmidt/httprouter"
)

// routerParams makes httprouter.ParamsFromContext work for every handler.
func routerParams(params iter.Seq2[string, string]) any {
	var ps httprouter.Params
	for name, value := range params {
		ps = append(ps, httprouter.Param{Key: name, Value: value})
	}
	return ps
}
