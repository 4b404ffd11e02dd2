package tofetch_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/tools/internal/codemodtest"
)

// Handlers that a grammar makes are refused, or compile at once and answer as their originals do.
// CROSSFADE_FULL=1 makes many more.
func TestGrammar(t *testing.T) {
	n := 40
	if os.Getenv("CROSSFADE_FULL") != "" {
		n = 600
	}
	g := &grammar{rand: rand.New(rand.NewPCG(20, 10))}
	var handlers, routes strings.Builder
	for i := range n {
		handlers.WriteString(g.handler(i))
		fmt.Fprintf(&routes, "\tr.ReqRes.%s(\"/h%d/:id\", h%d)\n", []string{"GET", "POST"}[i%2], i, i)
	}
	r := codemodtest.Copy(t)
	r.Write("grammar/grammar.go", grammarHead+handlers.String()+"\nfunc routes(r *adapt.Routes) {\n"+routes.String()+"}\n")
	if out, err := r.Go("vet", "-unreachable=false"); err != nil {
		t.Fatalf("the grammar writes what does not compile: %v\n%s", err, out)
	}
	converted, refused := 0, 0
	for _, d := range r.Report("-tofetch") {
		switch d.Category {
		case "converted":
			converted++
		case "refused":
			refused++
		}
	}
	t.Logf("%d converted, %d refused", converted, refused)
	if converted < n/2 {
		t.Errorf("only %d of %d are converted", converted, n)
	}
	r.Fix("-tofetch")
	r.Generate()
	out, err := r.Go("test")
	if err == nil {
		return
	}
	wrong := !strings.Contains(out, "paritytest:")
	for line := range strings.Lines(out) {
		// Some handlers refuse every request, which proves nothing and is not a difference either.
		if strings.Contains(line, "paritytest:") && !strings.Contains(line, "every request") {
			wrong = true
			t.Log(strings.TrimSpace(line))
		}
	}
	if wrong {
		keep := filepath.Join(os.TempDir(), "crossfade-grammar.go")
		_ = os.WriteFile(keep, []byte(r.Read("grammar/grammar.go")), 0o600)
		t.Errorf("what is converted does not answer as its original does: %v; the code is in %s\n%.2000s", err, keep, out)
	}
}

const grammarHead = `package grammar

import (
	"errors"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

var errPlain = errors.New("plain")

var _ = strconv.Itoa
var _ = strings.ToUpper

func fail(res *reqres.Response, code int) error { return res.Status(code).JSON(map[string]int{"code": code}) }

func stamp(res *reqres.Response) { res.Set("X-Stamp", "1") }
`

// grammar writes handlers from what the mutable shape has.
type grammar struct {
	rand  *rand.Rand
	depth int
}

func (g *grammar) one(of ...string) string { return of[g.rand.IntN(len(of))] }

func (g *grammar) handler(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nfunc h%d(req *reqres.Request, res *reqres.Response) error {\n\tn, code := len(req.Query(\"q\")), 200\n\t_, _ = n, code\n", i)
	b.WriteString(g.block(3))
	// Something is served, so that not every answer is a refusal.
	b.WriteString("\t" + g.one(g.answer(), "return res.JSON(n)", "return res.Send(\"end\")") + "\n}\n")
	return b.String()
}

func (g *grammar) block(most int) string {
	g.depth++
	defer func() { g.depth-- }()
	var b strings.Builder
	for range g.rand.IntN(most + 1) {
		b.WriteString(g.statement())
	}
	return b.String()
}

func (g *grammar) statement() string {
	switch k := g.rand.IntN(12); {
	case k < 4 || g.depth > 3:
		return "\t" + g.says() + "\n"
	case k == 4:
		return "\tif " + g.cond() + " {\n" + g.block(2) + "\t" + g.answer() + "\n\t}\n"
	case k == 5:
		return "\tif " + g.cond() + " {\n" + g.block(2) + "\t} else {\n" + g.block(2) + "\t}\n"
	case k == 6:
		return "\tswitch req.Query(\"s\") {\n\tcase \"a\", \"b\":\n" + g.block(2) + "\tcase \"c\":\n" + g.block(1) + "\t" + g.answer() + "\n\tdefault:\n" + g.block(1) + "\t}\n"
	case k == 7:
		return "\tfor i := range 3 {\n\t\tif i == n {\n" + g.block(1) + "\t" + g.answer() + "\n\t\t}\n" + g.block(1) + "\t}\n"
	case k == 8:
		return "\tif req.Param(\"id\") == \"2\" {\n\t\tcode = " + g.one("201", "404", "500") + "\n\t}\n"
	case k == 9:
		return "\tn++\n"
	case k == 10:
		return "\tif " + g.cond() + " {\n\t\treturn " + g.one(`reqres.Errorf(409, "no %d", n)`, "errPlain") + "\n\t}\n"
	}
	return "\tstamp(res)\n"
}

func (g *grammar) cond() string {
	return g.one(`req.Query("q") == "x"`, `req.Query("s") == ""`, `n > 1`, `req.Get("X-H") != ""`, `req.Param("id") == "1"`, `strings.HasPrefix(req.Query("q"), "lo")`)
}

func (g *grammar) text() string {
	return g.one(`"x"`, `req.Query("q")`, `strconv.Itoa(n)`, `"a" + req.Param("id")`, `req.Method()`)
}

func (g *grammar) says() string {
	s := "res"
	for range 1 + g.rand.IntN(2) {
		s += g.one(`.Set("X-A", strconv.Itoa(n))`, `.Set("X-B", "b")`, `.Append("X-C", `+`"c")`, ".Status(code)", ".Status("+g.one("200", "201", "404")+")",
			`.Cookie("k", `+g.one(`"v"`, `strconv.Itoa(n)`)+`, reqres.CookieOptions{})`, `.Type("txt")`, `.Set("Content-Type", "text/css")`, `.Vary("X-V")`,
			`.Set("Cache-Control", "no-store")`, `.ClearCookie("k", reqres.CookieOptions{})`)
	}
	return s
}

func (g *grammar) answer() string {
	chain := ""
	if g.rand.IntN(2) == 0 {
		chain = strings.TrimPrefix(g.says(), "res")
	}
	answer := g.one("JSON(n)", `JSON(map[string]any{"n": n, "c": code})`, "Send("+g.text()+")", "Send([]byte("+g.text()+"))", "SendStatus("+g.one("200", "202", "404", "503")+")",
		"End()", `Redirect("/to/" + strconv.Itoa(n))`, `Redirect("/to", 303)`, "Send(strings.NewReader("+g.text()+"))", "JSON(nil)")
	switch g.rand.IntN(8) {
	case 0:
		return "return fail(res, " + g.one("400", "404") + ")"
	case 1:
		return `return reqres.Errorf(` + g.one("400", "422") + `, "wrong")`
	case 2:
		return "res" + chain + "." + answer + "\n\treturn nil"
	}
	return "return res" + chain + "." + answer
}
