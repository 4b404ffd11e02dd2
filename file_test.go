package crossfade_test

import (
	"io"
	"testing"
	"testing/iotest"

	"github.com/crossfade-go/crossfade"
)

func TestFile(t *testing.T) {
	f := crossfade.NewFile("f", "text/plain", []byte("0123456789"))
	a, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, _ := f.Open()
	if _, err := a.Seek(8, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(a)
	all, _ := io.ReadAll(b)
	if string(rest) != "89" || string(all) != "0123456789" {
		t.Errorf("every reader has its own place: %q, %q", rest, all)
	}
	fresh, _ := f.Open()
	if err := iotest.TestReader(fresh, []byte("0123456789")); err != nil {
		t.Error(err)
	}
	if b, err := new(crossfade.File).Bytes(); err != nil || len(b) != 0 {
		t.Errorf("the zero file is empty: %q, %v", b, err)
	}
}

func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{
		"a.txt":            "a.txt",
		"../../etc/passwd": "passwd",
		`C:\dir\x.txt`:     "x.txt",
		`a/b\c/d\e`:        "e",
		"..":               "",
		"a/..":             "",
		".":                "",
		"a/":               "",
		"":                 "",
		".\x00.":           "",
		"a\nb\x7F\x00c":    "abc",
		".profile":         ".profile",
		"日本語.txt":          "日本語.txt",
	} {
		if got := (&crossfade.File{Name: name}).SafeName(); got != want {
			t.Errorf("%q is saved as %q, want %q", name, got, want)
		}
	}
}
