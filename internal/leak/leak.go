// Package leak fails a test binary that leaves goroutines behind: a producer that was never told to
// stop, a handler that waits for a client that is gone.
package leak

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"testing"
	"time"
)

// Main runs the tests of a package and fails if one of them has left a goroutine behind.
//
//	func TestMain(m *testing.M) { leak.Main(m) }
func Main(m *testing.M) {
	code := m.Run()
	if code == 0 {
		if left := Wait(30 * time.Second); left != "" {
			fmt.Fprintf(os.Stderr, "goroutines left behind by the tests:\n\n%s\n", left)
			code = 1
		}
	}
	os.Exit(code)
}

// Check fails t if the goroutines of the test have not ended within thirty seconds of its end. It
// cannot be used in parallel tests.
func Check(t testing.TB) {
	t.Helper()
	t.Cleanup(func() {
		if left := Wait(30 * time.Second); left != "" {
			t.Errorf("goroutines left behind:\n\n%s", left)
		}
	})
}

// Wait waits until only the goroutines of the runtime and of the testing package are left, and
// returns the stacks of the others after the timeout.
func Wait(timeout time.Duration) string {
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	deadline := time.Now().Add(timeout)
	for pause := time.Millisecond / 4; ; pause = min(2*pause, 10*time.Millisecond) {
		left := others()
		if left == "" || time.Now().After(deadline) {
			return left
		}
		if pause > time.Millisecond {
			runtime.GC() // abandoned streams end their producers by a clean-up
		}
		time.Sleep(pause)
	}
}

// ours are goroutines that belong to every test binary.
var ours = [][]byte{
	[]byte("testing.(*T).Run"), []byte("testing.(*M)."), []byte("testing.runTests"), []byte("testing.Main("),
	[]byte("testing.runFuzzing"), []byte("testing.tRunner.func"), []byte("testing.(*F)."), []byte("internal/fuzz."),
	// net/http keeps a connection for half a second that it has closed beside an unread body.
	[]byte("net/http.(*conn).closeWriteAndWait"), []byte("httptest.(*Server).Close("),
	[]byte("leak.Wait"), []byte("os/signal.signal_recv"), []byte("runtime/pprof."), []byte("runtime.ensureSigM"),
}

// waiting is what a worker of the engine is in that has no handler to run: it stays a while for the
// next.
var waiting = []byte("github.com/crossfade-go/crossfade/internal/engine.(*worker).loop(")

func others() string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	var left []byte
	for stack := range bytes.SplitSeq(buf, []byte("\n\n")) {
		_, top, _ := bytes.Cut(stack, []byte("\n"))
		known := bytes.HasPrefix(top, waiting)
		for _, f := range ours {
			known = known || bytes.Contains(stack, f)
		}
		if !known && len(stack) > 0 {
			left = append(append(left, stack...), "\n\n"...)
		}
	}
	return string(left)
}
