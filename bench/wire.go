package main

// wire: servers of their own, each in its process with one CPU to use, asked by
// wrk over loopback with 64 connections. What is compared is the CPU time that
// the server spends on a request; requests a second depend on what else the
// machine does, and are not shown.

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"time"

	"github.com/crossfade-go/crossfade/bench/work"
)

// wireServer is a program that serves the workloads' paths.
type wireServer struct {
	name    string
	command []string

	cpu, p99   [3][]float64 // by question, one a round
	idle, peak []float64    // MiB
	start      []float64    // ms
}

// wirePeer is the package and the variable of a peer that is a net/http server.
type wirePeer struct{ pkg, expr, name string }

var wirePeers = []wirePeer{
	{"httprouter", "peer.Peer", "httprouter"},
	{"servemux", "peer.Peer", "ServeMux"},
	{"chi", "peer.Peer", "chi"},
	{"gin", "peer.Peer", "gin"},
	{"echo", "peer.Peer", "echo"},
	{"ours", "peer.ReqRes", "reqres"},
	{"ours", "peer.Fetch", "fetch"},
}

// wireMain is a program that links one peer only, so that its memory and its
// start are its own.
var wireMain = template.Must(template.New("").Parse(`package main

import (
	"fmt"
	"log"
	"net"
	"net/http"

	peer "github.com/crossfade-go/crossfade/bench/peer/{{.Pkg}}"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Addr())
	log.Fatal(http.Serve(l, {{.Expr}}.App()))
}
`))

// The questions, as scripts for wrk, and what a right answer holds.
var questions = [3]struct{ name, path, script, want string }{
	{"text", "/text", "", work.Greeting},
	{"JSON", "/json", "", `"Ada Lovelace"`},
	{"POST", "/json", `wrk.method = "POST"; wrk.headers["Content-Type"] = "application/json"; wrk.body = [[` + string(work.OrderJSON) + `]]`, `"cents":4498`},
}

func runWire(o options) (string, error) {
	var more []*wireServer
	if s, err := expressServer(); err != nil {
		fmt.Fprintln(os.Stderr, "without Express:", err)
	} else {
		more = append(more, s)
	}
	servers, err := askServers(o, wirePeers, more...)
	if err != nil {
		return "", err
	}
	return wireTable(servers), nil
}

// askServers builds a server of each peer, and asks these and more in turn.
func askServers(o options, peers []wirePeer, more ...*wireServer) ([]*wireServer, error) {
	if _, err := exec.LookPath("wrk"); err != nil {
		return nil, fmt.Errorf("%w: apt-get install wrk", err)
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	servers, err := buildServers(dir, peers)
	if err != nil {
		return nil, err
	}
	servers = append(servers, more...)
	if err := writeScripts(dir); err != nil {
		return nil, err
	}
	for round := range o.rounds {
		for i := range servers {
			s := servers[i]
			if round%2 == 1 {
				s = servers[len(servers)-1-i]
			}
			fmt.Fprintf(os.Stderr, "round %d of %d: %s\n", round+1, o.rounds, s.name)
			if err := s.measure(dir, o.time); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	return servers, nil
}

// writeScripts writes the questions for wrk.
func writeScripts(dir string) error {
	for _, q := range questions {
		if err := os.WriteFile(filepath.Join(dir, q.name+".lua"), []byte(q.script), 0o644); err != nil {
			return err
		}
	}
	return nil
}

func buildServers(dir string, peers []wirePeer) (servers []*wireServer, err error) {
	for _, p := range peers {
		var source strings.Builder
		if err := wireMain.Execute(&source, map[string]string{"Pkg": p.pkg, "Expr": p.expr}); err != nil {
			return nil, err
		}
		bin := filepath.Join(dir, p.name)
		if err := buildServer(bin, source.String()); err != nil {
			return nil, err
		}
		servers = append(servers, &wireServer{name: p.name, command: []string{bin}})
	}
	return servers, nil
}

// buildServer makes the program bin of its source.
func buildServer(bin, source string) error {
	src := filepath.Join(filepath.Dir(bin), "main.go")
	if err := os.WriteFile(src, []byte(source), 0o644); err != nil {
		return err
	}
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", bin, src).CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// expressServer needs node and npm; Express is installed beside its package.json.
func expressServer() (*wireServer, error) {
	install := exec.Command("npm", "ci", "--silent")
	install.Dir = "peer/express"
	if out, err := install.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("npm ci: %w\n%s", err, out)
	}
	return &wireServer{name: "Express", command: []string{"node", "peer/express/server.js"}}, nil
}

// measure starts the server, asks all questions and stops it.
func (s *wireServer) measure(dir string, d time.Duration) error {
	p, err := startServer(s.command)
	if err != nil {
		return err
	}
	defer p.stop()
	s.start = append(s.start, p.start.Seconds()*1e3)
	s.idle = append(s.idle, p.memory("VmRSS"))
	for i, q := range questions {
		if err := p.check(i); err != nil {
			return err
		}
		lua := filepath.Join(dir, q.name+".lua")
		if err := p.wrk(q.path, lua, d/4, nil, nil); err != nil { // warm up
			return err
		}
		var cpu, p99 float64
		if err := p.wrk(q.path, lua, d, &cpu, &p99); err != nil {
			return err
		}
		s.cpu[i], s.p99[i] = append(s.cpu[i], cpu), append(s.p99[i], p99)
	}
	s.peak = append(s.peak, p.memory("VmHWM"))
	return nil
}

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in`)
	wrkP99      = regexp.MustCompile(`99%\s+([\d.]+)(us|ms|s)`)
	wrkFailures = regexp.MustCompile(`Non-2xx.*|Socket errors.*`)
)

// wrk asks for d and reports the microseconds of CPU of each request and the
// 99th percentile of the latency in milliseconds.
func (p *process) wrk(path, script string, d time.Duration, cpu, p99 *float64) error {
	before := p.cpu()
	out, err := exec.Command("wrk", "-t1", "-c64", "--latency", "-d", fmt.Sprintf("%.0fs", max(1, d.Seconds())),
		"-s", script, "-H", work.Tenant+": acme", "http://"+p.addr+path).CombinedOutput()
	spent := p.cpu() - before
	if err != nil {
		return fmt.Errorf("wrk: %w\n%s", err, out)
	}
	if failures := wrkFailures.Find(out); failures != nil {
		return fmt.Errorf("wrk: %s", failures)
	}
	requests, latency := wrkRequests.FindSubmatch(out), wrkP99.FindSubmatch(out)
	if requests == nil || latency == nil {
		return fmt.Errorf("wrk said\n%s", out)
	}
	if cpu != nil {
		n, _ := strconv.ParseFloat(string(requests[1]), 64)
		*cpu = spent.Seconds() * 1e6 / n
		*p99, _ = strconv.ParseFloat(string(latency[1]), 64)
		*p99 *= map[string]float64{"us": 1e-3, "ms": 1, "s": 1e3}[string(latency[2])]
	}
	return nil
}

func wireTable(servers []*wireServer) string {
	var b strings.Builder
	b.WriteString("| server |")
	for _, q := range questions {
		fmt.Fprintf(&b, " %s, CPU µs | p99 ms |", q.name)
	}
	b.WriteString(" idle MiB | peak MiB | start ms |\n|---|" + strings.Repeat("--:|", 2*len(questions)+3) + "\n")
	for _, s := range servers {
		fmt.Fprintf(&b, "| %s |", s.name)
		for i := range questions {
			cpu, spread := median(s.cpu[i])
			p99, _ := median(s.p99[i])
			fmt.Fprintf(&b, " %.1f ± %.1f | %.1f |", cpu, cpu*spread, p99)
		}
		idle, _ := median(s.idle)
		peak, _ := median(s.peak)
		start, _ := median(s.start)
		fmt.Fprintf(&b, " %.1f | %.1f | %.0f |\n", idle, peak, start)
	}
	return b.String()
}
