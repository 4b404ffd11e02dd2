package leak

import (
	"strings"
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	release := make(chan struct{})
	go waiter(release)
	if left := Wait(50 * time.Millisecond); !strings.Contains(left, "leak.waiter") {
		t.Errorf("a goroutine that waits is not seen; left: %q", left)
	}
	time.AfterFunc(20*time.Millisecond, func() { close(release) })
	if left := Wait(30 * time.Second); left != "" {
		t.Errorf("a goroutine that ends while Wait waits counts as left behind:\n%s", left)
	}
}

func waiter(release chan struct{}) { <-release }
