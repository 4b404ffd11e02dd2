package outbound

// Another protocol on the connection. What makes it one is a handler that takes the connection,
// never a header of the request. So a 101 waits until somebody takes it: none goes out before the
// connection is ours, and a handler that says 101 and leaves it at that has not answered.

import (
	"bufio"
	"net"
	"net/http"

	"github.com/crossfade-go/crossfade"
)

// CanHijack reports whether the connection underneath w can be taken over. It is the last writer
// that counts: the ones around it may have the method all the same.
func CanHijack(w http.ResponseWriter) bool {
	_, ok := last(w).(http.Hijacker)
	return ok
}

// Pusher returns what pushes on the connection underneath w, or nil.
func Pusher(w http.ResponseWriter) http.Pusher {
	p, _ := last(w).(http.Pusher)
	return p
}

// last returns the writer underneath all others.
func last(w http.ResponseWriter) http.ResponseWriter {
	for {
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = u.Unwrap()
	}
}

// promiseLocked keeps a 101 back.
func (a *Answer) promiseLocked() error {
	if !CanHijack(a.W) {
		return crossfade.Errorf(http.StatusNotImplemented, "there is no connection here to switch to another protocol")
	}
	a.promised = true
	return nil
}

// Promised reports whether a 101 waits for TakeOver.
func (a *Answer) Promised() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.promised
}

// BreakPromise takes a 101 back that nobody has acted on, so that an error can be answered.
func (a *Answer) BreakPromise() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.promised = false
}

// TakeOver takes over the connection, and lets the 101 out that has waited for it. Without one the
// head is the caller's to write.
func (a *Answer) TakeOver() (net.Conn, *bufio.ReadWriter, error) {
	if err := a.beginTakeOver(); err != nil {
		return nil, nil, err
	}
	// Without the lock: behind a conversion it waits until the 101 has passed the middleware.
	conn, rw, err := http.NewResponseController(a.W).Hijack()
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.status = http.StatusSwitchingProtocols
		a.state.add(committed | ended)
	}
	return conn, rw, err
}

func (a *Answer) beginTakeOver() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.state.has(closed):
		return ErrHandlerReturned
	case !CanHijack(a.W):
		return http.ErrNotSupported
	case a.promised && !a.state.has(committed):
		h := a.W.Header()
		a.runHooksLocked(http.StatusSwitchingProtocols, h)
		a.sendHeadLocked(http.StatusSwitchingProtocols, h, false, true)
		a.state.add(committed)
	}
	return nil
}

func (a *Answer) hijacked() bool { return a.status == http.StatusSwitchingProtocols }

// WhileOpen calls do with the writer as long as no head is out.
func (a *Answer) WhileOpen(do func(w http.ResponseWriter)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state.headErr() == nil && !a.promised {
		do(a.W)
	}
}
