package main

// A server in a process of its own, as Linux shows it in /proc.

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/work"
)

type process struct {
	cmd   *exec.Cmd
	addr  string
	start time.Duration // until the first answer
}

// startServer runs a program that prints its address once it listens, and waits
// for its first answer.
func startServer(command []string) (*process, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "NODE_ENV=production")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.stop()
		return nil, fmt.Errorf("no address: %w", err)
	}
	p.addr = strings.TrimSpace(line)
	if err := p.check(0); err != nil {
		p.stop()
		return nil, err
	}
	p.start = time.Since(begin)
	return p, nil
}

func (p *process) stop() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// check asks a question once and looks at the answer.
func (p *process) check(i int) error {
	q := questions[i]
	method, body := "GET", []byte(nil)
	if q.script != "" {
		method, body = "POST", work.OrderJSON
	}
	req, err := http.NewRequest(method, "http://"+p.addr+q.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || !bytes.Contains(got, []byte(q.want))) {
		err = fmt.Errorf("%s %s: %d %q, want 200 and %q in it", method, q.path, res.StatusCode, got, q.want)
	}
	return err
}

// cpu returns the CPU time of the process so far, in steps of a hundredth of a second.
func (p *process) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// The fields behind the name in parentheses; the 14th and 15th of all are user and system time (proc(5)).
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory returns a field of /proc/…/status, in MiB.
func (p *process) memory(field string) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024
		}
	}
	return 0
}
