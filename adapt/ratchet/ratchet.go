// Package ratchet keeps a migration from going backwards. A file in the repository lists the
// endpoints that still need the old shape; a test compares it with the mux, and it may only shrink.
//
//	func TestLegacy(t *testing.T) {
//		mux, err := adapt.New(routes...)
//		if err != nil {
//			t.Fatal(err)
//		}
//		ratchet.Check(t, mux, "testdata/legacy.txt")
//	}
//
// The file has one endpoint a line, as "GET /users/:id", or "gin GET /users/:id" for one of a
// legacy app, sorted, so that two branches which each move one merge without a conflict. Empty
// lines and lines that begin with # are comments.
//
// In a CI, the summary of a job shows how far the service is, if a test writes it:
//
//	if file := os.Getenv("GITHUB_STEP_SUMMARY"); file != "" {
//		left, err := ratchet.Markdown(mux, "testdata/legacy.txt")
//		…
//		f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
//		…
//		fmt.Fprintln(f, left+"\n"+mux.Progress().Markdown())
//	}
package ratchet

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/internal/markdown"
)

// Env is the environment variable that lets Check write: with "shrink" it takes lines out of the
// list, and makes a list where there is none.
const Env = "CROSSFADE_RATCHET"

// Check fails t where the endpoints of mux that Mux.Legacy names are not just those in the file: a
// new one has to be written in the new shape, and one that has moved has to be taken off the list,
// so that it cannot come back.
func Check(t testing.TB, mux *adapt.Mux, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		t.Fatalf("ratchet: %v", err)
	}
	shrink := os.Getenv(Env) == "shrink"
	if missing {
		var now []string
		for r := range mux.Legacy() {
			now = append(now, line(r))
		}
		slices.Sort(now)
		list := strings.Join(now, "\n") + "\n"
		if shrink {
			write(t, file, list)
			return
		}
		t.Fatalf("ratchet: there is no %s. Run the test once with %s=shrink, or commit this list:\n%s", file, Env, list)
	}
	lines := strings.SplitAfter(string(text), "\n")
	for _, problem := range compare(mux, string(text), file) {
		if shrink && problem.line > 0 {
			lines[problem.line-1] = ""
			continue
		}
		t.Errorf("ratchet: %s", problem.text)
	}
	if shrink {
		write(t, file, strings.Join(lines, ""))
	}
}

func write(t testing.TB, file, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
		t.Fatalf("ratchet: %v", err)
	}
}

// Markdown is what is left, by owner, and what Check would fail for: for a pull request, or for the
// summary of a job, which a CI takes from the file that GITHUB_STEP_SUMMARY names. The error is
// that of reading the list.
func Markdown(mux *adapt.Mux, file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("ratchet: %w", err)
	}
	left, owners := 0, map[string][]string{}
	for r := range mux.Legacy() {
		left++
		owners[r.Owner] = append(owners[r.Owner], markdown.Code(line(r)))
	}
	var rows [][]string
	for _, owner := range slices.Sorted(maps.Keys(owners)) {
		rows = append(rows, []string{markdown.Text(cmp.Or(owner, "-")), fmt.Sprint(len(owners[owner])), strings.Join(owners[owner], "<br>")})
	}
	var b strings.Builder
	switch left {
	case 0:
		b.WriteString("Nothing needs the old shape any more.\n")
	case 1:
		b.WriteString("1 endpoint still needs the old shape.\n")
	default:
		fmt.Fprintf(&b, "%d endpoints still need the old shape.\n", left)
	}
	for i, problem := range compare(mux, string(text), file) {
		if i == 0 {
			b.WriteByte('\n')
		}
		b.WriteString("- " + markdown.Text(problem.text) + "\n")
	}
	if rows != nil {
		b.WriteString("\n" + markdown.Table([]string{"OWNER", "LEFT", "ENDPOINTS"}, rows))
	}
	return b.String(), nil
}

type problem struct {
	text string
	line int // of the list, if the line has to go
}

// compare tells what is wrong, in the order of the mux and then of the list.
func compare(mux *adapt.Mux, text, file string) []problem {
	listed, legacy := map[string]int{}, map[string]bool{}
	var problems []problem
	for i, line := range strings.Split(text, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		switch first, twice := listed[line]; {
		case line == "", line[0] == '#':
		case twice:
			problems = append(problems, problem{fmt.Sprintf("%s:%d: %s is listed already in line %d: delete this line.", file, i+1, line, first), i + 1})
		default:
			listed[line] = i + 1
		}
	}
	shape := map[string]adapt.Route{}
	for r := range mux.Routes() {
		shape[line(r)] = r
	}
	for r := range mux.Legacy() {
		name := line(r)
		legacy[name] = true
		if _, ok := listed[name]; ok {
			continue
		}
		owner := ""
		if r.Owner != "" {
			owner = " (owner " + r.Owner + ")"
		}
		problems = append(problems, problem{text: fmt.Sprintf(
			"%s%s is registered at %s in the old shape, and is not among those in %s, which may only become fewer. "+
				"Write it as a fetch.Handler and register it with r.Fetch. If an endpoint of the list was renamed, change its line.",
			name, owner, r.Source, file)})
	}
	for _, name := range slices.SortedFunc(maps.Keys(listed), func(a, b string) int { return listed[a] - listed[b] }) {
		if legacy[name] {
			continue
		}
		what := "is not an endpoint any more"
		if r, ok := shape[name]; ok {
			what = "has moved to " + r.Shape.String()
		}
		problems = append(problems, problem{fmt.Sprintf(
			"%s:%d: %s %s: delete this line (or run the test with %s=shrink), so that it cannot come back.", file, listed[name], name, what, Env), listed[name]})
	}
	return problems
}

// line returns an endpoint as the file has it.
func line(r adapt.Route) string {
	return strings.Join(strings.Fields(r.App+" "+r.Method+" "+r.Pattern), " ")
}
