package exchange_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/exchange"
)

func upload() *http.Request {
	body := "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n" + strings.Repeat("x", 1<<12) + "\r\n--b--\r\n"
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	return r
}

// The files of a form go with the handler that has parsed it, and not with one inside.
func TestCallHTTPRemovesFiles(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	files := func() int {
		all, err := filepath.Glob(filepath.Join(os.TempDir(), "*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	parse := func(r *http.Request) {
		if err := r.ParseMultipartForm(1); err != nil {
			t.Fatal(err)
		}
	}
	inner := func(w http.ResponseWriter, r *http.Request) {}
	outer := func(w http.ResponseWriter, r *http.Request) {
		parse(r)
		r2 := *r
		exchange.CallHTTP(http.HandlerFunc(inner), w, &r2)
		if files() != 1 {
			t.Error("the file is gone before the handler that has parsed it returns")
		}
	}
	exchange.CallHTTP(http.HandlerFunc(outer), nil, upload())
	if n := files(); n != 0 {
		t.Errorf("%d files are left by a handler that returned", n)
	}
	func() {
		defer func() { recover() }()
		exchange.CallHTTP(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { parse(r); panic("x") }), nil, upload())
	}()
	if n := files(); n != 0 {
		t.Errorf("%d files are left by a handler that panicked", n)
	}
}

func TestCloseNotify(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	gone := exchange.CloseNotify(ctx)
	select {
	case <-gone:
		t.Fatal("the request has not ended")
	default:
	}
	cancel()
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("the request has ended, and nobody says so")
	}
}
