package openapi

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

// Check fails the test where a committed file is not what the mux would make of it now: the
// document, or for a name that ends in .ts the TypeScript. The failure names the first line that
// differs. With the environment variable CROSSFADE_UPDATE set, the files are written.
func (c Config) Check(t testing.TB, mux *adapt.Mux, files ...string) {
	t.Helper()
	for _, file := range files {
		made, err := c.make(mux, file)
		if err != nil {
			t.Error(err)
			continue
		}
		if os.Getenv("CROSSFADE_UPDATE") != "" {
			if err := os.WriteFile(file, made, 0o644); err != nil {
				t.Error(err)
			}
			continue
		}
		committed, err := os.ReadFile(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			t.Errorf("openapi: %s is missing: %s", file, update)
		case err != nil:
			t.Error(err)
		case !bytes.Equal(bytes.ReplaceAll(committed, []byte("\r\n"), []byte("\n")), made):
			t.Errorf("openapi: %s is not what the mux says now: %s\n%s", file, update, drift(string(committed), string(made)))
		}
	}
}

// Check is Check of the zero Config.
func Check(t testing.TB, mux *adapt.Mux, files ...string) {
	t.Helper()
	Config{}.Check(t, mux, files...)
}

const update = "CROSSFADE_UPDATE=1 go test writes it anew; commit that if the change is meant"

func (c Config) make(mux *adapt.Mux, file string) ([]byte, error) {
	if filepath.Ext(file) == ".ts" {
		return TypeScript(mux)
	}
	return c.Document(mux)
}

// drift names the first line that differs.
func drift(committed, made string) string {
	was, is := strings.Split(committed, "\n"), strings.Split(made, "\n")
	for i := range max(len(was), len(is)) {
		if i >= len(was) || i >= len(is) || strings.TrimSuffix(was[i], "\r") != is[i] {
			return fmt.Sprintf("line %d\n- %s\n+ %s", i+1, line(was, i), line(is, i))
		}
	}
	return ""
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(the file has ended)"
}
