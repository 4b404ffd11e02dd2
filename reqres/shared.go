package reqres

// What both shapes say in the same words: types of the root package, by their names there.

import (
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
	// File is a file of a Form: [crossfade.File].
	File = crossfade.File
	// Params are query parameters: [crossfade.Params].
	Params = crossfade.Params
	// Range is one range of a Range header: [crossfade.Range].
	Range = crossfade.Range
)

// The errors that handlers meet; package fetch has the same values.
var (
	ErrBodyUsed       = inbound.ErrBodyUsed
	ErrNoResponse     = exchange.ErrNoResponse
	ErrAlreadySent    = outbound.ErrAlreadySent
	ErrClientGone     = exchange.ErrClientGone
	ErrAnswerComplete = outbound.ErrAnswerComplete
)

// Errorf is [crossfade.Errorf]: an *Error with a status and a message. The message of a 4xx is sent
// to the client; %w keeps the cause for errors.Is.
func Errorf(status int, format string, args ...any) error {
	return crossfade.Errorf(status, format, args...)
}

// Decode reads the body as JSON into a T. A body of another media type is a 415 (JSON of the request reads
// it all the same), a value of the wrong type a 400 with its field in Fields. Where *T or T has a method
// Validate() error, it is called, and its error answered with its own status or 400; an *Error with Fields
// names the fields (see Invalid).
//
// A body without a Content-Type is read as well. A page of another site can send one, with its
// visitor's cookies: where cookies say who asks, guard with http.CrossOriginProtection.
func Decode[T any](req *Request) (T, error) {
	var v T
	err := exchange.DecodeJSON(&req.x, &v, req.JSON)
	return v, err
}

// Invalid is [crossfade.Invalid].
func Invalid(fields map[string]string) error { return crossfade.Invalid(fields) }
