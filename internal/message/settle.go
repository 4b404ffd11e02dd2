package message

// What becomes of the request body when the answer begins. net/http has traps
// here, each measured: an unread body hides the client's leaving, one that is
// read on is cut off at the first flush, and what is left of one may be taken
// for the next request.

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// settleBody prepares the request body for an answer. An untouched one is
// closed, because net/http watches for the client's leaving only when the body
// is out of the way. One that is still being read while the answer is streamed
// needs full duplex, or net/http would cut it off at the first flush
// (golang/go#15527); its connection is not used again, because what may be left
// of the body would be read as the next request (golang/go#68560).
func (x *Exchange) settleBody(h http.Header) {
	if x.whole || x.R.Body == nil || x.R.Body == http.NoBody || x.R.ProtoMajor != 1 {
		return // net/http deals with what is left of a body
	}
	b := x.ext().body
	switch {
	case b.have || b.eof || b.whole:
	case !b.taken && x.R.Header["Expect"] != nil: // the client waits, and sends nothing
	case !b.taken && x.sniff:
		// An http.Handler may read on after it has begun to answer; what it
		// leaves is drained when it returns (golang/go#68560).
		b.late = x.control().EnableFullDuplex() == nil
	case !b.taken:
		b.taken = true
		b.err = errors.New("the request body was closed when the answer began, because nothing had asked for it until then")
		x.source().Close()
	case x.control().EnableFullDuplex() == nil:
		h["Connection"] = []string{"close"}
	}
}

// cutUpload lets an answer go out at once although the client is still sending:
// net/http then neither waits for the rest nor reads it, and closes the
// connection gently, so that the client gets to read the answer.
func (x *Exchange) cutUpload() {
	if x.R.ProtoMajor != 1 || x.R.Body == nil || x.R.Body == http.NoBody {
		return
	}
	x.W.Header()["Connection"] = []string{"close"}
	// Only MaxBytesReader can tell net/http's writer that a body is too large.
	io.Copy(io.Discard, http.MaxBytesReader(x.W, io.NopCloser(strings.NewReader("xx")), 1))
	// The deadline also ends the request's context, for which a conversion would
	// give up on this very answer. So it comes last.
	if o := x.outermost(); !o.ext().ended.Load() {
		conn := x.control()
		o.Cleanup(func() { conn.SetReadDeadline(time.Now()) })
	}
}

// control reaches the connection, also from behind a conversion.
func (x *Exchange) control() *http.ResponseController {
	if m := x.more.Load(); m != nil && m.root != nil {
		return http.NewResponseController(m.root)
	}
	return http.NewResponseController(x.W)
}
