//go:build unix

package reqres_test

import (
	"net"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/reqres"
)

// What is not a regular file is a 404, and nobody waits for it.
func TestA15NoRegularFile(t *testing.T) {
	dir, err := os.MkdirTemp("", "a15") // short, for the socket
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	at := func(name string) string { return dir + "/" + name }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(syscall.Mkfifo(at("fifo"), 0o600))
	must(os.Symlink("loop", at("loop")))
	must(os.Symlink("b", at("a")))
	must(os.Symlink("a", at("b")))
	must(os.Symlink("fifo", at("link")))
	must(os.Symlink("nowhere", at("dangling")))
	must(os.Mkdir(at("folder"), 0o700))
	must(os.WriteFile(at("file"), []byte("content"), 0o600))
	socket, err := net.Listen("unix", at("socket"))
	must(err)
	defer socket.Close()

	for _, name := range []string{
		"fifo", "link", "loop", "a", "a/b", "dangling", "folder", "folder/", "folder/x", "file/x", "file/", "socket", "",
		strings.Repeat("n", 300), strings.Repeat("n/", 3000),
	} {
		for where, call := range map[string]func(res *reqres.Response) error{
			"under a root": func(res *reqres.Response) error { return res.SendFile(name, reqres.FileOptions{Root: dir}) },
			"absolute":     func(res *reqres.Response) error { return res.SendFile(at(name), reqres.FileOptions{}) },
			"download":     func(res *reqres.Response) error { return res.Download(name, "", reqres.FileOptions{Root: dir}) },
		} {
			done := make(chan *httptest.ResponseRecorder, 1)
			go func() {
				done <- through(t, reqres.Settings{}, func(_ *reqres.Request, res *reqres.Response) error { return call(res) }, request())
			}()
			select {
			case rec := <-done:
				if rec.Code != 404 {
					t.Errorf("%.20q %s: %d %s, want 404", name, where, rec.Code, rec.Body)
				}
			case <-time.After(30 * time.Second):
				t.Fatalf("%.20q %s: SendFile waits", name, where)
			}
		}
	}
	rec := through(t, reqres.Settings{}, func(_ *reqres.Request, res *reqres.Response) error {
		return res.SendFile(at("file"), reqres.FileOptions{})
	}, request())
	if rec.Code != 200 || rec.Body.String() != "content" {
		t.Errorf("a file: %d %s", rec.Code, rec.Body)
	}
}
