package header_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// TestFetchVectors builds the smallest Headers object from Check, Normalize and Canonical and runs
// the vectors on it: what is refused, what a value is after normalisation, and how lines combine.
// Where Join, Node's rule, says something else than the Fetch Standard, the vector's id must be in
// the list at the end.
func TestFetchVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			ID, Guard, Profile, InitKind, InitThrows string
			Live, Wide                               bool
			Init                                     json.RawMessage
			Steps                                    []struct {
				Op   string
				Args []string
				Want map[string]any
			}
		}
	}
	reference.Read(t, "fetch/headers.json", &file)
	ran := 0
	var joinDiffers []string
	for _, c := range file.Cases {
		if c.Profile == "browser" || c.Live || c.Guard == "immutable" {
			continue // forbidden names, live iteration and guards do not exist on a server's immutable values
		}
		if hasControl(fmt.Sprint(pairs(t, c.InitKind, c.Init), c.Steps)) {
			continue // the Standard lets pass what HTTP/2 cannot carry
		}
		bytes := func(s string) string {
			if c.Wide {
				return s
			}
			var b []byte
			for _, r := range s {
				b = append(b, byte(r))
			}
			return string(b)
		}
		h := make(map[string][]string)
		add := func(name, value string) error {
			err := header.Check(name, value)
			if err == nil {
				name = header.Canonical(name)
				h[name] = append(h[name], header.Normalize(value))
			}
			return err
		}
		failed := false
		for _, pair := range pairs(t, c.InitKind, c.Init) {
			if len(pair) != 2 {
				failed = true // the length of a pair is the constructor's business
				continue
			}
			failed = add(bytes(pair[0]), bytes(pair[1])) != nil || failed
		}
		if want := c.InitThrows != ""; failed != want {
			t.Errorf("%s: the constructor failed: %t, want %t", c.ID, failed, want)
		}
		for _, s := range c.Steps {
			var name, value string
			if len(s.Args) > 0 {
				name = bytes(s.Args[0])
			}
			if len(s.Args) > 1 {
				value = bytes(s.Args[1])
			}
			if _, throws := s.Want["throws"]; throws {
				if err := header.Check(name, value); err == nil {
					t.Errorf("%s: %s(%q, %q) passed, want an error", c.ID, s.Op, name, value)
				}
				continue
			}
			ran++
			switch s.Op {
			case "append":
				if err := add(name, value); err != nil {
					t.Errorf("%s: append: %v", c.ID, err)
				}
			case "set":
				delete(h, header.Canonical(name))
				if err := add(name, value); err != nil {
					t.Errorf("%s: set: %v", c.ID, err)
				}
			case "delete":
				delete(h, header.Canonical(name))
			case "get":
				values, found := h[header.Canonical(name)]
				want, wantFound := s.Want["v"].(string)
				if found != wantFound || strings.Join(values, ", ") != bytes(want) {
					t.Errorf("%s: get(%q) = %q, want %q", c.ID, name, values, want)
				}
				if header.Join(name, values) != bytes(want) {
					joinDiffers = append(joinDiffers, c.ID)
				}
			case "has":
				if _, found := h[header.Canonical(name)]; found != s.Want["v"].(bool) {
					t.Errorf("%s: has(%q) = %t", c.ID, name, found)
				}
			}
		}
	}
	if ran < 150 {
		t.Errorf("only %d steps ran", ran)
	}
	if diff := cmp.Diff([]string{"headers-137"}, joinDiffers); diff != "" {
		t.Errorf("vectors where Join differs from the Fetch Standard (-want +got):\n%s", diff)
	}
}

// pairs reads the init of a vector; the members of a record keep their order.
func pairs(t *testing.T, kind string, init json.RawMessage) [][]string {
	t.Helper()
	var list [][]string
	if kind != "record" {
		if err := json.Unmarshal(init, &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	d := json.NewDecoder(strings.NewReader(string(init)))
	for {
		token, err := d.Token()
		if err != nil {
			return list
		}
		if s, ok := token.(string); ok {
			if n := len(list); n > 0 && len(list[n-1]) == 1 {
				list[n-1] = append(list[n-1], s)
			} else {
				list = append(list, []string{s})
			}
		}
	}
}

// expressVector is one case of the Express vectors, as far as it concerns headers.
type expressVector struct {
	ID      string
	App     struct{ Stack []struct{ Do [][]any } }
	Request struct{ Headers [][2]string }
	Expect  struct {
		Headers map[string]string
		Body    string
	}
}

// TestExpressVectors_get runs req.get on the header that the request repeats; the alias of Referer
// and the type errors of JavaScript are left to package reqres.
func TestExpressVectors_get(t *testing.T) {
	var vectors []expressVector
	reference.Read(t, "express/req.get.json", &vectors)
	ran := 0
	for _, v := range vectors {
		var values []string
		for _, h := range v.Request.Headers {
			values = append(values, h[1])
		}
		if len(values) < 2 || strings.HasPrefix(v.Request.Headers[1][0], "Referr") {
			continue
		}
		ran++
		if got := header.Join(v.Request.Headers[0][0], values); got != v.Expect.Body {
			t.Errorf("%s: Join = %q, want %q", v.ID, got, v.Expect.Body)
		}
	}
	if ran != 4 {
		t.Errorf("%d vectors ran, want 4", ran)
	}
}

// TestExpressVectors_vary runs res.vary and compares the line that is set in the end.
func TestExpressVectors_vary(t *testing.T) {
	var vectors []expressVector
	reference.Read(t, "express/res.vary.json", &vectors)
	ran := 0
	for _, v := range vectors {
		var line []string
		for _, op := range v.App.Stack[0].Do {
			switch op[0] {
			case "res.set":
				line = []string{op[2].(string)}
			case "res.vary":
				var add []string // op[1] is a string or the empty list
				if names, ok := op[1].(string); ok {
					add = []string{names}
				}
				got, err := header.Vary(line, add...)
				if err != nil {
					t.Errorf("%s: %v", v.ID, err)
				}
				if got != "" {
					line = []string{got}
				}
				ran++
			case "res.send":
				if throws, ok := op[1].(map[string]any)["$throws"].([]any); ok && len(throws) == 2 {
					if got, err := header.Vary(line, throws[1].(string)); err == nil {
						t.Errorf("%s: Vary(%q) = %q, want an error", v.ID, throws[1], got)
					}
					ran++
				}
			}
		}
		var want []string
		if set, ok := v.Expect.Headers["vary"]; ok {
			want = []string{set}
		}
		if !slices.Equal(line, want) {
			t.Errorf("%s: Vary is %q, want %q", v.ID, line, want)
		}
	}
	if ran < 10 {
		t.Errorf("only %d calls ran", ran)
	}
}

// hasControl reports whether there are control characters other than those that the Standard
// refuses, too, and TAB.
func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\r\n\x00", r) || r == 0x7F })
}
