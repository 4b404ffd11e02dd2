package nextjs

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/origin"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// startNext starts the built app. Building it takes minutes, so the test runs on demand:
//
//	npm ci --prefix web && npm run build --prefix web && CROSSFADE_NEXT=1 go test ./nextjs
func startNext(t *testing.T) (url string) {
	t.Helper()
	if os.Getenv("CROSSFADE_NEXT") == "" {
		t.Skip("on demand: build the app in web, and set CROSSFADE_NEXT=1")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	next := exec.Command("node", "node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", port)
	next.Dir = "web"
	out, err := next.StdoutPipe()
	if err == nil {
		err = next.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { next.Process.Kill(); next.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ready") {
			go io.Copy(io.Discard, out)
			return "http://127.0.0.1:" + port
		}
	}
	t.Fatal("next start has ended")
	return ""
}

type item struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Note string `json:"note"`
}

func getItem(req *fetch.Request) (*fetch.Response, error) {
	if req.Param("id") == "0" {
		return fetch.JSON(map[string]string{"error": "no such item"}, fetch.Status(404))
	}
	return fetch.JSON(item{req.Param("id"), "Tea & Co.", strings.Repeat("long leaves, ", 200)}, fetch.SetHeader("Cache-Control", "no-store"))
}

type user struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func getUser(req *reqres.Request, res *reqres.Response) error {
	if req.Param("id") == "0" {
		return res.Status(404).JSON(map[string]string{"error": "no such user"})
	}
	return res.Set("Cache-Control", "no-store").JSON(user{req.Param("id"), "Ada"})
}

// Faithful ports of a Route Handler and of an API Route are equal with the rules of the kind and nothing else, and the
// manifests of the build list what there is.
func TestShadow(t *testing.T) {
	url := startNext(t)
	list, err := origin.NextManifest("web/.next")
	if err != nil {
		t.Fatal(err)
	}
	web, err := origin.New(origin.Config{URL: url, Kind: origin.NextJS, Endpoints: list})
	if err != nil {
		t.Fatal(err)
	}
	mux, err := adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS}}.New(func(r *adapt.Routes) {
		shadow := migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}, Shadow: migrate.ShadowConfig{Control: -1, MaxSchedLatency: -1}}
		r.Scope(adapt.Scope{Migration: shadow}, func(r *adapt.Routes) {
			old := r.Legacy("/", web)
			old.Migrate("GET", "/api/items/[id]", getItem)
			old.Migrate("GET", "/api/users/[id]", adapt.ToFetch(getUser))
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	for _, target := range []string{"/api/items/1", "/api/items/0", "/api/users/1", "/api/users/0", "/", "/api/items/a%20b"} {
		for _, accept := range []string{"identity", "br, gzip"} {
			req, _ := http.NewRequest("GET", s.URL+target, nil)
			req.Header.Set("Accept-Encoding", accept)
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, res.Body)
			res.Body.Close()
			if want := map[bool]int{true: 404, false: 200}[strings.HasSuffix(target, "/0")]; res.StatusCode != want {
				t.Errorf("%s: %d, want %d", target, res.StatusCode, want)
			}
			time.Sleep(50 * time.Millisecond) // a slot for the next shadow
		}
	}
	if err := mux.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for pair := range mux.Migrations() {
		c := pair.Snapshot()
		if c.Compared == 0 || c.Mismatch > 0 {
			t.Errorf("%s: %d compared, %d differ: %+v\n%+v", c.Name, c.Compared, c.Mismatch, c.Shadows, pair.Mismatches())
		}
	}
	fmt.Print(mux.Progress())
}
