package testvariant_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/tools/internal/codemodtest"
)

func TestMain(m *testing.M) { codemodtest.Main(m) }

// A handler is reported once, whatever tests its package has.
func TestReportedOnce(t *testing.T) {
	r := codemodtest.Copy(t)
	for dir, test := range map[string]string{
		"bare":     "",
		"inside":   "package x\n",
		"outside":  "package x_test\n",
		"excluded": "//go:build never\n\npackage x\n",
		"comment":  "// Package x_test says\n// package x\n// on a line.\npackage x_test\n",
	} {
		r.Write(dir+"/x.go", `package x

import (
	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

func routes(r *adapt.Routes) { r.ReqRes.GET("/`+dir+`", `+dir+`) }

func `+dir+`(req *reqres.Request, res *reqres.Response) error { return res.JSON(1) }
`)
		if test != "" {
			r.Write(dir+"/x_test.go", test)
		}
	}
	for _, flags := range [][]string{{"-tofetch"}, {"-tofetch", "-test=false"}} {
		times := map[string]int{}
		for _, d := range r.Report(flags...) {
			if d.Category == "converted" {
				times[d.Message]++
			}
		}
		for _, dir := range []string{"bare", "inside", "outside", "excluded", "comment"} {
			if n := times["handler "+dir+" is converted"]; n != 1 {
				t.Errorf("%v: the handler of the package with tests %s is reported %d times, want 1", flags, dir, n)
			}
		}
	}
}
