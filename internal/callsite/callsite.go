// Package callsite says where the user's code called this library, and what the user calls a
// handler.
//
// A report about two routes is useful only if it names two lines that can be edited. The line at a
// fixed depth of the stack is not it: r.GET is called by r.Route, by a helper of the user, by a
// loop. So the position is that of the first frame outside this library; and because that may be
// the one line of a helper through which all routes go, its caller is named too where that is the
// user's code as well.
package callsite

import (
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// Site is a place in the user's code.
type Site struct {
	// Position is file:line, with slashes, relative to the working directory when it is below it;
	// "unknown location" if no frame is the user's.
	Position string
	// CalledFrom is the same for the call of the function that contains Position, or "" if this
	// library called that, as it calls route functions, or if the Go runtime did.
	CalledFrom string
}

// String is the position, and the caller in parentheses.
func (s Site) String() string {
	if s.CalledFrom == "" {
		return s.Position
	}
	return s.Position + " (called from " + s.CalledFrom + ")"
}

// Caller returns the place from which the user's code called the library function that is running.
// It is meant for registration and costs about as much as http.ServeMux spends for the same
// purpose.
func Caller() Site {
	var pcs [32]uintptr
	n := runtime.Callers(2, pcs[:])
	frames := runtime.CallersFrames(pcs[:n])
	for more := n > 0; more; {
		var frame runtime.Frame
		if frame, more = frames.Next(); inLibrary(frame) {
			continue
		}
		site := Site{Position: position(frame)}
		if next, _ := frames.Next(); next.PC != 0 && !inLibrary(next) && !inStandardLibrary(next) {
			site.CalledFrom = position(next)
		}
		return site
	}
	return Site{Position: "unknown location"}
}

// module is the path of this module, whatever a fork calls it.
var module = strings.TrimSuffix(reflect.TypeFor[Site]().PkgPath(), "internal/callsite")

// inLibrary reports whether a frame belongs to a package of the library. Examples, benchmarks and
// tests of this module are users like any other: they are elsewhere, or in a package whose name
// ends in _test, or in a file that does.
func inLibrary(frame runtime.Frame) bool {
	pkg, _ := split(frame.Function)
	rest, ok := strings.CutPrefix(pkg, module)
	if !ok || strings.HasSuffix(pkg, "_test") || strings.HasSuffix(frame.File, "_test.go") {
		return false
	}
	top, _, _ := strings.Cut(rest, "/")
	switch top {
	case "adapt", "cors", "fetch", "internal", "reqres":
		return true
	}
	return false
}

// inStandardLibrary reports whether a frame belongs to Go itself: its file is where the package's
// path says, below the directory in which the runtime has its own. With -trimpath that directory is
// nothing, and then a path whose first element has a dot is somebody's module.
func inStandardLibrary(frame runtime.Frame) bool {
	pkg, _ := split(frame.Function)
	first, _, _ := strings.Cut(pkg, "/")
	return frame.File == goroot()+pkg+"/"+path.Base(frame.File) && !strings.Contains(first, ".")
}

var goroot = sync.OnceValue(func() string {
	pc := reflect.ValueOf(runtime.GC).Pointer()
	file, _ := runtime.FuncForPC(pc).FileLine(pc)
	return strings.TrimSuffix(file, "runtime/mgc.go")
})

func position(frame runtime.Frame) string {
	file := frame.File
	if dir := workingDirectory(); dir != "" {
		file = strings.TrimPrefix(file, dir+"/")
	}
	return file + ":" + strconv.Itoa(frame.Line)
}

var workingDirectory = sync.OnceValue(func() string {
	dir, err := os.Getwd()
	if err != nil {
		return "" // as in a browser: positions stay absolute
	}
	return strings.TrimSuffix(filepath.ToSlash(dir), "/")
})

// split cuts the name of a function behind the path of its package, in which the linker writes a
// dot of the last element as %2e.
func split(function string) (pkg, name string) {
	slash := strings.LastIndexByte(function, '/') + 1
	dot := strings.IndexByte(function[slash:], '.')
	if dot < 0 {
		return "", function
	}
	return strings.ReplaceAll(function[:slash+dot], "%2e", "."), function[slash+dot+1:]
}
