package reqres

import (
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Internal is for the packages of this module: nobody else can make its argument.
func Internal(key door.Of) internals {
	key.Open()
	return internals{}
}

// internals is what a mux and conversions need of the shape.
type internals struct{}

// Enter makes a request and its response in one piece, and returns their record, which has not
// begun.
func (internals) Enter() (*Request, *Response, *exchange.Exchange) { return enter() }

// EnterIn is Enter with a Response that is new.
func (internals) EnterIn(res *Response) (*Request, *exchange.Exchange) {
	return (*Request)(res), &res.x
}

// EnterWithRoom is Enter with room for guards.
func (internals) EnterWithRoom() (*Request, *Response, *exchange.Exchange) {
	res := new(struct {
		Response
		room exchange.Room
	})
	res.x.Furnish(&res.room)
	return (*Request)(&res.Response), &res.Response, &res.x
}

// Exchange returns the record behind a request.
func (internals) Exchange(req *Request) *exchange.Exchange { return &req.x }

// Serve answers a request that has begun.
func (internals) Serve(h Handler, req *Request, res *Response) { h.serve(req, res) }

// Answer calls h and checks that it has answered; the error is the caller's to answer. Where the
// settings say so, the body is parsed before h, but for a route that is Unparsed, unless parses says
// that it is all the same.
func (internals) Answer(h Handler, req *Request, res *Response, parses bool) error {
	return h.answer(req, res, parses)
}

// OriginProbe returns the request with which a converted handler is asked for its origin.
func (internals) OriginProbe() *Request { return originProbe }

// Answers is what the immutable shape takes over of s, which must not be changed any more.
func (internals) Answers(s *Settings) *route.Answers { return s.answers() }

// Mistakes are what is wrong with settings, all at once.
func (internals) Mistakes(s Settings) []error { return s.mistakes() }
