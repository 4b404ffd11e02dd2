package migrations_test

// What ends the process although only a candidate did it, and what does not: each in a process of
// its own. The list of what one process cannot isolate, in the documentation of package migrate, is
// this table.

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/promises/served"
)

// fatalCandidate names, in the environment of the process that it starts, what its candidate does.
const fatalCandidate = "CROSSFADE_FATAL_CANDIDATE"

const survived = "the process has survived its candidate"

// fatal are the candidates, with what the process says at its end, or survived.
var fatal = []struct {
	name string // also in the documentation, unless the process survives it
	do   func()
	code int    // 0: any but success
	says string // on standard error
}{
	{"a panic", func() { panic("candidate") }, 0, survived},
	{"runtime.Goexit", runtime.Goexit, 0, survived},
	{"a runtime error", func() { _ = make([]byte, negative()) }, 0, survived},
	{"deep recursion", func() { recursion(1e5, bigStack{}) }, 0, survived},
	{"os.Exit", func() { os.Exit(7) }, 7, ""},
	{"stack overflow", func() {
		debug.SetMaxStack(64 << 20) // by default it is 1 GB, and the machine may have less
		recursion(math.MaxInt, bigStack{})
	}, 2, "stack overflow"},
	{"out of memory", func() {
		for all := [][]byte{}; len(all) < 1000; {
			b := make([]byte, 64<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			all = append(all, b)
		}
	}, 2, "out of memory"},
	{"concurrent map writes", func() {
		m := map[int]int{}
		for range 8 {
			go func() {
				for i := 0; ; i++ {
					m[i%8]++
				}
			}()
		}
		select {}
	}, 2, "fatal error: concurrent map"},
	{"unlock of an unlocked mutex", unlock, 2, "fatal error: sync: unlock of unlocked mutex"},
	{"a panic in a goroutine of its own", func() {
		go panic("in a goroutine")
		select {}
	}, 2, "panic: in a goroutine"},
}

func negative() int { return -1 }

func unlock() { new(sync.Mutex).Unlock() }

func TestWhatOneProcessCannotIsolate(t *testing.T) {
	if served.RaceEnabled {
		t.Skip("the race detector ends the process for reasons of its own")
	}
	self, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	documentation, err := os.ReadFile("../../../adapt/migrate/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(strings.ReplaceAll(string(documentation), "//", " ")), " ")
	for _, c := range fatal {
		t.Run(c.name, func(t *testing.T) {
			arguments := []string{self, "-test.run=^TestProcessOfAFatalCandidate$"}
			if c.name == "out of memory" {
				if runtime.GOOS != "linux" {
					t.Skip("memory is bounded by a shell of Linux")
				}
				arguments = append([]string{"sh", "-c", `ulimit -v 2000000 && exec "$0" "$@"`}, arguments...)
			}
			process := exec.CommandContext(t.Context(), arguments[0], arguments[1:]...)
			process.Env = append(os.Environ(), fatalCandidate+"="+c.name)
			out, err := process.CombinedOutput()
			lived := strings.Contains(string(out), survived)
			if c.says == survived {
				if err != nil || !lived {
					t.Errorf("the process ended: %v\n%.2000s", err, out)
				}
				return
			}
			if code := process.ProcessState.ExitCode(); err == nil || lived || c.code != 0 && code != c.code || !strings.Contains(string(out), c.says) {
				t.Errorf("the process ended with %d, want %d and %q\n%.2000s", code, c.code, c.says, out)
			}
			if !strings.Contains(text, c.name) {
				t.Errorf("a candidate can end the process by %s, and the documentation of package migrate does not say so", c.name)
			}
		})
	}
}

// TestProcessOfAFatalCandidate is the process: a service whose candidate does its worst, after an
// answer that is right.
func TestProcessOfAFatalCandidate(t *testing.T) {
	name := os.Getenv(fatalCandidate)
	if name == "" {
		t.Skip("is run by TestWhatOneProcessCannotIsolate")
	}
	for _, c := range fatal {
		if c.name != name {
			continue
		}
		mux, pair := migration(t, served.Patient(migrate.Shadow), "GET", func(*adapt.Routes) {}, served.OldSays("old"), func(*fetch.Request) (*fetch.Response, error) {
			c.do()
			return fetch.HTML("old")
		})
		s := served.Serve(t, mux, false)
		for range 2 {
			req, err := http.NewRequest("GET", s.URL+"/p/1", nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := s.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			await(t, pair, func(s migrate.Snapshot) bool { return s.Shadows.Running == 0 })
		}
		if err := pair.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		fmt.Println(survived)
		return
	}
	t.Fatalf("there is no candidate %q", name)
}
