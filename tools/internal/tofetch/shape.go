package tofetch

// Which types are handlers, guards and receivers.

import (
	"go/types"
)

func isMapOfShape(t types.Type) bool {
	m, ok := t.Underlying().(*types.Map)
	return ok && ofShape(m.Elem())
}

// isGuard reports whether t is a guard: func(*http.Request) (context.Context, error).
func isGuard(t types.Type) bool {
	s, ok := t.(*types.Signature)
	return ok && s.Params().Len() == 1 && isPointer(s.Params().At(0).Type(), "net/http", "Request") && s.Results().Len() == 2 && isNamed(s.Results().At(0).Type(), "context", "Context")
}

func receiver(o types.Object) types.Type {
	f, ok := o.(*types.Func)
	if !ok {
		return nil
	}
	if r := f.Signature().Recv(); r != nil {
		return r.Type()
	}
	return nil
}

// isShape reports whether a declaration of that type may have a twin.
func isShape(t types.Type) bool {
	s, ok := t.(*types.Signature)
	if !ok {
		return ofShape(t) || isMapOfShape(t)
	}
	for _, vars := range []*types.Tuple{s.Params(), s.Results()} {
		for v := range vars.Variables() {
			if isRequest(v.Type()) || isResponse(v.Type()) || ofShape(v.Type()) {
				return true
			}
		}
	}
	return false
}
