package main

// The service's log while the story is told: lines without their times, so that
// two tellings read alike, and without the requests that went well.

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// chronicle keeps the lines of a log. It is safe for several goroutines.
type chronicle struct {
	mu    sync.Mutex
	lines []string
}

func (c *chronicle) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(c, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// Write takes one line, as slog's handlers write them.
func (c *chronicle) Write(line []byte) (int, error) {
	if bytes.HasPrefix(line, []byte("level=INFO msg=request ")) {
		return len(line), nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, strings.TrimSpace(string(line)))
	return len(line), nil
}

// with returns the lines from one on that hold the text.
func (c *chronicle) with(text string, from int) (found []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, line := range c.lines[from:] {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

func (c *chronicle) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.lines)
}

// await returns the first such line, or "". Events of a migration are written by
// a goroutine of their own, so that no request waits for the log.
func (c *chronicle) await(ctx context.Context, text string, from int) string {
	for end := time.Now().Add(patience); ctx.Err() == nil && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if found := c.with(text, from); len(found) > 0 {
			return found[0]
		}
	}
	return ""
}
