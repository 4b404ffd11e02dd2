package crossfade

import "time"

// Limits bound what one request may cost. A zero field means the default that its comment names (in
// a scope: what the scope around it says); a negative one means no limit. Limits is a value; copies
// are independent.
type Limits struct {
	// Body bounds, in bytes, what is collected in memory by Bytes, Text, JSON, Form, Buffer and
	// Body. Beyond it the request is answered 413 at once. Default 1 MiB.
	Body int64
	// Stream bounds, in bytes, what can be read through Reader and Parts. A declared length beyond
	// it is answered 413 before a byte is read. Default: no limit.
	Stream int64
	// Parts bounds the number of entries of a form. Default 1,000.
	Parts int
	// PartHeader bounds, in bytes, the header of one part of a multipart form. Default 16 KiB.
	PartHeader int
	// FormMemory bounds, in bytes, what the files of a form may hold in memory; beyond it they are
	// kept in temporary files until the request is answered. Default: the limit of Body.
	FormMemory int64
	// Form bounds, in bytes, a whole multipart form. Default: the limit of Body.
	Form int64
	// ReadTimeout bounds the time from the first read of the body to its end. Beyond it the request
	// is answered 408. Default: no limit but the server's own.
	ReadTimeout time.Duration
	// WriteTimeout bounds the time that one write to the client may block. Beyond it the connection
	// is cut. It takes the place of the WriteTimeout of the http.Server, which otherwise bounds a
	// whole answer, and each write of a stream: an answer that is flushed, or made of a reader, a
	// function or an iterator. A stream can therefore stay open as long as its client keeps
	// reading.
	//
	// On HTTP/2 that is the time until the client makes room for what is written. One that makes
	// room and then does not read its connection is the server's to cut off: set
	// http.Server.HTTP2.WriteByteTimeout.
	WriteTimeout time.Duration
}
