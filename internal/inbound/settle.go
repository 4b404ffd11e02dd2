package inbound

// What becomes of the request body when the answer begins. net/http has traps here, each measured:
// an unread body hides the client's leaving, one that is read on is cut off at the first flush, and
// what is left of one may be taken for the next request.

import (
	"errors"
	"io"
	"net/http"
	"strings"
)

const (
	unsettled   uint32 = iota
	settled            // once and for all
	settledLate        // it may be read while the answer is written, and what is left is closed at the end
)

// drained is up to where net/http reads what a handler has left of a body.
const drained = 256 << 10

var errClosed = errors.New("the request body was closed when the answer began, because nothing had asked for it until then")

// Settle prepares the body for an answer whose head is about to go out with the headers h; the
// first exchange of a request whose head goes out decides. whole says that the answer is in memory,
// so that net/http can deal with what is left of the body; foreign says that an http.Handler
// answers.
//
// An untouched body is closed, because net/http watches for the client's leaving only when the body
// is out of the way. One that is still being read while the answer is streamed needs full duplex,
// or net/http would cut it off at the first flush (golang/go#15527); its connection is not used
// again, because what may be left of the body would be read as the next request (golang/go#68560).
func (b Body) Settle(h http.Header, whole, foreign bool) {
	if !b.settled.CompareAndSwap(unsettled, settled) || whole {
		return
	}
	r, taken := b.r.R, b.taken.Load()
	switch {
	case b.eof.Load():
	case !taken && r.Header["Expect"] != nil: // the client waits, and sends nothing
	case foreign && r.Header["Expect"] == nil && !b.bad.Load():
		// An http.Handler may read on after it has begun to answer; what it leaves is drained when
		// it returns (golang/go#68560), as far as net/http would. Nothing is where the client has said
		// that the connection ends: the answer would wait for it.
		if b.fullDuplex() && !r.Close {
			b.settled.Store(settledLate)
		}
		if r.ContentLength-b.read.Load() > drained {
			h["Connection"] = []string{"close"}
		}
	case !taken:
		b.closed.Store(true)
		b.taken.Store(true)
		b.source().Close()
	case b.fullDuplex():
		h["Connection"] = []string{"close"}
	}
}

func (b Body) fullDuplex() bool { return http.NewResponseController(b.conn).EnableFullDuplex() == nil }

// Cut lets an answer go out at once although the client is still sending: net/http then neither
// waits for the rest nor reads it, and closes the connection gently, so that the client gets to
// read the answer.
func (r *Request) Cut(w http.ResponseWriter) {
	w.Header()["Connection"] = []string{"close"}
	closeAfterReply(w)
}

// closeAfterReply has net/http close the connection of w when the answer has gone out, also where
// its head already has. Only MaxBytesReader can tell it so, as that a body is too large.
func closeAfterReply(w http.ResponseWriter) {
	for {
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			break
		}
		w = u.Unwrap()
	}
	io.Copy(io.Discard, http.MaxBytesReader(w, io.NopCloser(strings.NewReader("xx")), 1))
}
