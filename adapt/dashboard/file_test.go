package dashboard_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/dashboard"
)

// What is not ours is uPlot 1.6.32 as npm has it (dist/ of the package, MIT), and nothing else.
func TestVendored(t *testing.T) {
	for name, want := range map[string]string{
		"uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
		"uPlot.min.css":     "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
		"uPlot.LICENSE.txt": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
	} {
		text, err := os.ReadFile(filepath.Join("page", name))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(text)); got != want {
			t.Errorf("%s has the checksum %s, want %s", name, got, want)
		}
	}
}

// Our scripts make no markup and run no text, our page has nothing inline, and each file says what
// it is for and stays small.
func TestScripts(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc|localStorage|document\.cookie|https?://[a-z]`)
	inline := regexp.MustCompile(`(?i)<style|<script(?: [^>]*)?>[^<]|\son[a-z]+=|\sstyle=`)
	files, _ := filepath.Glob("page/*")
	s := start(t, dashboard.Config{})
	for _, file := range files {
		name := filepath.Base(file)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if a := s.ask("x read", "GET", name, ""); a.status != 200 || a.body != string(text) || a.header.Get("Content-Type") == "" {
			t.Errorf("%s is served as %d, %d bytes", name, a.status, len(a.body))
		}
		switch {
		case strings.HasPrefix(name, "uPlot"):
		case filepath.Ext(name) == ".js":
			if found := forbidden.FindString(string(text)); found != "" {
				t.Errorf("%s has %s", name, found)
			}
			if !strings.HasPrefix(string(text), "// ") || strings.Count(string(text), "\n") > 250 {
				t.Errorf("%s does not begin with what it is for, or is longer than 250 lines", name)
			}
		case filepath.Ext(name) == ".html":
			if found := inline.FindString(string(text)); found != "" {
				t.Errorf("%s has %s inline", name, found)
			}
		}
	}
}
