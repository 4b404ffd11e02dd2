package fetch

// What both shapes say in the same words: one type, two names.

import (
	"errors"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/message"
	"github.com/crossfade-go/crossfade/internal/query"
)

type (
	// Error is an error that knows its status; reqres.Error is the same type.
	Error = message.Error
	// Limits bound what a request may cost; adapt.Limits is the same type.
	Limits = message.Limits
	// CookieOptions are the attributes of a cookie.
	CookieOptions = cookie.Options
	// Event is one server-sent event.
	Event = message.Event
	// Form is a parsed form, its entries in order.
	Form = form.Form
	// File is an uploaded file of a Form.
	File = form.File
	// FormEntry is one entry of a Form: a text, or a file.
	FormEntry = form.Entry
	// Params is an immutable list of query parameters (URL Standard,
	// "URLSearchParams"), as QueryParams returns it.
	Params = query.Params
)

// NewForm returns a form of the entries, in their order, for FormBody.
func NewForm(entries ...FormEntry) *Form { return form.New(entries...) }

// NewFile returns a file for an entry of NewForm. The content is not copied.
func NewFile(name, mediaType string, content []byte) *File {
	return form.NewFile(name, mediaType, content)
}

// NewParams returns Params of names and values in turn; a name without a value
// has the value "".
func NewParams(pairs ...string) Params {
	return query.Collect(func(yield func(string, string) bool) {
		for pair := range slices.Chunk(pairs, 2) {
			if !yield(pair[0], strings.Join(pair[1:], "")) {
				return
			}
		}
	})
}

// ParseParams reads a query string, with or without the "?" before it. It never
// fails: a broken escape stays as it is, ";" is data.
func ParseParams(raw string) Params { return query.Parse(raw) }

// The errors that handlers meet; each stands in reqres too, as the same value.
var (
	ErrBodyUsed       = message.ErrBodyUsed
	ErrNoResponse     = message.ErrNoResponse
	ErrAlreadySent    = message.ErrAlreadySent
	ErrClientGone     = message.ErrClientGone
	ErrAnswerComplete = message.ErrAnswerComplete
)

// ErrRange is wrapped by the errors about a status that no response, or no
// redirection, can have: what the Fetch Standard throws a RangeError for. Its
// SyntaxError is a *json.SyntaxError here; every other error of a constructor
// or a reading stands for its TypeError.
var ErrRange = errors.New("out of range")

// Errorf returns an *Error with a status and a message. The message of a 4xx
// is sent to the client; %w keeps the cause for errors.Is.
func Errorf(status int, format string, args ...any) error {
	return message.Errorf(status, format, args...)
}
