package main

// How far it is: a line that is drawn anew on a terminal, and elsewhere a line every ten seconds.

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

type bar struct {
	out      io.Writer
	report   *report
	total    int // -1: not known
	terminal bool
	stop     chan struct{}
	done     sync.WaitGroup
}

func newBar(out io.Writer, r *report, total int) *bar {
	b := &bar{out: out, report: r, total: total, stop: make(chan struct{})}
	every := 10 * time.Second
	if f, ok := out.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			b.terminal, every = true, 100*time.Millisecond
		}
	}
	b.done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-b.stop:
				return
			case <-tick.C:
				b.draw()
			}
		}
	})
	return b
}

// end draws it the last time.
func (b *bar) end() {
	close(b.stop)
	b.done.Wait()
	b.draw()
	if b.terminal {
		fmt.Fprintln(b.out)
	}
}

func (b *bar) draw() {
	b.report.mu.Lock()
	line := b.report.progress(b.total, time.Since(b.report.began))
	b.report.mu.Unlock()
	if b.terminal {
		fmt.Fprintf(b.out, "\r%s\x1b[K", line)
		return
	}
	fmt.Fprintln(b.out, line)
}

// progress returns the line of the progress bar.
func (r *report) progress(total int, passed time.Duration) string {
	const width = 30
	rate := float64(r.Asked) / max(passed.Seconds(), 0.001)
	line := fmt.Sprintf("%d asked", r.Asked)
	if total >= 0 {
		full := width
		if total > 0 {
			full = min(width, r.Asked*width/total)
		}
		line = fmt.Sprintf("[%s%s] %d of %d", strings.Repeat("=", full), strings.Repeat(" ", width-full), r.Asked, total)
	}
	line += fmt.Sprintf(", %d different, %d unstable, %d failed, %.0f/s", r.Different, r.Unstable, r.Failed, rate)
	if left := total - r.Asked; left > 0 && rate > 0 {
		line += ", " + time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second).String() + " left"
	}
	return line
}
