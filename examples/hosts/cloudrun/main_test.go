//go:build unix

package main

import (
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/crossfade-go/crossfade/examples/hosts/hosttest"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// start starts the program as the platform does, and returns its URL.
func start(t *testing.T, program string) (*hosttest.Process, string) {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = append(cmd.Environ(), "PORT=0") // a free one
	p := hosttest.Start(t, cmd)
	address := p.Await(t, "listening on ")
	return p, "http://127.0.0.1" + address[strings.LastIndexByte(address, ':'):]
}

// end sends SIGTERM.
func end(t *testing.T, p *hosttest.Process) {
	t.Helper()
	if err := p.Cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
}

func TestCloudRun(t *testing.T) {
	program := hosttest.Build(t, nil)
	p, url := start(t, program)
	for _, version := range []int{1, 2} {
		protocols := new(http.Protocols)
		protocols.SetHTTP1(version == 1)
		protocols.SetUnencryptedHTTP2(version == 2)
		transport := &http.Transport{Protocols: protocols}
		t.Cleanup(transport.CloseIdleConnections)
		client := &http.Client{Transport: transport}
		t.Run([]string{"", "HTTP/1.1", "h2c"}[version], func(t *testing.T) {
			res, err := client.Get(url + "/orders")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.ProtoMajor != version {
				t.Errorf("the connection speaks %s", res.Proto)
			}
			hosttest.Run(t, hosttest.Host{URL: url, Client: client})
		})
	}
	end(t, p)
	if err := p.Cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, p.Log())
	}
	t.Run("SIGTERM", func(t *testing.T) { ending(t, program) })
}

// At SIGTERM a stream that is under way comes to its end, and so does the work of an order.
func ending(t *testing.T, program string) {
	p, url := start(t, program)
	res, err := http.Get(url + "/events?n=3")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := (hosttest.Host{URL: url}).Ask(t, "POST", "/orders", ""); got.Status != 202 {
		t.Fatalf("%d %s %v", got.Status, got.Body, got.Err)
	}
	end(t, p)
	events, err := io.ReadAll(res.Body)
	if err != nil || !strings.HasSuffix(string(events), "data: 2\n\n") {
		t.Errorf("the stream: %q %v", events, err)
	}
	if err := p.Cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, p.Log())
	}
	done, all := strings.Index(p.Log(), "carried out"), strings.Index(p.Log(), "all is done")
	if done < 0 || all < done {
		t.Errorf("the process has ended with work undone:\n%s", p.Log())
	}
}
