package streams_test

// Uploads part by part: what is refused, what it costs, and that nothing of a file is held.

import (
	"fmt"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/full"
	"github.com/crossfade-go/crossfade/internal/promises/served"
	"github.com/crossfade-go/crossfade/reqres"
)

// parts is an endpoint in both shapes that answers with the name and the length of each part.
var parts = func() served.Twins {
	list := func(parts iter.Seq2[*multipart.Part, error]) ([]string, error) {
		got := []string{}
		for part, err := range parts {
			if err != nil {
				return nil, err
			}
			n, err := io.Copy(io.Discard, part)
			if err != nil {
				return nil, err
			}
			got = append(got, fmt.Sprintf("%s/%s:%d", part.FormName(), part.FileName(), n))
		}
		return got, nil
	}
	return served.Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			got, err := list(req.Parts())
			if err != nil {
				return err
			}
			return res.JSON(got)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			got, err := list(req.Parts())
			if err != nil {
				return nil, err
			}
			return fetch.JSON(got)
		},
	}
}()

func TestParts(t *testing.T) {
	part := func(header, content string) string { return "--b\r\n" + header + "\r\n\r\n" + content + "\r\n" }
	named := func(name string) string { return `Content-Disposition: form-data; name="` + name + `"` }
	file := part(named("f")+`; filename="a.txt"`+"\r\nContent-Type: text/plain", "file")
	tests := []struct {
		rule string
		body string
		want string // the answer, or a part of its error
		code int
	}{
		{rule: "parts keep their order", body: part(named("b"), "1") + file + part(named("b"), "") + "--b--\r\n", want: `["b/:1","f/a.txt:4","b/:0"]`},
		{rule: "the closing boundary needs no line end", body: file + "--b--", want: `["f/a.txt:4"]`},
		{rule: "an epilogue is not read as a part", body: file + "--b--\r\nepilogue\r\n" + file, want: `["f/a.txt:4"]`},
		{rule: "a form may be empty", body: "--b--\r\n", want: `[]`},
		{rule: "a name may be empty", body: part(named(""), "1") + "--b--\r\n", want: `["/:1"]`},
		{rule: "no body is not a form", body: "", code: 400, want: "does not have the boundary"},
		{rule: "text before the first boundary is not a part", body: "preamble\r\n" + file + "--b--\r\n", want: `["f/a.txt:4"]`},
		{rule: "no endless text before it", body: strings.Repeat("preamble\r\n", 10_000) + file + "--b--\r\n", code: 413, want: "larger than 200 bytes"},
		{rule: "no other boundary", body: "--bb\r\n\r\n\r\n--bb--\r\n", code: 400, want: "does not have the boundary"},
		{rule: "no part without a name", body: file + part("Content-Type: text/plain", "x") + "--b--\r\n", code: 400, want: "part 2 has no Content-Disposition with a name"},
		{rule: "no part that is not form data", body: part(`Content-Disposition: attachment; name="x"`, "x") + "--b--\r\n", code: 400, want: "part 1 has a Content-Disposition that is not form-data"},
		{rule: "no more parts than the limit", body: strings.Repeat(part(named("a"), ""), 4) + "--b--\r\n", code: 413, want: "more than 3 entries"},
		{rule: "no larger header than the limit", body: part(named("a")+"\r\nX: "+strings.Repeat("x", 200), "") + "--b--\r\n", code: 413, want: "larger than 200 bytes"},
		{rule: "no endless header", body: part(named("a")+"\r\nX: "+strings.Repeat("x", 100_000), "") + "--b--\r\n", code: 413, want: "larger than 200 bytes"},
		{rule: "no header without an end", body: "--b\r\n" + named("a"), code: 400},
		{rule: "no boundary with nothing behind it", body: file + "--b\r\n", code: 400},
		{rule: "no content without a boundary behind it", body: part(named("a"), "content"), code: 400, want: "broke off"},
	}
	c := adapt.Config{Limits: adapt.Limits{Parts: 3, PartHeader: 200}}
	served.Matrix(t, full.Size(served.Protocols[:1], served.Protocols), "POST", "/", parts, c, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		for _, tt := range tests {
			res, err := s.Client().Post(s.URL, "multipart/form-data; boundary=b", strings.NewReader(tt.body))
			if err != nil {
				t.Errorf("%s: %v", tt.rule, err)
				continue
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if tt.code == 0 {
				if diff := cmp.Diff(tt.want, string(body)); diff != "" || err != nil {
					t.Errorf("%s: %d %v (-want +got)\n%s", tt.rule, res.StatusCode, err, diff)
				}
			} else if res.StatusCode != tt.code || !strings.Contains(string(body), tt.want) {
				t.Errorf("%s: %d %s, want %d and %q", tt.rule, res.StatusCode, body, tt.code, tt.want)
			}
		}
	})
}

// upload is a form with one file of size bytes, which is made while it is read.
func upload(size int64) io.Reader {
	return io.MultiReader(
		strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.bin\"\r\n\r\n"),
		io.LimitReader(zeros{}, size),
		strings.NewReader("\r\n--b--\r\n"),
	)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A file that is read part by part passes through: what it costs does not depend on its size.
func TestPartsHoldNothing(t *testing.T) {
	cost := func(size int64) uint64 {
		r := httptest.NewRequest("POST", "/", upload(size))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		w := httptest.NewRecorder()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		parts.Fetch.ServeHTTP(w, r)
		runtime.ReadMemStats(&after)
		if want := fmt.Sprintf(`["f/a.bin:%d"]`, size); w.Body.String() != want {
			t.Fatalf("%d %s, want %s", w.Code, w.Body, want)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	cost(1 << 10) // pools and tables
	for _, size := range []int64{1 << 20, full.Size[int64](16<<20, 64<<20)} {
		got := cost(size)
		for range 8 { // a pool may be empty, and is at random under the race detector
			got = min(got, cost(size))
		}
		bound := uint64(16 << 10)
		if served.RaceEnabled {
			bound *= 2 // it drops pooled buffers at random, and shadows what is left
		}
		if got > bound {
			t.Errorf("an upload of %d bytes allocates %d", size, got)
		}
	}
}

// The same in every form: 64 MiB go by, and the heap stays where it was.
func TestLargeUploads(t *testing.T) {
	size := full.Size[int64](8<<20, 64<<20)
	served.Matrix(t, full.Size(served.Protocols[:2], served.Protocols), "POST", "/", parts, adapt.Config{}, func(*http.Server) {}, func(t *testing.T, s *httptest.Server) {
		res, err := s.Client().Post(s.URL, "multipart/form-data; boundary=b", upload(size))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if want := fmt.Sprintf(`["f/a.bin:%d"]`, size); string(body) != want || err != nil {
			t.Errorf("%d %s %v, want %s", res.StatusCode, body, err, want)
		}
	})
}

// The entries of a form are counted before they cost memory.
func TestURLEncodedEntries(t *testing.T) {
	h := served.Reads(func(r served.Request) (any, error) {
		f, err := r.Form()
		if err != nil {
			return nil, err
		}
		return len(slices.Collect(f.Entries())), nil
	})
	c := adapt.Config{Limits: adapt.Limits{Parts: 3}}
	served.HTTP1(t, "POST", "/", h, c, func(t *testing.T, s *httptest.Server) {
		for body, want := range map[string]int{"a&b&c": 200, "&&a&&&&b&&c&&": 200, "a=1&b=2&c=3&d=4": 413, "&": 200} {
			res, err := s.Client().Post(s.URL, "application/x-www-form-urlencoded", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%q: %d, want %d", body, res.StatusCode, want)
			}
		}
	})
}
