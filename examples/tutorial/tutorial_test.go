// The tutorial of package adapt quotes these programs, and they do what it says.
package tutorial

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/freeport"
)

// Every line of code in the tutorial is in the program of its step.
func TestTutorialQuotesItsPrograms(t *testing.T) {
	doc, err := os.ReadFile("../../adapt/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	tutorial, _, ok := strings.Cut(string(doc), "// # One table\n")
	if !ok {
		t.Fatal("the tutorial has no end")
	}
	blocks := 0
	for _, step := range steps {
		_, text, ok := strings.Cut(tutorial, "// # "+step.number+". ")
		if !ok {
			t.Fatalf("the tutorial has no step %s", step.number)
		}
		text, _, _ = strings.Cut(text, "// # ")
		program, err := os.ReadFile(filepath.Join(step.number, "main.go"))
		if err != nil {
			t.Fatal(err)
		}
		shown := make(map[string]bool) // commands and answers, which are not code
		for _, q := range step.ask {
			if command, answer := q.curl(); strings.Contains(text, "//\t"+command+"\n") {
				shown[command], shown[answer] = true, true
				if answer != "" && !strings.Contains(text, "//\t"+command+"\n//\t"+answer+"\n") {
					t.Errorf("step %s: below %s there is not its answer, %s", step.number, command, answer)
				}
			}
		}
		if len(shown) == 0 {
			t.Errorf("step %s has no command that asks its program", step.number)
		}
		for block := range strings.SplitSeq(text, "//\n// ") {
			for line := range strings.Lines(block) {
				line, isCode := strings.CutPrefix(line, "//\t")
				if !isCode || strings.HasPrefix(line, "WARN ") || shown[strings.TrimSpace(line)] {
					continue
				}
				blocks++
				if !contains(string(program), strings.TrimSpace(line)) {
					t.Errorf("step %s: its program does not have the line\n%s", step.number, line)
				}
			}
		}
	}
	if blocks < 50 {
		t.Errorf("%d lines of code were found in the tutorial", blocks)
	}
}

func contains(program, line string) bool {
	for l := range strings.Lines(program) {
		if strings.TrimSpace(l) == line {
			return true
		}
	}
	return line == ""
}

// question is one request and what comes of it.
type question struct{ method, path, session, body, want string }

// curl is the question as a command, and the body of its answer.
func (q question) curl() (command, answer string) {
	command = "$ curl"
	if q.method != "GET" && q.body == "" {
		command += " -X " + q.method
	}
	if q.session != "" {
		command += " -b session=" + q.session
	}
	if q.body != "" {
		command += " --json '" + q.body + "'"
	}
	_, answer, _ = strings.Cut(q.want, " ")
	return command + " localhost:8080" + q.path, strings.TrimSpace(answer)
}

// steps are asked in their order; log is what the program says meanwhile.
var steps = []struct {
	number string
	ask    []question
	log    string
}{
	{"1", []question{
		{"GET", "/notes/1", "", "", `200 {"id":"1","text":"buy milk"}`},
		{"GET", "/notes/7", "", "", `404 {"error":"no such note"}`},
	}, ""},
	{"2", []question{
		{"GET", "/notes/1", "", "", `200 {"id":"1","text":"buy milk"}`},
		{"POST", "/notes/check", "", `{"id":"2","text":"sleep"}`, `200 {"id":"2","text":"sleep"}`},
		{"POST", "/notes/check", "", `{"id":"2"}`, `422 {"error":"a note needs a text"}`},
	}, ""},
	{"3", []question{
		{"GET", "/notes/1", "", "", `401 {"error":"log in first"}`},
		{"GET", "/me", "", "", `401 {"error":"log in first"}`},
		{"GET", "/notes/1", "ada", "", `200 {"id":"1","text":"buy milk"}`},
		{"GET", "/me", "ada", "", `200 ada`},
	}, ""},
	{"4", []question{
		{"GET", "/notes/1", "", "", `200 {"id":"1","text":"buy milk"}`},
		{"GET", "/notes/7", "", "", `404 {"error":"no such note"}`},
	}, `WARN migration mismatch pair="GET /notes/:id" plan=shadow count=1 shadow=new differences="[status status 404→410]"`},
	{"5", []question{
		{"GET", "/admin/state", "", "", "200 old\n"},
		{"POST", "/admin/canary", "", "", "204 "},
		{"GET", "/admin/state", "", "", "200 canary 50 %\n"},
		{"GET", "/notes/1", "ada", "", `200 {"id":"1","text":"buy milk"}`},
		{"POST", "/admin/kill", "", "", "204 "},
		{"GET", "/admin/state", "", "", "200 old\n"},
	}, ""},
	{"6", []question{
		{"GET", "/notes/1", "", "", `200 {"id":"1","text":"buy milk"}`},
	}, "fetch"},
}

func TestTutorialRuns(t *testing.T) {
	dir := t.TempDir()
	for _, step := range steps {
		t.Run(step.number, func(t *testing.T) {
			service := start(t, dir, step.number)
			for _, q := range step.ask {
				if diff := cmp.Diff(q.want, service.ask(t, q)); diff != "" {
					t.Errorf("%s %s (-want +got):\n%s", q.method, q.path, diff)
				}
			}
			// A busy machine sheds shadows (ShadowConfig.MaxSchedLatency), so the last question is asked again.
			for end := time.Now().Add(time.Minute); !strings.Contains(service.log.String(), step.log); time.Sleep(50 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatalf("the log lacks %q:\n%s", step.log, service.log.String())
				}
				service.ask(t, step.ask[len(step.ask)-1])
			}
		})
	}
}

type service struct {
	address string
	log     *log
}

// start builds the program as it stands, but for its address, and waits until it listens.
func start(t *testing.T, dir, number string) service {
	t.Helper()
	const told = "localhost:8080"
	program, err := os.ReadFile(filepath.Join(number, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	s := service{"localhost:" + freeport.Get(t), new(log)}
	if bytes.Count(program, []byte(told)) != 1 {
		t.Fatalf("the program does not listen on %s", told)
	}
	original, err := filepath.Abs(filepath.Join(number, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	file, overlay, binary := filepath.Join(dir, number+".go"), filepath.Join(dir, number+".json"), filepath.Join(dir, number+".exe")
	write(t, file, strings.Replace(string(program), told, s.address, 1))
	write(t, overlay, `{"Replace":{"`+filepath.ToSlash(original)+`":"`+filepath.ToSlash(file)+`"}}`)
	if out, err := exec.Command("go", "build", "-overlay", overlay, "-o", binary, "./"+number).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Wait() }) // which the end of t.Context ends
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		conn, err := net.Dial("tcp", s.address)
		if err == nil {
			conn.Close()
			return s
		}
		if time.Now().After(end) {
			t.Fatalf("the program does not listen: %v\n%s", err, s.log)
		}
	}
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s service) ask(t *testing.T, q question) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), q.method, "http://"+s.address+q.path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	if q.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if q.session != "" {
		r.AddCookie(&http.Cookie{Name: "session", Value: q.session})
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	status, _, _ := strings.Cut(res.Status, " ")
	return status + " " + body.String()
}

// log is what a program writes, which may be read meanwhile.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
