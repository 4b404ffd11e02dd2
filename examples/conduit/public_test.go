package main

// The public collections of RealWorld, on demand. Their files are not ours, and so not here: what
// CONDUIT_COLLECTIONS names is a directory of Hurl's files (specs/api/hurl of realworld-apps/realworld)
// or a collection of Postman's (api of gothinkster/realworld), which newman runs:
//
//	CONDUIT_COLLECTIONS=hurl:Conduit.postman_collection.json go test -C examples/conduit -v -run TestPublicCollections .

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What the public collections assert holds at each step and stage, with no shadow that differs.
func TestPublicCollections(t *testing.T) {
	paths := filepath.SplitList(os.Getenv("CONDUIT_COLLECTIONS"))
	if len(paths) == 0 {
		t.Skip("set CONDUIT_COLLECTIONS to the public collections; for Postman's, npm install -g newman")
	}
	for _, path := range paths {
		for _, s := range append([]stage{{step: "port"}}, stages...) {
			t.Run(filepath.Base(path)+"/"+s.String(), func(t *testing.T) {
				asserted := 0
				serve(t, s, func(server *httptest.Server) {
					if filepath.Ext(path) == ".json" {
						asserted = newman(t, path, server.URL)
						return
					}
					c := &collection{t: t, url: server.URL, client: server.Client()}
					names, err := filepath.Glob(filepath.Join(path, "*.hurl"))
					if err != nil || len(names) == 0 {
						t.Fatalf("no Hurl files in %s: %v", path, err)
					}
					for _, name := range names {
						text, err := os.ReadFile(name)
						if err != nil {
							t.Fatal(err)
						}
						c.file(filepath.Base(name), hurl(string(text)), map[string]string{"uid": "1"})
					}
					asserted = c.asserted
				})
				t.Logf("%d assertions", asserted)
			})
		}
	}
}

// newman runs a collection of Postman's and returns how much it asserts; what does not hold is an
// error.
func newman(t *testing.T, path, url string) int {
	file := filepath.Join(t.TempDir(), "report.json")
	out, ran := exec.Command("newman", "run", path, "--reporters", "json", "--reporter-json-export", file,
		"--global-var", "APIURL="+url+"/api", "--global-var", "USERNAME=ada",
		"--global-var", "EMAIL=ada@example.com", "--global-var", "PASSWORD=lovelace").CombinedOutput()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("newman: %v: %s", ran, out)
	}
	var report struct {
		Run struct {
			Stats    struct{ Assertions struct{ Total int } }
			Failures []struct {
				Error  struct{ Test, Message string }
				Source struct{ Name string }
			}
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Run.Failures {
		t.Errorf("%s: %s: %s", f.Source.Name, f.Error.Test, f.Error.Message)
	}
	return report.Run.Stats.Assertions.Total
}

var (
	hurlAsks    = regexp.MustCompile(`^([A-Z]+) \{\{host\}\}(/\S*)$`)
	hurlCapture = regexp.MustCompile(`^(\w+): jsonpath "\$\.([^"]*)"$`)
	hurlAssert  = regexp.MustCompile(`^jsonpath "\$\.([^"]*)" (==|!=|>=|contains|matches|count ==|count >=|is\w+|not exists|not isEmpty) ?(.*)$`)

	hurlWords = map[string]string{
		"==": "= ", "!=": "!= ", ">=": ">= ", "contains": "has ", "matches": "like ", "count ==": "counts ", "count >=": "counts>= ",
		"isString": "is string", "isList": "is list", "isInteger": "is int", "isBoolean": "is bool", "not exists": "is absent", "not isEmpty": "is full",
	}
)

// hurl translates what RealWorld's files say of Hurl's language.
func hurl(text string) string {
	var out strings.Builder
	what, body := "", ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		place := func(path string) string { return strings.NewReplacer("[", ".", "]", "").Replace(path) }
		if m := hurlAsks.FindStringSubmatch(line); m != nil {
			out.WriteString("\n# " + what + "\n" + m[1] + " " + m[2])
		} else if m := hurlCapture.FindStringSubmatch(line); m != nil {
			out.WriteString(place(m[2]) + " -> " + m[1])
		} else if m := hurlAssert.FindStringSubmatch(line); m != nil {
			out.WriteString(place(m[1]) + " " + hurlWords[m[2]] + m[3])
		} else if status, ok := strings.CutPrefix(line, "HTTP "); ok {
			if body != "" {
				out.WriteString(body + "\n")
			}
			out.WriteString("=> " + status)
			body = ""
		} else if comment, ok := strings.CutPrefix(line, "# "); ok {
			what = comment
			continue
		} else if line == "" || line == "[Asserts]" || line == "[Captures]" {
			continue
		} else if says.MatchString(line) {
			out.WriteString(line)
		} else {
			body += line
			continue
		}
		out.WriteString("\n")
	}
	return out.String()
}
