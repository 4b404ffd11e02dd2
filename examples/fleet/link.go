package main

import (
	"net"
	"sync"
)

// link is the cable between one replica and the server: it can be cut, and it can hang, as a network that
// loses every packet does.
type link struct {
	to       string
	listener net.Listener

	mu     sync.Mutex
	isCut  bool
	gate   chan struct{} // closed while bytes go through
	both   map[net.Conn]bool
	active sync.WaitGroup
}

func newLink(to string) (*link, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{to: to, listener: listener, gate: make(chan struct{}), both: map[net.Conn]bool{}}
	close(l.gate)
	l.active.Go(l.accept)
	return l, nil
}

func (l *link) url() string { return l.listener.Addr().String() }

// cut drops the connections, and refuses others until mend.
func (l *link) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = true
	for c := range l.both {
		c.Close()
	}
}

// hang lets no byte through, without anybody being told, until mend.
func (l *link) hang() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gate = make(chan struct{})
}

func (l *link) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isCut = false
	select {
	case <-l.gate:
	default:
		close(l.gate)
	}
}

func (l *link) close() {
	l.cut()
	l.listener.Close()
	l.mend()
	l.cut()
	l.active.Wait()
}

func (l *link) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.to)
		if err != nil {
			near.Close()
			continue
		}
		if !l.keep(near, far) {
			continue
		}
		l.active.Go(func() { l.pump(near, far) })
		l.active.Go(func() { l.pump(far, near) })
	}
}

// keep notes a connection, unless the link is cut.
func (l *link) keep(near, far net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isCut {
		near.Close()
		far.Close()
		return false
	}
	l.both[near], l.both[far] = true, true
	return true
}

func (l *link) pump(to, from net.Conn) {
	defer func() {
		to.Close()
		from.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.both, to)
		delete(l.both, from)
	}()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		l.mu.Lock()
		gate := l.gate
		l.mu.Unlock()
		<-gate
		if n > 0 {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
