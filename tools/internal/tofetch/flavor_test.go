package tofetch_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/tools/internal/codemodtest"
)

// A twin answers as the service does in its flavor. What no constructor answers alike there is refused, such
// as a text without a type.
func TestFlavor(t *testing.T) {
	for flavor, want := range map[string][]string{
		"express": {`return fetch.Redirect("/x", fetch.Status(307))`, `return fetch.HTML("hello")`},
		"nextjs":  {`return fetch.Redirect("/x") }`},
	} {
		r := codemodtest.Copy(t)
		r.Write("next/next.go", `// Package next has answers that differ by flavor.
package next

import (
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

func routes(r *adapt.Routes) {
	r.ReqRes.GET("/away", away)
	r.ReqRes.GET("/text", text)
}

func away(req *reqres.Request, res *reqres.Response) error { return res.Redirect("/x", 307) }

func text(req *reqres.Request, res *reqres.Response) error { return res.Send("hello") }
`)
		r.Fix("-tofetch", "-tofetch.flavor="+flavor)
		got := r.Read("next/next.go")
		for _, line := range want {
			if !strings.Contains(got, line) {
				t.Errorf("%s: there is no %s in\n%s", flavor, line, got)
			}
		}
		if flavor == "nextjs" && strings.Contains(got, "textFetch") {
			t.Errorf("a text has no type there:\n%s", got)
		}
	}
}

// A package that says what its flavor is is not converted by another one unheard.
func TestFlavorIsAskedFor(t *testing.T) {
	r := codemodtest.Copy(t)
	r.Write("next/next.go", `package next

import (
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

var config = adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS}}
`)
	for flavor, want := range map[string]int{"express": 1, "nextjs": 0} {
		n := 0
		for _, d := range r.Report("-tofetch", "-tofetch.flavor="+flavor) {
			if strings.Contains(d.Message, "-tofetch.flavor=nextjs") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s: it is asked for %d times, want %d", flavor, n, want)
		}
	}
}
