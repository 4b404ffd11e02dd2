package crossfade_test

// How much code the packages hold that a program can import: a reader has to find his way in all of
// it. It is counted in lines that hold code, without comments, blank lines and tests, and as the
// names of the packages are: the house apart from the features that were built into it.

import (
	"go/scanner"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The most lines of code that the house may have. How many there are, and where, says
//
//	go test -run 'TestSize$' -v .
const maxLinesOfHouse = 21_500

func TestSize(t *testing.T) {
	list := func(args ...string) []string {
		out, err := exec.Command("go", append([]string{"list"}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(string(out))
	}
	public := slices.DeleteFunc(list("./..."), internalPath)
	root, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	house, total := 0, 0
	of, perPackage := make([]int, len(features)), map[string]int{}
	for _, file := range list(append([]string{"-deps", "-f", `{{if not .Standard}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}} {{end}}{{end}}`}, public...)...) {
		path, inside := strings.CutPrefix(filepath.ToSlash(file), filepath.ToSlash(root)+"/")
		if !inside {
			continue // httprouter's
		}
		n := linesOfCode(t, path)
		total += n
		perPackage[filepath.Dir(path)] += n
		if i := slices.IndexFunc(features, func(f feature) bool { return f.files.MatchString(path) }); i >= 0 {
			of[i] += n
		} else {
			house += n
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(perPackage)) {
		t.Logf("%6d %s", perPackage[dir], dir)
	}
	t.Logf("%6d lines of code in all", total)
	for i, f := range features {
		if t.Logf("%6d of them for %s", of[i], f.name); of[i] == 0 {
			t.Errorf("no file is one of the feature %q", f.name)
		}
	}
	if t.Logf("%6d of them are the house", house); house > maxLinesOfHouse {
		t.Errorf("without the features there are %d lines of code, %d at most", house, maxLinesOfHouse)
	}
}

// linesOfCode are the lines of a file on which something other than a comment stands.
func linesOfCode(t *testing.T, path string) int {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file := token.NewFileSet().AddFile(path, -1, len(src))
	var s scanner.Scanner
	s.Init(file, src, nil, 0)
	lines, last := 0, 0
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return lines
		}
		if tok == token.SEMICOLON && text == "\n" {
			continue // put there by the scanner
		}
		first := file.Line(pos)
		end := first + strings.Count(text, "\n")
		lines += end - max(first-1, last)
		last = end
	}
}
