package work

// What the handlers of all peers share: the values that they encode and the
// sources that they stream.

import (
	"io"
	"mime/multipart"
)

// Greeting is the text of the text workloads.
const Greeting = "Hello, World!"

// User is the JSON of the workload "small JSON".
type User struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Admin bool   `json:"admin"`
}

// Ada is the user that is encoded.
var Ada = User{ID: 7, Name: "Ada Lovelace", Admin: true}

// Order is what "JSON POST" decodes.
type Order struct {
	Customer string `json:"customer"`
	Express  bool   `json:"express"`
	Items    []Item `json:"items"`
	Note     string `json:"note"`
}

// Item is a line of an Order.
type Item struct {
	SKU   string `json:"sku"`
	Count int    `json:"count"`
	Cents int    `json:"cents"`
}

// OrderJSON is the body of the workload.
var OrderJSON = []byte(`{"customer":"ada@example.com","express":true,"items":[` +
	`{"sku":"A-1042","count":2,"cents":1999},{"sku":"B-72","count":1,"cents":500}],` +
	`"note":"Ring twice, the bell is quiet"}`)

// Receipt is the JSON that answers an Order.
type Receipt struct {
	Customer string `json:"customer"`
	Items    int    `json:"items"`
	Cents    int    `json:"cents"`
}

// Total is the receipt for o.
func (o *Order) Total() Receipt {
	r := Receipt{Customer: o.Customer}
	for _, i := range o.Items {
		r.Items += i.Count
		r.Cents += i.Count * i.Cents
	}
	return r
}

// Events is how many events a stream of them has; all are the same.
const (
	Events    = 1000
	EventName = "tick"
	EventData = "the quick brown fox"
)

// AppendEvent is what a handler does that has no help with events.
func AppendEvent(b []byte, data string) []byte {
	b = append(b, "event: "+EventName+"\ndata: "...)
	b = append(b, data...)
	return append(b, "\n\n"...)
}

// The cookies that are read and set.
const (
	SessionCookie = "session"
	SeenCookie    = "seen"
	SeenValue     = "yes"
)

// FileSize is the size of what is streamed and of what is uploaded.
const FileSize = 1 << 20

// Fill makes a Source write the bytes that it says it has read. It is set by
// the test of equal answers; the measurement leaves it off, so that what is seen
// is calls and buffers, not the copying of a mebibyte.
var Fill bool

// Source is a reader of FileSize bytes.
func Source() io.Reader { return &source{left: FileSize} }

type source struct{ left int }

func (s *source) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), s.left)
	if Fill {
		for i := range p[:n] {
			p[i] = byte((FileSize - s.left + i) % 251)
		}
	}
	s.left -= n
	return n, nil
}

// Part reads one part of an upload: a short field, or a file that is not kept.
func Part(p *multipart.Part, title *string, size *int64) error {
	if p.FormName() == "title" {
		b, err := io.ReadAll(p)
		*title = string(b)
		return err
	}
	var err error
	*size, err = io.Copy(io.Discard, p)
	return err
}

// Found is the JSON that answers the typed search.
type Found struct {
	Shop   string `json:"shop"`
	Sum    int    `json:"sum"`
	Tags   int    `json:"tags"`
	Tenant string `json:"tenant"`
}
