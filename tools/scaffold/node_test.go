package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/freeport"
)

// start runs a command until the test ends, with PORT in its environment and {port} in its arguments replaced, and returns
// its URL when it has said ready.
func start(t *testing.T, dir, ready string, command ...string) (url string) {
	t.Helper()
	port := freeport.Get(t)
	for i := range command {
		command[i] = strings.ReplaceAll(command[i], "{port}", port)
	}
	program := exec.Command(command[0], command[1:]...)
	program.Dir = dir
	program.Env = append(os.Environ(), "PORT="+port)
	r, w := io.Pipe()
	program.Stdout, program.Stderr = w, w
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		w.CloseWithError(program.Wait())
		close(ended)
	}()
	t.Cleanup(func() {
		program.Process.Kill()
		r.Close()
		<-ended
	})
	var said strings.Builder
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if strings.Contains(lines.Text(), ready) {
			go io.Copy(io.Discard, r)
			return "http://127.0.0.1:" + port
		}
		fmt.Fprintln(&said, lines.Text())
	}
	t.Fatalf("%q has ended before it was ready: %v\n%s", command, lines.Err(), &said)
	return ""
}

// service builds what was written in a folder and runs it at the stage new, where no request reaches Node.
func service(t *testing.T, dir, node string) (url string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "service")
	if out, err := exec.Command("go", "build", "-o", program, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	url = start(t, ".", "listening", program, "-listen", "127.0.0.1:{port}", "-node", node, "-stage", "new")
	get(t, url+"/") // it says so before it listens
	return url
}

// own are the headers that say which server answers, and how it sends.
var own = []string{"Date", "Connection", "Keep-Alive", "X-Powered-By", "Transfer-Encoding", "Content-Length", "Vary"}

// answer asks one request, "METHOD /path", then headers and a body, each on a line of its own.
func answer(t *testing.T, url, request string) (answer map[string]string) {
	t.Helper()
	line, rest, _ := strings.Cut(request, "\n")
	method, target, _ := strings.Cut(line, " ")
	head, body, _ := strings.Cut(rest, "\n\n")
	req, err := http.NewRequest(method, url+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "example.com"
	for h := range strings.Lines(head) {
		name, value, _ := strings.Cut(strings.TrimSpace(h), ": ")
		req.Header.Set(name, value)
	}
	req.Header.Set("Accept-Encoding", "identity")
	req.Close = true // Node closes a connection that waits for five seconds, as one does on a busy machine
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	answer = map[string]string{"status": res.Status[:3], "body": string(text)}
	for name, values := range res.Header {
		if !slices.Contains(own, name) {
			answer[name] = strings.Join(values, ", ")
		}
	}
	if cookie, ok := answer["Set-Cookie"]; ok { // its Expires is the time of the answer
		answer["Set-Cookie"], _, _ = strings.Cut(cookie, "Expires=")
	}
	return answer
}

// alike asks both servers.
func alike(t *testing.T, old, next string, requests []string) {
	t.Helper()
	for _, r := range requests {
		if diff := cmp.Diff(answer(t, old, r), answer(t, next, r)); diff != "" {
			t.Errorf("%s: -Node +Go:\n%s", r, diff)
		}
	}
	t.Logf("%d requests", len(requests))
}

// The translations of an Express app answer as Express does: what scaffold has run the handlers in is faithful.
func TestExpress(t *testing.T) {
	modules, err := filepath.Abs("../../examples/express/app/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "express")); err != nil {
		t.Skip("Express is not installed: npm ci --prefix examples/express/app")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("Node is not installed")
	}
	t.Setenv("NODE_PATH", modules)
	dir := t.TempDir()
	unpack(t, archive(t, "translate-express"), dir)
	node := start(t, dir, "listening", "node", "server.js")
	alike(t, node, service(t, "./testdata/translate-express", node), []string{
		"GET /send", "HEAD /send", "GET /html", "GET /plain", "GET /xml", "GET /status", "GET /to", "GET /to/a%20b", "GET /to/x\nAccept: text/html",
		"GET /vary", "GET /lang", "GET /lang\nAccept-Language: de", "GET /lang\nX-Debug: 1", "GET /cookie", "GET /params/a/b%2Fc", "GET /params/%C3%A9/1",
		"GET /tag/1", "GET /tag/1\nIf-None-Match: *", "GET /array", "HEAD /array",
		"POST /body\nContent-Type: application/json\n\n{\"title\":\"x\"}", "POST /body\nContent-Type: application/json\n\n{\"title\":\"\",\"done\":null}",
		"POST /body\nContent-Type: application/json\n\n{\"title\":1}", "POST /body\nContent-Type: application/json\n\n{}",
	})
}

// The walk of the README: a Next.js app and the service that was written of it answer alike.
//
//	npm ci --prefix scaffold/walk && npm run build --prefix scaffold/walk && CROSSFADE_NEXT=1 go test -v -run TestWalk ./scaffold
func TestWalk(t *testing.T) {
	if os.Getenv("CROSSFADE_NEXT") == "" {
		t.Skip("on demand: build the app in walk, and set CROSSFADE_NEXT=1")
	}
	dir, err := os.MkdirTemp("testdata", "walk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if status, said := scaffold(t, "-o", dir, "walk"); status != 0 || !strings.Contains(said, "7 endpoints, 7 of them new, 6 translated") {
		t.Fatalf("exit status %d: %s", status, said)
	}
	apply := exec.Command("git", "apply", "../../walk/session.patch")
	apply.Dir = dir
	if out, err := apply.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.Command("go", "test", "./"+dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	node := start(t, "walk", "Ready", "node", "node_modules/next/dist/bin/next", "start", "-H", "127.0.0.1", "-p", "{port}")
	alike(t, node, service(t, "./"+dir, node), []string{
		"GET /api/hello", "HEAD /api/hello", "GET /api/hello?name=Ada%20%26%20co", "POST /api/hello", "GET /api/hello?name=",
		"GET /api/users/1", "GET /api/users/1?fields=a", "GET /api/users/0", "DELETE /api/users/1", "PATCH /api/users/1", "GET /api/users/a%2Fb",
		"GET /api/items", "GET /api/items?q=tea%20pot", "GET /api/items/7", "GET /api/items/7\nAccept-Language: de", "GET /api/items/0", "GET /api/items/%C3%A9", "DELETE /api/items/7",
		"POST /api/items\nContent-Type: application/json\n\n{\"name\":\"pot\",\"price\":3.50}", "POST /api/items\nContent-Type: application/json\n\n{\"name\":7}",
		"POST /api/items\nContent-Type: application/json\n\n{\"name\":\"café <b>\",\"price\":null}", "POST /api/items\nContent-Type: application/json\n\n{}",
		"GET /api/session", "GET /api/session\nCookie: session=abc", "GET /u/12", "GET /u/12?a=b&c=%20d", "POST /u/12", "GET /things/9", "GET /things/0", "DELETE /things/9", "GET /nowhere",
	})
}
