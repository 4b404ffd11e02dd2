package tofetch_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/tools/internal/codemodtest"
)

// Where a twin would lose something, the reason says what.
func TestRefusals(t *testing.T) {
	r := codemodtest.Copy(t)
	r.Write("refusals/refusals.go", `package refusals

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

func routes(r *adapt.Routes) {
	r.UseReqRes(marks, timed)
	r.ReqRes.GET("/late", late)
	r.ReqRes.GET("/alias", alias)
	r.ReqRes.GET("/os", byOS)
	r.ReqRes.POST("/made", made)
	r.ReqRes.GET("/file", file)
	r.ReqRes.GET("/ticks", ticks)
	r.ReqRes.GET("/helped", helped)
}

func helped(req *reqres.Request, res *reqres.Response) error {
	defer println("counted")
	return deliver(res)
}

func deliver(res *reqres.Response) error { return deliverText(res) }

func deliverText(res *reqres.Response) error { return res.Send(strings.NewReader("a")) }

func file(req *reqres.Request, res *reqres.Response) error {
	f, err := os.Open("/tmp/x")
	if err != nil {
		return err
	}
	defer f.Close()
	return res.Send(f)
}

func ticks(req *reqres.Request, res *reqres.Response) error {
	if req.Query("a") != "" {
		defer println("counted")
	}
	return res.SSE(func(yield func(reqres.Event, error) bool) {})
}

func marks(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		err := next(req, res)
		if err != nil {
			res.Set("X-Failed", "1")
		}
		return err
	}
}

func timed(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		ctx, cancel := context.WithTimeout(req.Context(), time.Second)
		defer cancel()
		req.SetContext(ctx)
		return next(req, res)
	}
}

func late(req *reqres.Request, res *reqres.Response) (err error) {
	defer func() {
		if req.Query("late") != "" {
			err = errors.New("late")
		}
	}()
	return res.Send("in time")
}

func alias(req *reqres.Request, res *reqres.Response) error {
	r := res.Status(201)
	return r.JSON("alias")
}

func made(req *reqres.Request, res *reqres.Response) error {
	return res.Status(201).Location("/things/" + req.Query("id")).End()
}
`)
	handler := "package refusals\n\nimport \"github.com/crossfade-go/crossfade/reqres\"\n\nfunc byOS(req *reqres.Request, res *reqres.Response) error { return res.Send(\"os\") }\n"
	r.Write("refusals/never.go", "//go:build never\n\n"+handler)
	r.Write("refusals/always.go", "//go:build !never\n\n"+handler)
	report := ""
	for _, d := range r.Report("-tofetch") {
		if report += d.Message + "\n"; d.Category == "converted" && !strings.HasPrefix(d.Message, "responder") &&
			!strings.HasPrefix(d.Message, "middleware timed is converted: note that what it defers runs when next has returned") {
			t.Error(d.Message)
		}
	}
	for name, why := range map[string]string{
		"middleware marks": "sets headers behind next",
		"handler late":     "has a deferred function that sees the error err",
		"handler file":     "defers work in front of a body that is streamed",
		"handler helped":   "defers work in front of a body that is streamed",
		"handler ticks":    "defers work in front of a body that is streamed",
		"handler alias":    "keeps the response in another variable (r := res.Status(201)): write res itself",
		"handler byOS":     "is declared in never.go, too",
		"handler made":     "write url.PathEscape around what is computed",
	} {
		_, line, ok := strings.Cut(report, name+" is not converted: ")
		line, _, _ = strings.Cut(line, "\n")
		if !ok || !strings.Contains(line, why) {
			t.Errorf("%s: %q, want %q", name, line, why)
		}
	}
}
