package main

// What an open event stream holds. The server is net/http's; the connections are
// in memory, so that neither the kernel's buffers nor its limits have a part.

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/peer/servemux"
	"github.com/crossfade-go/crossfade/bench/work"
)

var streamPeers = []work.Peer{servemux.Peer, ours.ReqRes, ours.Fetch, ours.ReqResAsFetch, ours.FetchAsReqRes}

func growStreams() (string, error) {
	var b strings.Builder
	b.WriteString("| streams |")
	for _, p := range streamPeers {
		fmt.Fprintf(&b, " %s, KiB (goroutines) |", p.Name)
	}
	b.WriteString("\n|--:|" + strings.Repeat("--:|", len(streamPeers)) + "\n")
	for _, n := range [...]int{1, 10, 100, 1000, 10000} {
		fmt.Fprintln(os.Stderr, n, "open streams")
		fmt.Fprintf(&b, "| %d |", n)
		for _, p := range streamPeers {
			var sizes, counts []float64
			for range max(1, 100/n) { // few streams vanish in what else a heap does
				bytes, goroutines, err := openStreams(p.App(), n)
				if err != nil {
					return "", fmt.Errorf("%s: %w", p.Name, err)
				}
				sizes, counts = append(sizes, bytes/1024), append(counts, goroutines)
			}
			size, _ := median(sizes)
			goroutines, _ := median(counts)
			fmt.Fprintf(&b, " %.1f (%.0f) |", size, goroutines)
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// openStreams returns what each of n open streams holds.
func openStreams(app http.Handler, n int) (bytes, goroutines float64, err error) {
	l := pipeListener{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: app}
	go server.Serve(l)
	clients := make([]net.Conn, 0, n+1)
	open := func(n int) {
		for range n {
			c := l.dial()
			clients = append(clients, c)
			if err == nil {
				err = firstEvent(c)
			}
		}
	}
	open(1) // what a server makes only once
	before := runtime.NumGoroutine()
	bytes = retained(func() { open(n) }) / float64(n)
	goroutines = float64(runtime.NumGoroutine()-before) / float64(n)
	for _, c := range clients {
		c.Close()
	}
	server.Close()
	for range 1000 { // the next measurement begins when all is gone
		if runtime.NumGoroutine() < before {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return bytes, goroutines, err
}

// firstEvent asks for the stream and reads until its first event is there.
func firstEvent(c net.Conn) error {
	if _, err := io.WriteString(c, "GET /open HTTP/1.1\r\nHost: example.com\r\n\r\n"); err != nil {
		return err
	}
	var buf [1 << 10]byte
	got := 0
	for !bytes.HasSuffix(buf[:got], []byte("\n\n\r\n")) {
		n, err := c.Read(buf[got:])
		if err != nil {
			return fmt.Errorf("after %q: %w", buf[:got], err)
		}
		got += n
	}
	return nil
}

// pipeListener accepts connections that are pipes.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l pipeListener) dial() net.Conn {
	client, server := net.Pipe()
	l.conns <- server
	return client
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error {
	close(l.closed)
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }
