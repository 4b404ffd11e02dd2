package outbound

// The head, which goes out just once.

import (
	"errors"
	"fmt"
	"net/http"
)

// ErrStatus is wrapped by what refuses a status that HTTP does not have.
var ErrStatus = errors.New("cannot be sent")

// Commit sends the head with the headers of W. A status of 100 to 199 is informational, and the
// head is still to come; 101 waits for TakeOver.
func (a *Answer) Commit(code int) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.commitLocked(code)
}

// CommitOnce is Commit for the first of several writers: the head may be out already.
func (a *Answer) CommitOnce(code int) error {
	if a.state.has(committed) {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state.has(committed) {
		return nil
	}
	return a.commitLocked(code)
}

func (a *Answer) commitLocked(code int) error {
	if err := a.committable(code); err != nil {
		return err
	}
	switch {
	case code == http.StatusSwitchingProtocols:
		return a.promiseLocked()
	case code < 200:
		a.W.WriteHeader(code)
		return nil
	}
	h := a.W.Header()
	a.runHooksLocked(code, h)
	a.status = int16(code)
	a.state.add(committed)
	a.sendHeadLocked(code, h, false, false)
	return nil
}

// runHooksLocked runs the hooks of the head. Where one panics nothing has gone out: the answer is
// open. A writer with BeforeHooks sees the head before them.
func (a *Answer) runHooksLocked(code int, h http.Header) {
	if a.Silent || len(a.Env.Head) == 0 {
		return
	}
	if w, ok := a.W.(interface{ BeforeHooks(int, http.Header) }); ok {
		w.BeforeHooks(code, h)
	}
	a.RunHooks(code, h)
}

func (a *Answer) committable(code int) error {
	if err := a.state.headErr(); err != nil {
		return err
	}
	if a.promised {
		return ErrAlreadySent
	}
	if code < 100 || code > 999 {
		return fmt.Errorf("status %d %w: HTTP has the statuses 100 to 999", code, ErrStatus)
	}
	return nil
}

// sendHeadLocked sends the head, which is final. whole says that the body is in memory, empty that
// it is nothing.
func (a *Answer) sendHeadLocked(code int, h http.Header, whole, empty bool) {
	tidy := a.tidyLocked
	if a.Derived {
		tidy = a.frameLocked // the exchange that sends the head looks at the rest
	}
	if typed := tidy(code, h); !typed && !a.Foreign && !empty && a.guessed() {
		h["Content-Type"] = nil
	}
	if code == http.StatusResetContent { // which net/http takes for a status with a body (RFC 9110, 15.3.6)
		a.SetLength(h, 0)
		a.declared = 0
	}
	// On HTTP/2 net/http deals with what is left of a body, and everywhere where the answer is in
	// memory.
	if !a.Bodyless() && a.R.ProtoMajor == 1 {
		a.Body().Settle(h, whole, a.Foreign)
	}
	a.unsure = true // until it has returned, nobody knows what went out
	a.W.WriteHeader(code)
	a.unsure = false
}

// guessed reports whether a type would be guessed of the body where none is set: by net/http's
// server, and by the engine of a conversion. Elsewhere the key without a value would be seen.
func (a *Answer) guessed() bool {
	return a.Derived || a.R.Context().Value(http.ServerContextKey) != nil
}

// SendWhole sends a whole answer with the headers h of W: the head, and as the body text or bytes,
// one of which is empty. The body must be one that the status and the method allow.
func (a *Answer) SendWhole(h http.Header, code int, text string, bytes []byte) (err error) {
	if code < 200 {
		if err = a.Commit(code); err != nil || len(text)+len(bytes) == 0 {
			return err
		}
		code = http.StatusOK // whose body this is
	}
	a.mu.Lock()
	// What others see of the state changes once, because each change costs as much as a lock.
	// Deferred, since a panic on the way leaves a head behind.
	var reached fact
	defer func() {
		if reached != 0 {
			a.state.add(reached)
		}
		a.mu.Unlock()
	}()
	if err = a.committable(code); err != nil {
		return err
	}
	a.runHooksLocked(code, h)
	reached = committed
	a.status = int16(code)
	size := len(text) + len(bytes)
	a.sendHeadLocked(code, h, true, size == 0)
	if size > 0 {
		a.startClockLocked()
		_, err = a.putLocked(text, bytes)
	}
	if err == nil && a.filled() {
		reached |= ended
	}
	return err
}
