package legacytest

// The suite: the same requests to the engine alone and to the engine under a mux, in every place in
// which it can stand there. What differs by design is listed by the one who runs it, with its
// reason.

import (
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// Suite is what Run needs to know.
type Suite struct {
	// New makes the service, and what the adaptor makes of it. dir has the static files.
	New func(dir string) (http.Handler, adapt.App)
	// Alone serves the service for comparison, where its handler is not the one that the adaptor
	// serves. Default: what New has returned.
	Alone func(http.Handler) http.Handler
	// Differs are the answers that are not those of the engine alone.
	Differs []Difference
	// Skip leaves out requests for what the engine cannot do at all.
	Skip []string
}

// Difference is one documented difference.
type Difference struct {
	// Place is where the service stands: app, prefix, old, live or moved; "" means all of them.
	Place string
	// Request is the name of a request.
	Request string
	// Why is what the documentation says about it.
	Why string
}

// places are where the service stands: the whole app, the app under a prefix (compared with
// http.StripPrefix), and the app with all its endpoints registered by Migrate at Old, at Live with
// the engine on both sides, and by Moved with the engine as what has moved.
var places = []string{"app", "prefix", "old", "live", "moved"}

// byDesign is what differs whatever the engine is, where an endpoint is a route of the mux:
// registered by Migrate or Moved.
var byDesign = func() (all []Difference) {
	for _, place := range []string{"old", "live", "moved"} {
		all = append(all,
			Difference{place, "param: not UTF-8", "a parameter of a route of the mux is UTF-8, else the request is 400"},
			Difference{place, "path: dots", "a path that is not normal is redirected to the route that serves its normal form"},
			Difference{place, "path: escaped dots", "a path that is not normal is redirected to the route that serves its normal form"},
			Difference{place, "path: one dot", "a path that is not normal is redirected to the route that serves its normal form"},
			Difference{place, "static: up", "a path that begins as a route of the mux does and is not normal is redirected to its normal form"},
			Difference{place, "path: backslash", `a raw \ behind what a route of the mux matches is 400`},
		)
	}
	return all
}()

// Run runs the suite.
func Run(t *testing.T, s Suite) {
	dir := t.TempDir()
	static := filepath.Join(dir, "static")
	for name, text := range map[string]string{filepath.Join(static, "site.css"): "body { color: red }\n", filepath.Join(dir, "secret.txt"): "secret"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", t.TempDir())
	engine, app := s.New(static)
	alone := engine
	if s.Alone != nil {
		alone = s.Alone(engine)
	}
	t.Run("list", func(t *testing.T) { checkList(t, app) })
	for _, place := range places {
		t.Run(place, func(t *testing.T) {
			prefix, base := "", alone
			if place == "prefix" {
				prefix, base = "/legacy", http.StripPrefix("/legacy", alone)
			}
			mux, err := under(place, app)
			if err != nil {
				t.Fatal(err)
			}
			s.compare(t, place, prefix, serve(t, base), serve(t, mux))
			noTemporaryFiles(t)
		})
	}
}

// under puts the app where the place says.
func under(place string, app adapt.App) (*adapt.Mux, error) {
	config := adapt.Config{Logger: slog.New(slog.DiscardHandler)}
	plan := migrate.Plan{Stage: migrate.Old}
	if place == "live" {
		plan.Stage = migrate.Live
	}
	engine := fetch.FromHTTP(app.Handler)
	return config.New(func(r *adapt.Routes) {
		r.Scope(adapt.Scope{Migration: migrate.Config{Plan: plan}}, func(r *adapt.Routes) {
			prefix := "/"
			if place == "prefix" {
				prefix = "/legacy"
			}
			l := r.Legacy(prefix, app)
			for _, e := range app.Endpoints {
				switch {
				case e.Pattern == "" || place == "app" || place == "prefix":
				case place == "moved":
					l.Moved(e.Method, e.Pattern, engine)
				default:
					l.Migrate(e.Method, e.Pattern, engine)
				}
			}
		})
	})
}

// compare sends all requests to both.
func (s Suite) compare(t *testing.T, place, prefix, alone, mux string) {
	known := slices.Concat(byDesign, s.Differs)
	for _, q := range requests {
		if slices.Contains(s.Skip, q.name) {
			continue
		}
		want, err := send(alone, prefix, q)
		if err != nil {
			t.Errorf("%s (%s), alone: %v", q.name, q.line, err)
			continue
		}
		removeTemporaryFiles(t) // http.StripPrefix leaves them
		got, err := send(mux, prefix, q)
		if err != nil {
			t.Errorf("%s (%s), under the mux: %v", q.name, q.line, err)
			continue
		}
		diff := cmp.Diff(want, got)
		i := slices.IndexFunc(known, func(d Difference) bool {
			return d.Request == q.name && (d.Place == "" || d.Place == place)
		})
		switch {
		case diff == "" && i >= len(byDesign):
			t.Errorf("%s (%s) does not differ, though it is listed: %s", q.name, q.line, known[i].Why)
		case diff != "" && i < 0:
			t.Errorf("%s (%s) differs (-alone +under the mux)\n%s", q.name, q.line, diff)
		}
	}
}

// checkList holds the list of endpoints to the service, and New to the list.
func checkList(t *testing.T, app adapt.App) {
	for _, want := range []string{"GET /users/:id", "POST /users", "GET /search", "GET /old", "GET /api/v1/items/:id", "DELETE /api/v1/items/:id"} {
		i := slices.IndexFunc(app.Endpoints, func(e adapt.Endpoint) bool { return e.Method+" "+e.Pattern == want })
		switch {
		case i < 0:
			t.Errorf("%s is not in the list of endpoints:\n%v", want, app.Endpoints)
		case app.Endpoints[i].Handler == "":
			t.Errorf("%s has no name of a handler", want)
		}
	}
	_, err := adapt.New(func(r *adapt.Routes) { r.Legacy("/", app).Moved("GET", "/user/:id", fetch.FromHTTP(app.Handler)) })
	if err == nil || !strings.Contains(err.Error(), "GET /users/") {
		t.Errorf("a typo in the path of Moved: New says %v, and not what is near", err)
	}
}

// serve starts a server and returns its address.
func serve(t *testing.T, h http.Handler) string {
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// temporaryFiles returns the temporary files of uploads.
func temporaryFiles(t *testing.T) []string {
	files, err := filepath.Glob(filepath.Join(os.TempDir(), "multipart-*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func removeTemporaryFiles(t *testing.T) {
	for _, name := range temporaryFiles(t) {
		os.Remove(name)
	}
}

// noTemporaryFiles waits until the files of uploads are gone.
func noTemporaryFiles(t *testing.T) {
	left := temporaryFiles(t)
	for deadline := time.Now().Add(patience); len(left) > 0 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		left = temporaryFiles(t)
	}
	if len(left) > 0 {
		t.Errorf("%d temporary files of uploads are left, such as %s", len(left), left[0])
	}
}
