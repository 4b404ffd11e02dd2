package fetch_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/fetch"
)

func TestRedirect_target(t *testing.T) {
	for target, want := range map[string]string{
		"/a?b#c":                "/a?b#c",
		"a/b":                   "a/b",
		"/é":                    "/%C3%A9",
		"//b.test/x":            "//b.test/x",
		"HTTP://B.test:80/../x": "http://b.test/x",
		"http://b.test/a\r\nb":  "http://b.test/ab",
		"mailto:a@b":            "mailto:a@b",
		" mailto:ä@b\r\n":       "mailto:%C3%A4@b",
		"app://x/y z":           "app://x/y%20z",
		"app:x\x00\x7F":         "app:x%00%7F",
	} {
		res, err := fetch.Redirect(target)
		if err != nil || res.Header("Location") != want {
			t.Errorf("Redirect(%q): Location %q, %v; want %q", target, res.Header("Location"), err, want)
		}
	}
	for _, target := range []string{"", " ", "http://:80/", "http://a b/", "https://", "http://127.1/", "http://127.0.0.1./", "http://0x7f.0.0.1/",
		"http://u:secret@a b/", "http://u:secret/x@a.test/", "http://u:secret%zz@a.test/"} {
		if _, err := fetch.Redirect(target); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("Redirect(%q) has the error %v", target, err)
		}
	}
}
