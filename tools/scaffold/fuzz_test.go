package main

import (
	"path/filepath"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/emit"
	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

// FuzzSource puts a text at every place where the scaffold reads one: no text ends it, what it writes is Go, and a second run
// adds nothing.
func FuzzSource(f *testing.F) {
	for _, name := range projects {
		a, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
		if err != nil {
			f.Fatal(err)
		}
		for i, file := range a.Files {
			if i%4 == 0 { // `go test` is to be quick
				f.Add(string(file.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, source string) {
		files := fstest.MapFS{"pages/api/ok.js": {Data: []byte("export default (req, res) => res.json({ ok: true });")}}
		for _, name := range []string{"pages/api/x.ts", "app/x/route.tsx", "next.config.js", "middleware.ts", "vercel.json", "tsconfig.json"} {
			files[name] = &fstest.MapFile{Data: []byte(source)}
		}
		files["server.js"] = &fstest.MapFile{Data: []byte("const express = require('express'); const app = express(), router = express.Router();\n" + source)}
		for _, name := range []string{"pages/api", "app/x", "."} { // Next.js and Express, and Express alone
			dir := filepath.Join(t.TempDir(), "service")
			p, err := project.Read(files)
			if err != nil {
				return // nothing is left of it
			}
			o := emit.Options{Dir: dir, Source: "x", Files: files}
			if _, err := emit.Write(p, o); err != nil {
				if len(p.Endpoints) == 1 {
					t.Fatalf("one endpoint alone is refused: %v", err)
				}
			} else if p, err = project.Read(files); err != nil {
				t.Fatal(err)
			} else if again, err := emit.Write(p, o); err != nil || len(again.Written) != 0 {
				t.Fatalf("a second run: %v, %q", err, again.Written)
			}
			for file := range files {
				if name != "." && filepath.ToSlash(filepath.Dir(file)) == name {
					delete(files, file)
				}
			}
		}
	})
}
