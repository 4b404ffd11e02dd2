package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/crossfade-go/crossfade/examples/hosts/hosttest"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// deploy puts together what a runtime is given, and returns its directory.
func deploy(t *testing.T) string {
	t.Helper()
	program := hosttest.Build(t, []string{"-ldflags=-s -w"}, "GOOS=js", "GOARCH=wasm")
	dir := filepath.Dir(program)
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"host.mjs", "worker.mjs", "testdata/node.mjs", "testdata/workerd.capnp", filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js")} {
		b, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(file)), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(program, filepath.Join(dir, "app.wasm")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestEdge(t *testing.T) {
	node, _ := exec.LookPath("node")
	workerd := os.Getenv("WORKERD")
	if node == "" && workerd == "" {
		t.Skip("install Node 20 or a later one, or set WORKERD to the program of the npm package workerd")
	}
	dir := deploy(t)
	t.Run("node", func(t *testing.T) {
		if node == "" {
			t.Skip("install Node 20 or a later one")
		}
		run(t, "listening on ", "", node, filepath.Join(dir, "node.mjs"))
	})
	t.Run("workerd", func(t *testing.T) {
		if workerd == "" {
			t.Skip("set WORKERD to the program of the npm package workerd")
		}
		run(t, `"socket":"http","port":`, "}", workerd, "serve", filepath.Join(dir, "workerd.capnp"), "--control-fd=1")
	})
}

// run starts a runtime, which says its port between before and after.
func run(t *testing.T, before, after string, command ...string) {
	p := hosttest.Start(t, exec.Command(command[0], command[1:]...))
	port := p.Await(t, before)
	h := hosttest.Host{URL: "http://127.0.0.1:" + port[:len(port)-len(after)], Log: p.Log}
	hosttest.Run(t, h)
	t.Run("a client that leaves a stream", func(t *testing.T) {
		leaves(t, h, "/events?n=100", nil)
		p.Await(t, "the reader of the events has left")
	})
	if before == "listening on " { // workerd hears that a client has left only when it writes to it
		t.Run("a client that does not wait", func(t *testing.T) {
			leaves(t, h, "/slow", func() { p.Await(t, "somebody waits") })
			p.Await(t, "nobody waits any more")
		})
	}
	t.Run("many at a time", func(t *testing.T) { many(t, h) })
}

// leaves asks, and goes when the head of the answer is there or, for one that takes its time, when begun has
// returned.
func leaves(t *testing.T, h hosttest.Host, path string, begun func()) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", h.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan error, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
		}
		asked <- err
	}()
	if begun != nil {
		begun()
		cancel()
	}
	if err := <-asked; begun == nil && err != nil || begun != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("%s: %v", path, err)
	}
}

// many has streams at the same time, each of which must go on while the others do.
func many(t *testing.T, h hosttest.Host) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := h.Ask(t, "GET", "/events?n=3", ""); got.Err != nil || got.Body != "data: 0\n\ndata: 1\n\ndata: 2\n\n" {
				t.Errorf("%d %q %v", got.Status, got.Body, got.Err)
			}
		})
	}
	all.Wait()
}
