package conformance

// Express itself, asked the same. README.md says how to run it.

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// onPurpose are the differences that are kept, by the ids of their questions; DEVIATIONS.md and the
// documentation of adapt and reqres have the reasons. Those that a runner can tell (verdict.like)
// need no row.
var onPurpose = []struct {
	what string
	ids  *regexp.Regexp
}{
	{"the words of a JSON error", regexp.MustCompile(`^question/(json(-any)?/|err\.message/parse$)`)},
	{"a cookie that browsers ignore", regexp.MustCompile(`^question/cookie-opt-throws/\{"sameSite": "none"\}$`)},
	{"a path with dot segments or a raw #", regexp.MustCompile(`^question/(404(-mw)?|path)/.*(\.\.|#)`)},
	{"an escaped letter is that letter in a path", regexp.MustCompile(`^question/params(-head)?//lit/li%74$`)},
	{"a suffix longer than the representation", regexp.MustCompile(`'bytes=-100'`)},
	{"If-Range with another date", regexp.MustCompile(`^question/file-cond/.*'If-Range', 'Wed`)},
	{"a path that is not of a regular file is not found", regexp.MustCompile(`^question/file-path/ (ignore|deny|allow)$`)},
	{"a forwarded scheme ignores case, and is http or https", regexp.MustCompile(`^question/proto/.*('ftp'|HTTPS)`)},
	{"a forwarded address is told without its port or brackets", regexp.MustCompile(`^question/ip/.* (1\.1\.1\.1:80|\[::1\])$`)},
	{"no links, no Link", regexp.MustCompile(`^question/links/\{\}$`)},
}

// The result is kept in differential.md with -update.
func TestDifferential(t *testing.T) {
	install := os.Getenv("CONFORMANCE_EXPRESS")
	if install == "" {
		t.Skip("CONFORMANCE_EXPRESS is not set: see README.md")
	}
	if install == "install" {
		install = t.TempDir()
		npm := exec.Command("npm", "install", "--no-audit", "--no-fund", "express@5.3.0", "cookie-parser")
		npm.Dir = install
		if out, err := npm.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	dir := fixtures(t)
	all := differentialCases(t)
	real := startExpress(t, all, dir, install)
	b := newBook(&references[0])
	var differences []string
	kept := map[string]int{}
	same, skipped := 0, 0
	for _, c := range all {
		t.Run(c.ID, func(t *testing.T) {
			port := real.Ports[c.ID]
			if port == 0 || b.deviations[c.ID] != nil || c.Expect.Timeout {
				skipped++
				return
			}
			p := &program{dir: dir, c: c}
			want, ok := ask(t, port, p.request())
			if !ok {
				t.Fatal("Express did not answer")
			}
			c.expect(want)
			switch v := c.judge(t, dir); {
			case v.out != "":
				skipped++
			case v.diff != "" && v.like != "":
				kept[v.like]++
			case v.diff != "" && purposeOf(c.ID) != "":
				kept[purposeOf(c.ID)]++
			case v.diff != "":
				differences = append(differences, "`"+c.ID+"`")
				t.Errorf("%s\n%s", c.raw, v.diff)
			default:
				same++
			}
		})
	}
	for _, p := range onPurpose {
		if kept[p.what] == 0 {
			t.Errorf("nothing differs any more by %q: take it off the list", p.what)
		}
	}
	var purposes []string
	for _, what := range slices.Sorted(maps.Keys(kept)) {
		purposes = append(purposes, fmt.Sprintf("%d: %s", kept[what], what))
	}
	report := fmt.Sprintf(`# Express itself, asked the same

Written by %s (see README.md), %s.

| | |
|---|---|
| Express | %s |
| Node | %s |
| requests that both servers answered alike | %d |
| differences on purpose | %s |
| other differences | %d %s |
| not compared: out of scope, or a known deviation | %d |
`, "`TestDifferential -update`", time.Now().Format(time.DateOnly), real.Express, real.Node, same,
		strings.Join(purposes, "<br>"), len(differences), strings.Join(differences, ", "), skipped)
	t.Log(report)
	if *update {
		if err := os.WriteFile("differential.md", []byte(report), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// purposeOf is why the answers to a question differ on purpose, "" where they should not.
func purposeOf(id string) string {
	for _, p := range onPurpose {
		if p.ids.MatchString(id) {
			return p.what
		}
	}
	return ""
}

// differentialCases are the cases of Express, and those of which only the question is written down,
// in testdata/differential.
func differentialCases(t *testing.T) (all []*expressCase) {
	files, _ := filepath.Glob(filepath.Join(*cases, "express", "*.json"))
	more, _ := filepath.Glob(filepath.Join("testdata", "differential", "*.json"))
	for _, file := range append(files, more...) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var raws []json.RawMessage
		if err := json.Unmarshal(content, &raws); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, raw := range raws {
			c, err := readCase(raw)
			if err != nil {
				t.Fatalf("%v in %s", err, raw)
			}
			all = append(all, c)
		}
	}
	return all
}

// realExpress is what server.js says of itself.
type realExpress struct {
	Express, Node string
	Ports         map[string]int
}

func startExpress(t *testing.T, all []*expressCase, dir, install string) (real realExpress) {
	var raws []json.RawMessage
	for _, c := range all {
		raws = append(raws, c.raw)
	}
	b, err := json.Marshal(raws)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cases.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	node := exec.Command("node", "testdata/differential/server.js", file, dir, install)
	node.Stderr = os.Stderr
	stdin, err := node.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := node.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); node.Wait() })
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, &real); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return real
}

// ask sends a raw request to a port.
func ask(t *testing.T, port int, raw []byte) (answer, bool) {
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := conn.Write(raw); err != nil {
		t.Fatal(err)
	}
	b, _ := io.ReadAll(conn)
	if len(b) == 0 {
		return answer{}, false
	}
	a, err := readAnswer(b, strings.HasPrefix(string(raw), "HEAD "))
	if err != nil {
		t.Fatalf("%v in %q", err, b)
	}
	return a, true
}

// expect makes an answer what the case expects.
func (c *expressCase) expect(a answer) {
	c.Expect.SetupError, c.Expect.Timeout, c.Expect.BodyHex = nil, false, nil
	c.Expect.Status, c.Expect.Framing, c.Expect.Body = a.Status, a.Framing, a.Body
	c.Expect.Headers = map[string]json.RawMessage{}
	for _, name := range notCompared {
		delete(a.Headers, name)
	}
	for name, values := range a.Headers {
		for i, v := range values {
			if m := expires.FindStringSubmatch(v); name == "set-cookie" && m != nil {
				values[i] = strings.Replace(v, m[2], "{NOW+MAXAGE}", 1)
			}
		}
		c.Expect.Headers[name], _ = json.Marshal(values)
	}
}
