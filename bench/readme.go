package main

// README.md holds what the commands have measured, each between two marks.

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/work"
)

// publish puts text, and where it comes from, between the marks of a section.
func publish(section, text string, peers []work.Peer) error {
	const file = "README.md"
	old, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("run this in the directory bench: %w", err)
	}
	begin, end := []byte("<!-- "+section+" -->\n"), []byte("<!-- /"+section+" -->")
	i, j := bytes.Index(old, begin), bytes.Index(old, end)
	if i < 0 || j < i {
		return fmt.Errorf("%s has no section between %q and %q", file, begin, end)
	}
	var b bytes.Buffer
	b.Write(old[:i+len(begin)])
	b.WriteString(provenance(peers) + "\n\n" + strings.TrimSpace(text) + "\n")
	b.Write(old[j:])
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// provenance returns the date, the machine and the versions.
func provenance(peers []work.Peer) string {
	s := fmt.Sprintf("%s, %s, %d CPUs, %s/%s, %s", time.Now().Format(time.DateOnly), cpuModel(), runtime.NumCPU(),
		runtime.GOOS, runtime.GOARCH, runtime.Version())
	if commit, err := exec.Command("git", "describe", "--always").Output(); err == nil {
		s += ", crossfade " + strings.TrimSpace(string(commit))
		if exec.Command("git", "diff", "--quiet", "HEAD", "--", ":/*.go").Run() != nil { // tables and charts do not count
			s += "-dirty"
		}
	}
	info, _ := debug.ReadBuildInfo()
	for _, p := range peers {
		for _, m := range info.Deps {
			if m.Path == p.Module {
				s += ", " + p.Name + " " + m.Version
			}
		}
	}
	return s + "."
}

func cpuModel() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}
