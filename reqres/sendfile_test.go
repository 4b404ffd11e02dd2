package reqres_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/reqres"
)

func TestSendFile(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		when := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	write("root/nums.txt", "123456789")
	write("root/.secret", "s")
	write("outside.txt", "o")
	root := filepath.Join(dir, "root")
	if err := os.Symlink("../outside.txt", filepath.Join(root, "link.txt")); err != nil {
		t.Skip(err)
	}
	tests := []struct {
		rule, path string
		options    reqres.FileOptions
		request    *http.Request
		code       int
		body       string
	}{
		{"whole", "nums.txt", reqres.FileOptions{Root: root}, request(), 200, "123456789"},
		{"a range", "nums.txt", reqres.FileOptions{Root: root}, request("Range", "bytes=1-3"), 206, "234"},
		{"separate ranges are ignored", "nums.txt", reqres.FileOptions{Root: root}, request("Range", "bytes=0-1,4-5"), 200, "123456789"},
		{"a piece", "nums.txt", reqres.FileOptions{Root: root, Start: 2, End: 4}, request(), 200, "345"},
		{"fresh", "nums.txt", reqres.FileOptions{Root: root}, request("If-None-Match", `W/"9-16f5e66e800"`), 304, ""},
		{"a failed precondition", "nums.txt", reqres.FileOptions{Root: root}, request("If-Match", `"x"`), 412, `{"error":"Precondition Failed"}`},
		{"out of range", "nums.txt", reqres.FileOptions{Root: root}, request("Range", "bytes=9-"), 416, `{"error":"Range Not Satisfiable"}`},
		{"absent", "x", reqres.FileOptions{Root: root}, request(), 404, `{"error":"Not Found"}`},
		{"a folder", ".", reqres.FileOptions{Root: root}, request(), 404, `{"error":"Not Found"}`},
		{"up and out", "../outside.txt", reqres.FileOptions{Root: root}, request(), 403, `{"error":"Forbidden"}`},
		{"out by a link", "link.txt", reqres.FileOptions{Root: root}, request(), 403, `{"error":"Forbidden"}`},
		{"dotfiles are hidden", ".secret", reqres.FileOptions{Root: root}, request(), 404, `{"error":"Not Found"}`},
		{"dotfiles denied", ".secret", reqres.FileOptions{Root: root, Dotfiles: reqres.DenyDotfiles}, request(), 403, `{"error":"Forbidden"}`},
		{"dotfiles allowed", ".secret", reqres.FileOptions{Root: root, Dotfiles: reqres.AllowDotfiles}, request(), 200, "s"},
		{"relative without a root", "nums.txt", reqres.FileOptions{}, request(), 500, `{"error":"Internal Server Error"}`},
	}
	for _, tt := range tests {
		rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error { return res.SendFile(tt.path, tt.options) }, tt.request)
		if rec.Code != tt.code || rec.Body.String() != tt.body {
			t.Errorf("%s: got %d %q, want %d %q", tt.rule, rec.Code, rec.Body, tt.code, tt.body)
		}
	}

	rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		return res.Download(filepath.Join(root, "nums.txt"), "my numbers.txt", reqres.FileOptions{MaxAge: time.Hour, Immutable: true})
	}, request())
	want := http.Header{
		"Content-Disposition": {`attachment; filename="my numbers.txt"`}, "Content-Type": {"text/plain; charset=utf-8"},
		"Cache-Control": {"public, max-age=3600, immutable"}, "Accept-Ranges": {"bytes"}, "Content-Length": {"9"},
		"Last-Modified": {"Wed, 01 Jan 2020 00:00:00 GMT"}, "Etag": {`W/"9-16f5e66e800"`},
	}
	if diff := cmp.Diff(want, rec.Header()); diff != "" {
		t.Errorf("a download (-want +got):\n%s", diff)
	}
}

func TestSendFile_failureLeavesTheAnswerOpen(t *testing.T) {
	rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		if err := res.SendFile("/does/not/exist", reqres.FileOptions{}); err != nil {
			return res.Status(200).Send("instead")
		}
		return nil
	}, request())
	if rec.Code != 200 || rec.Body.String() != "instead" {
		t.Errorf("got %d %q", rec.Code, rec.Body)
	}
}

// If-Range is for who has exactly this file: a part of it is sent only then.
func TestC9IfRange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.txt")
	when := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	if err := os.WriteFile(path, []byte("0123456789"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, when, when); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule, tag, condition string
		code                 int
	}{
		{"none", "", "", 206},
		{"a strong tag of the handler's", `"v1"`, `"v1"`, 206},
		{"another strong tag", `"v1"`, `"v2"`, 200},
		{"a text that contains the tag", `"v1"`, `x"v1"`, 200},
		{"a list of tags", `"v1"`, `"v1", "v2"`, 200},
		{"the weak tag of the file", "", `W/"a-16f5e66e800"`, 200},
		{"a weak tag against a strong one", `"v1"`, `W/"v1"`, 200},
		{"a strong tag against a weak one", `W/"v1"`, `"v1"`, 200},
		{"a weak tag against the same", `W/"v1"`, `W/"v1"`, 200},
		{"the date of the file", "", "Wed, 01 Jan 2020 00:00:00 GMT", 206},
		{"a later date", "", "Thu, 02 Jan 2020 00:00:00 GMT", 200},
		{"an earlier date", "", "Tue, 31 Dec 2019 00:00:00 GMT", 200},
		{"no date", "", "yesterday", 200},
	} {
		r := request("Range", "bytes=-20")
		if tt.condition != "" {
			r.Header.Set("If-Range", tt.condition)
		}
		rec := through(t, reqres.Settings{}, func(_ *reqres.Request, res *reqres.Response) error {
			if tt.tag != "" {
				res.Set("ETag", tt.tag)
			}
			return res.SendFile(path, reqres.FileOptions{})
		}, r)
		contentRange := ""
		if tt.code == 206 {
			contentRange = "bytes 0-9/10"
		}
		if rec.Code != tt.code || rec.Header().Get("Content-Range") != contentRange || rec.Body.String() != "0123456789" {
			t.Errorf("%s: %d %q %q, want %d %q", tt.rule, rec.Code, rec.Header().Get("Content-Range"), rec.Body, tt.code, contentRange)
		}
	}
}
