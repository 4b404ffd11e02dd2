package fetch

// What both shapes say in the same words: one type, two names.

import (
	"github.com/crossfade-go/crossfade/internal/cookie"
	"github.com/crossfade-go/crossfade/internal/form"
	"github.com/crossfade-go/crossfade/internal/message"
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
)

// The errors that handlers meet; each stands in reqres too, as the same value.
var (
	ErrBodyUsed       = message.ErrBodyUsed
	ErrNoResponse     = message.ErrNoResponse
	ErrAlreadySent    = message.ErrAlreadySent
	ErrClientGone     = message.ErrClientGone
	ErrAnswerComplete = message.ErrAnswerComplete
)

// Errorf returns an *Error with a status and a message. The message of a 4xx
// is sent to the client; %w keeps the cause for errors.Is.
func Errorf(status int, format string, args ...any) error {
	return message.Errorf(status, format, args...)
}
