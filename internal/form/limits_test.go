package form_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/form"
)

// upload is a form of a text and of files with the given contents.
func upload(contents ...string) string {
	lines := []string{"--boundary", `Content-Disposition: form-data; name="text"`, "", "value"}
	for i, content := range contents {
		lines = append(lines, "--boundary", fmt.Sprintf(`Content-Disposition: form-data; name="file"; filename="%d"`, i), "", content)
	}
	return body(append(lines, "--boundary--", "")...)
}

func TestLimits(t *testing.T) {
	twoFiles := upload("0123456789", "0123456789")
	whole := strings.TrimSuffix(twoFiles, "\r\n")
	for _, c := range []struct {
		rule string
		in   string
		lim  form.Limits
		want *form.LimitError
	}{
		{"as many entries as allowed", twoFiles, form.Limits{Parts: 3}, nil},
		{"one entry more", twoFiles, form.Limits{Parts: 2}, &form.LimitError{Limit: "entries", Max: 2}},
		{"a body of the size allowed", twoFiles, form.Limits{Total: int64(len(twoFiles))}, nil},
		{"one byte more", twoFiles, form.Limits{Total: int64(len(twoFiles)) - 3}, &form.LimitError{Limit: "total", Max: int64(len(twoFiles)) - 3}},
		{"a body of the size allowed that ends with its boundary", whole, form.Limits{Total: int64(len(whole))}, nil},
		{"one byte more in such a body", whole, form.Limits{Total: int64(len(whole)) - 1}, &form.LimitError{Limit: "total", Max: int64(len(whole)) - 1}},
		{"a header of the size allowed", one("A: b", `Content-Disposition: form-data; name=""`), form.Limits{Header: 47}, nil},
		{"a limit beyond everything", twoFiles, form.Limits{Parts: math.MaxInt, Header: math.MaxInt, Memory: math.MaxInt64, Total: math.MaxInt64}, nil},
		{"one byte more in a header", one("A: b", `Content-Disposition: form-data; name=""`), form.Limits{Header: 46}, &form.LimitError{Limit: "header", Max: 46}},
		{"texts of the size allowed", upload(), form.Limits{Memory: 9}, nil},
		{"one byte more in texts", upload(), form.Limits{Memory: 8}, &form.LimitError{Limit: "memory", Max: 8}},
		{"names count as texts", one(`Content-Disposition: form-data; name="0123"; filename="0123"`), form.Limits{Memory: 17}, &form.LimitError{Limit: "memory", Max: 17}},
		{"the default bounds entries", body(strings.Repeat("--boundary\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", 1001), "--boundary--"), form.Limits{}, &form.LimitError{Limit: "entries", Max: 1000}},
		{"no limit on entries", body(strings.Repeat("--boundary\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", 1001)+"--boundary--", ""), form.Limits{Parts: -1}, nil},
		{"the default bounds a header", one("X: " + strings.Repeat("x", 17<<10)), form.Limits{}, &form.LimitError{Limit: "header", Max: 16 << 10}},
		{"the default bounds texts", strings.Replace(upload(), "value", strings.Repeat("x", 1<<20), 1), form.Limits{}, &form.LimitError{Limit: "memory", Max: 1 << 20}},
		{"no limit on texts", strings.Replace(upload(), "value", strings.Repeat("x", 1<<20), 1), form.Limits{Memory: -1}, nil},
		{"the default bounds the body", upload(strings.Repeat("x", 32<<20)), form.Limits{}, &form.LimitError{Limit: "total", Max: 32 << 20}},
	} {
		_, err := parse(t, c.in, c.lim)
		var got *form.LimitError
		errors.As(err, &got)
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != (c.want != nil) {
			t.Errorf("%s: the error is %v (-want +got)\n%s", c.rule, err, diff)
		}
	}
}

func TestLimitErrorTexts(t *testing.T) {
	for limit, want := range map[string]string{
		"entries": "the form has more than 7 entries",
		"header":  "the header of a part of the form is larger than 7 bytes",
		"memory":  "the fields of the form are larger than 7 bytes",
		"total":   "the form is larger than 7 bytes",
	} {
		if got := (&form.LimitError{Limit: limit, Max: 7}).Error(); got != want {
			t.Errorf("%s: %s", limit, got)
		}
	}
}

// tempDir makes the temporary files of the test go to a directory of its own and returns what is in
// it.
func tempDir(t *testing.T) (files func() int) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TEMP", dir)
	t.Setenv("TMP", dir)
	return func() int {
		list, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
}

func TestFilesBeyondMemoryGoToDisk(t *testing.T) {
	files := tempDir(t)
	small, large, larger := "small", strings.Repeat("large", 30_000), strings.Repeat("larger\r\n", 60_000)
	f, err := parse(t, upload(small, large, small, larger, small), form.Limits{Memory: 100})
	if err != nil {
		t.Fatal(err)
	}
	want := []entry{{Name: "text", Value: "value"}}
	for i, content := range []string{small, large, small, larger, small} {
		want = append(want, entry{Name: "file", File: &file{fmt.Sprint(i), "text/plain", content}})
	}
	for range 2 { // files can be read again
		if diff := cmp.Diff(want, entries(t, f)); diff != "" {
			t.Fatalf("(-want +got)\n%.2000s", diff)
		}
	}
	open, err := f.Files("file")[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := form.Close(f); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if n := files(); n != 0 {
		t.Errorf("%d temporary files are left", n)
	}
	if _, err := io.ReadAll(open); !errors.Is(err, os.ErrClosed) {
		t.Errorf("reading on after Close: %v", err)
	}
	if _, err := f.Files("file")[1].Bytes(); !errors.Is(err, os.ErrClosed) || !strings.Contains(err.Error(), "read it before the answer is complete") {
		t.Errorf("opening after Close: %v", err)
	}
	if b, err := f.Files("file")[0].Bytes(); err != nil || string(b) != small {
		t.Errorf("a file in memory outlives Close: %q, %v", b, err)
	}
}

// A form that fails leaves nothing behind.
func TestFailureRemovesTheTemporaryFile(t *testing.T) {
	files := tempDir(t)
	large := strings.Repeat("x", 100_000)
	whole := upload(large)
	broken := errors.New("broken")
	for _, r := range []io.Reader{
		strings.NewReader(whole[:len(whole)-10]),
		io.MultiReader(strings.NewReader(whole[:len(whole)-10]), iotest.ErrReader(broken)),
	} {
		if f, err := form.ParseMultipart(r, "boundary", form.Limits{Memory: 100}); err == nil {
			t.Fatalf("parsed %v", f)
		}
	}
	if n := files(); n != 0 {
		t.Errorf("%d temporary files are left", n)
	}
}

func TestDiskFailureIsOurs(t *testing.T) {
	for _, name := range []string{"TMPDIR", "TEMP", "TMP"} {
		t.Setenv(name, "/does/not/exist")
	}
	_, err := form.ParseMultipart(strings.NewReader(upload(strings.Repeat("x", 100))), "boundary", form.Limits{Memory: 50})
	var status interface{ StatusCode() int }
	if !errors.As(err, &status) || status.StatusCode() != 500 || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the error is %v, want one with the status 500 around os.ErrNotExist", err)
	}
}

func TestReadErrorsAreReturnedAsTheyAre(t *testing.T) {
	whole := upload("0123456789")
	broken := errors.New("broken")
	for i := range whole {
		if _, err := form.ParseMultipart(io.MultiReader(strings.NewReader(whole[:i]), iotest.ErrReader(broken)), "boundary", form.Limits{}); i < len(whole)-2 && err != broken {
			t.Errorf("after %d bytes: %v", i, err)
		}
	}
}

// What a form allocates is what it keeps, plus one buffer, whatever the size of its files.
func TestMemory(t *testing.T) {
	const size = 1 << 20
	content := strings.Repeat("0123456\n", size/8)
	for _, c := range []struct {
		rule string
		body string
		lim  form.Limits
		max  uint64
	}{
		{"a file in memory is held once", upload(content), form.Limits{Memory: 2 * size}, size + 128<<10},
		{"a file on disk is not held", upload(content), form.Limits{Memory: 50}, 128 << 10},
		{"a text is held once and copied once", strings.Replace(upload(), "value", content, 1), form.Limits{Memory: 2 * size}, 2*size + 128<<10},
		{"a small form needs one buffer", upload("small"), form.Limits{}, 24 << 10},
	} {
		tempDir(t)
		// What others allocate meanwhile, the runtime among them, is counted too: the least counts.
		got := ^uint64(0)
		for range 5 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			f, err := form.ParseMultipart(strings.NewReader(c.body), "boundary", c.lim)
			runtime.ReadMemStats(&after)
			if err != nil {
				t.Fatalf("%s: %v", c.rule, err)
			}
			form.Close(f)
			got = min(got, after.TotalAlloc-before.TotalAlloc)
		}
		if got > c.max {
			t.Errorf("%s: %d bytes allocated, want at most %d", c.rule, got, c.max)
		}
	}
}

func BenchmarkParseMultipart(b *testing.B) {
	for _, size := range []int{10, 10 << 10, 1 << 20} {
		whole := []byte(upload(strings.Repeat("0123456\r\n-", size/10)))
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			b.SetBytes(int64(len(whole)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := form.ParseMultipart(bytes.NewReader(whole), "boundary", form.Limits{Memory: -1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
