package origin

// Lists of endpoints: lines of text, and what a build of Next.js leaves on disk.

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/adapt"
)

// List reads one endpoint a line: the method or ANY, the path, and optionally the name of what
// serves it and its file:line. The path is written as for the mux, or as for Express, whose :id and
// *rest are the same; a path with Express's braces for optional parts has no counterpart, and is
// counted. Empty lines and those that begin with # are comments. The error names the first line
// that cannot be read.
func List(r io.Reader) ([]adapt.Endpoint, error) {
	list := []adapt.Endpoint{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 2 || !strings.HasPrefix(fields[1], "/") {
			return nil, fmt.Errorf("origin: line %d of the list is %q; it is a method, a path, and a name", n, lines.Text())
		}
		e := adapt.Endpoint{Method: fields[0], Own: fields[1], Pattern: fields[1]}
		if strings.ContainsAny(e.Own, "{}()?") {
			e.Pattern, e.Reason = "", "only Express can tell what its optional parts match"
		}
		if len(fields) > 2 {
			e.Handler = fields[2]
		}
		if len(fields) > 3 {
			e.Source = fields[3]
		}
		list = append(list, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("origin: %w", err)
	}
	return list, nil
}

// NextManifest lists the endpoints of a Next.js build from its manifests; dir is the build, usually
// .next. A route handler and an API route serve ANY, since the manifests do not say which methods
// they export; a page serves GET. What Next.js serves for itself, such as /_next, is not listed.
func NextManifest(dir string) ([]adapt.Endpoint, error) {
	list := []adapt.Endpoint{}
	app, pages := map[string]string{}, map[string]string{}
	appErr := readJSON(filepath.Join(dir, "app-path-routes-manifest.json"), &app)
	pagesErr := readJSON(filepath.Join(dir, "server", "pages-manifest.json"), &pages)
	if errors.Is(appErr, fs.ErrNotExist) && errors.Is(pagesErr, fs.ErrNotExist) {
		return nil, fmt.Errorf("origin: %s is not a build of Next.js: %w", dir, appErr)
	}
	for _, err := range []error{appErr, pagesErr} {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("origin: %w", err)
		}
	}
	for _, file := range slices.Sorted(maps.Keys(app)) {
		add(&list, app[file], "app"+file, strings.HasSuffix(file, "/route"))
	}
	for _, path := range slices.Sorted(maps.Keys(pages)) {
		add(&list, path, pages[path], path == "/api" || strings.HasPrefix(path, "/api/"))
	}
	return list, nil
}

// add lists a path of a manifest, unless it is Next.js' own.
func add(list *[]adapt.Endpoint, path, file string, api bool) {
	if strings.HasPrefix(path, "/_") || path == "/404" || path == "/500" {
		return
	}
	method := "GET"
	if api {
		method = "ANY"
	}
	*list = append(*list, adapt.Endpoint{Method: method, Pattern: path, Handler: file})
}

func readJSON(name string, v any) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
