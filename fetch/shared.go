package fetch

// What both shapes say in the same words: types of the root package, by their names there.

import (
	"errors"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/inbound"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

type (
	// Error is an error that knows its status: [crossfade.Error].
	Error = crossfade.Error
	// Limits bound what a request may cost: [crossfade.Limits].
	Limits = crossfade.Limits
	// CookieOptions are the attributes of a cookie: [crossfade.CookieOptions].
	CookieOptions = crossfade.CookieOptions
	// CookieError is a cookie that must not be written: [crossfade.CookieError].
	CookieError = crossfade.CookieError
	// Event is one server-sent event: [crossfade.Event].
	Event = crossfade.Event
	// Header is an immutable list of headers: [crossfade.Header].
	Header = crossfade.Header
	// Form is a form, its entries in order: [crossfade.Form].
	Form = crossfade.Form
	// FormEntry is one entry of a Form, a text or a file: [crossfade.FormEntry].
	FormEntry = crossfade.FormEntry
	// File is a file of a Form: [crossfade.File].
	File = crossfade.File
	// Params are query parameters: [crossfade.Params].
	Params = crossfade.Params
)

// The errors that handlers meet; package reqres has the same values.
var (
	ErrBodyUsed       = inbound.ErrBodyUsed
	ErrNoResponse     = exchange.ErrNoResponse
	ErrAlreadySent    = outbound.ErrAlreadySent
	ErrClientGone     = exchange.ErrClientGone
	ErrAnswerComplete = outbound.ErrAnswerComplete
)

// ErrRange is wrapped by the errors about a status that no response, or no redirection, can have:
// what the Fetch Standard throws a RangeError for. Its SyntaxError is a *json.SyntaxError here;
// every other error of a constructor or a reading stands for its TypeError.
var ErrRange = errors.New("out of range")

// Errorf is [crossfade.Errorf]: an *Error with a status and a message. The message of a 4xx is sent
// to the client; %w keeps the cause for errors.Is.
func Errorf(status int, format string, args ...any) error {
	return crossfade.Errorf(status, format, args...)
}
