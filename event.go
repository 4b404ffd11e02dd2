package crossfade

import "time"

// Event is one server-sent event. The zero value is sent as an empty data line; an Event with only
// Comment set is a keep-alive that clients ignore.
type Event struct {
	// ID becomes the client's Last-Event-ID when it reconnects. It cannot hold line breaks or NUL;
	// those are dropped, as the stream has no escape.
	ID string
	// Name is the event's type; "" is "message".
	Name string
	// Data may have several lines; each becomes a data line.
	Data string
	// Retry tells the client how long to wait before it reconnects, in whole milliseconds. 0 says
	// nothing.
	Retry time.Duration
	// Comment is a line that clients ignore; alone it keeps a connection open.
	Comment string
}
