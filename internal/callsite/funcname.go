package callsite

import (
	"path"
	"reflect"
	"runtime"
	"strings"
)

// FuncName is a short name for a handler: that of the function with the last element of its package's path, such as
// main.getCocktail, legacy.(*API).Get for a method value, or main.main.func1 for a closure; for a value that is no
// function, the name of its type; "nil" for nil.
//
// It has to be asked before anything wraps the handler: the name of a wrapper helps nobody.
func FuncName(handler any) string {
	v := reflect.ValueOf(handler)
	switch {
	case !v.IsValid() || v.Kind() == reflect.Func && v.IsNil():
		return "nil"
	case v.Kind() != reflect.Func:
		return v.Type().String()
	}
	f := runtime.FuncForPC(v.Pointer())
	if f == nil {
		return v.Type().String()
	}
	pkg, name := split(f.Name())
	return path.Base(pkg) + "." + strings.TrimSuffix(name, "-fm") // the suffix marks a method value
}
