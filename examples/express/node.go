package main

// The Express process, which lives as long as the mux in front of it.

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// errNoNode says that there is nothing to show without Node.
var errNoNode = errors.New("there is no Node or npm, or `npm ci` has not been run in examples/express/app")

// startExpress starts the app in dir and returns its URL. The process ends when ctx does; wait for
// it with stop.
func startExpress(ctx context.Context, dir string) (url string, stop func(), err error) {
	if _, err := exec.LookPath("node"); err != nil {
		return "", nil, errNoNode
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "express")); errors.Is(err, fs.ErrNotExist) {
		return "", nil, errNoNode
	}
	ctx, cancel := context.WithCancel(ctx)
	node := exec.CommandContext(ctx, "node", "app.js")
	node.Dir, node.Stderr = dir, os.Stderr
	node.Env = append(os.Environ(), "NODE_ENV=production")
	out, err := node.StdoutPipe()
	if err == nil {
		err = node.Start()
	}
	if err != nil {
		cancel()
		return "", nil, err
	}
	stop = func() { cancel(); node.Wait() }
	line, err := bufio.NewReader(out).ReadString('\n')
	port, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		stop()
		return "", nil, fmt.Errorf("the Express app says %q and not where it listens: %w", line, err)
	}
	return "http://127.0.0.1:" + port, stop, nil
}
