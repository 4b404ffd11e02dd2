package crossfade

import (
	"io"
	"net/http"
	"sync/atomic"

	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/header"
)

// Internal is for the packages of this module: nobody else can make its argument.
func Internal(key door.Of) internals {
	key.Open()
	return internals{}
}

// internals makes the types of this package from their parts, and takes them apart.
type internals struct{}

// Header returns a Header of fields that nobody writes to any more.
func (internals) Header(fields header.Fields, err error) Header { return Header{fields, err} }

// Fields returns the fields of h, which must not be written to.
func (internals) Fields(h Header) header.Fields { return h.fields }

// Form returns a form that owns its entries; close removes its temporary file, nil for none.
func (internals) Form(entries []FormEntry, close func() error) *Form { return &Form{entries, close} }

// CloseForm removes the temporary file of a form.
func (internals) CloseForm(f *Form) error {
	if f.close == nil {
		return nil
	}
	return f.close()
}

// File returns a file with this content. closed says when it is gone; nil for content in memory.
func (internals) File(name, mediaType string, size int64, content io.ReaderAt, closed *atomic.Bool) *File {
	return &File{Name: name, Type: mediaType, Size: size, content: content, closed: closed}
}

// WithHeaders is WithHeader for several headers, whose names are canonical; one without values is
// taken away.
func (internals) WithHeaders(err error, h http.Header) error { return &headerError{err, h} }

// HeadersOf returns the headers that the response to err has of itself, by canonical names. The map
// is the caller's, the lists are not. A name without values takes the header away. The error is why
// one of them cannot be sent.
func (internals) HeadersOf(err error) (http.Header, error) { return headersOf(err) }
