package cors_test

import (
	"net/http"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/crossfade-go/crossfade/cors"
)

// unread returns a string of n bytes that must not be looked at: they lie in memory without access,
// so that reading one is a fault.
func unread(t *testing.T, n int) string {
	t.Helper()
	mem, err := syscall.Mmap(-1, 0, n, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(mem) })
	return unsafe.String(unsafe.SliceData(mem), n)
}

// Headers of a megabyte cost what normal ones cost, because not one byte of them is read: neither
// to find out that they are neither an origin, nor to answer what they ask for.
func TestUnread(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	const origin = "https://example.com"
	many := make([]string, 50)
	for i := range many {
		many[i] = "https://" + strings.Repeat("a", i+1) + ".example"
	}
	policies := map[string]cors.Config{
		"one origin":          {Origins: []string{origin}, RequestHeaders: []string{"X-A"}},
		"51 origins":          {Origins: append(many, origin), RequestHeaders: []string{"X-A"}},
		"subdomains, ports":   {Origins: []string{origin, "https://*.example.org", "http://localhost:*"}, RequestHeaders: []string{"X-A"}},
		"everybody":           {Origins: []string{"*"}, Methods: []string{"*"}, RequestHeaders: []string{"*"}},
		"any method, header*": {Origins: []string{origin}, Credentials: true, Methods: []string{"*"}, RequestHeaders: []string{"*"}},
	}
	long := []string{unread(t, 1<<20)}
	fine := cors.Request{Origin: []string{origin}, RequestMethod: []string{"PUT"}, RequestHeaders: []string{"x-a"}}
	requests := map[string]cors.Request{
		"Origin":                                    {Origin: long, RequestMethod: fine.RequestMethod},
		"Access-Control-Request-Method":             {Origin: fine.Origin, RequestMethod: long},
		"Access-Control-Request-Headers":            {Origin: fine.Origin, RequestMethod: fine.RequestMethod, RequestHeaders: long},
		"Access-Control-Request-Headers, last line": {Origin: fine.Origin, RequestMethod: fine.RequestMethod, RequestHeaders: []string{"x-a", strings.Repeat("b", 4000), long[0]}},
	}
	for name, c := range policies {
		p := mustPolicy(t, c)
		for header, req := range requests {
			func() {
				defer func() {
					if fault := recover(); fault != nil {
						t.Errorf("%s: a byte of an overlong %s was read: %v", name, header, fault)
					}
				}()
				h := make(http.Header)
				p.Apply(h, req)
				clear(h)
				p.Preflight().Answer(h, req)
			}()
		}
	}
}
