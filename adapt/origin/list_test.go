package origin_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/origin"
)

func TestList(t *testing.T) {
	got, err := origin.List(strings.NewReader("# the shop\n\nGET /users/:id getUser app.js:7\n  ANY\t/files/*rest\nPOST /users{/:id} create\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []adapt.Endpoint{
		{Method: "GET", Own: "/users/:id", Pattern: "/users/:id", Handler: "getUser", Source: "app.js:7"},
		{Method: "ANY", Own: "/files/*rest", Pattern: "/files/*rest"},
		{Method: "POST", Own: "/users{/:id}", Reason: "only Express can tell what its optional parts match", Handler: "create"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	if got, err := origin.List(strings.NewReader("")); err != nil || got == nil {
		t.Errorf("an empty list is a list of nothing, not %v, %v", got, err)
	}
	for _, text := range []string{"GET", "# x\nGET users", "/users GET"} {
		if _, err := origin.List(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), "line") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNextManifest(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := origin.NextManifest(dir); err == nil || !strings.Contains(err.Error(), "not a build of Next.js") {
		t.Errorf("an empty directory: %v", err)
	}
	write("app-path-routes-manifest.json", `{"/_not-found/page":"/_not-found","/(shop)/items/[id]/page":"/items/[id]","/api/items/[id]/route":"/api/items/[id]","/page":"/"}`)
	write("server/pages-manifest.json", `{"/_app":"pages/_app.js","/_error":"pages/_error.js","/404":"pages/404.html","/api/files/[[...path]]":"pages/api/files/[[...path]].js","/about":"pages/about.js"}`)
	got, err := origin.NextManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []adapt.Endpoint{
		{Method: "GET", Pattern: "/items/[id]", Handler: "app/(shop)/items/[id]/page"},
		{Method: "ANY", Pattern: "/api/items/[id]", Handler: "app/api/items/[id]/route"},
		{Method: "GET", Pattern: "/", Handler: "app/page"},
		{Method: "GET", Pattern: "/about", Handler: "pages/about.js"},
		{Method: "ANY", Pattern: "/api/files/[[...path]]", Handler: "pages/api/files/[[...path]].js"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	write("server/pages-manifest.json", `{`)
	if _, err := origin.NextManifest(dir); err == nil || !strings.Contains(err.Error(), "pages-manifest.json") {
		t.Errorf("a broken manifest: %v", err)
	}
}
