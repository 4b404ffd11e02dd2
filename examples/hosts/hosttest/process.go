package hosttest

// A host that is a process of its own.

import (
	"bytes"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// Process is a program that runs, and what it has printed.
type Process struct {
	Cmd *exec.Cmd

	mu  sync.Mutex
	log bytes.Buffer
}

// Start starts a program, which is killed at the end of the test if it still runs.
func Start(t *testing.T, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{Cmd: cmd}
	cmd.Stdout, cmd.Stderr = p, p
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return p
}

// Write takes what the program prints.
func (p *Process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

// Log is what the program has printed.
func (p *Process) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Await waits until the program has printed text, and returns the rest of that line.
func (p *Process) Await(t *testing.T, text string) string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, rest, found := strings.Cut(p.Log(), text); found && strings.Contains(rest, "\n") {
			line, _, _ := strings.Cut(rest, "\n")
			return line
		}
		if time.Now().After(deadline) {
			t.Fatalf("the program does not print %q, but\n%s", text, p.Log())
		}
	}
}
