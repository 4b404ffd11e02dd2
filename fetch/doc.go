// Package fetch is the immutable handler shape: a function from a request to a response or an
// error, as in a Next.js Route Handler.
//
//	func getUser(req *fetch.Request) (*fetch.Response, error) {
//		user, ok := users[req.Param("id")]
//		if !ok {
//			return nil, fetch.Errorf(404, "no such user")
//		}
//		return fetch.JSON(user, fetch.SetHeader("Cache-Control", "no-store"))
//	}
//
// A Handler is an http.Handler, so one can be tried with no mux, and a plain function, so one can
// be tried with no server:
//
//	res, err := getUser(fetch.NewRequest("GET", "/users/1").WithParam("id", "1"))
//
// Typed makes a handler of a function of values: its argument is made of the request, and the
// answer of its result.
//
// # Immutable
//
// Neither Request nor Response has exported fields or setters. With… returns a changed copy that
// shares what did not change; headers are values. So one middleware cannot spoil what another
// relies on, and a response with a buffered body may be a package variable that every request
// returns.
//
// # Bodies
//
// A request body is read once, by Bytes, Text, JSON, Form, Parts or Reader, as the Fetch Standard
// has it; a second read is ErrBodyUsed. Buffer makes it readable again and again, Clone makes a
// second request. Limits bound how much is collected in memory; beyond them the client is answered
// 413 at once.
//
// # Errors
//
// An error ends a handler. An *Error, made by Errorf, has a status: the message of a 4xx is for the
// client, that of a 5xx for the log. Any other error, a panic, and a nil response are a 500. An
// error that comes after the head went out cuts the connection, so that a broken answer never looks
// complete.
//
// # Differences from the Fetch Standard
//
// Relative redirects are allowed. Cookies are joined with "; ". There is no immutable guard, since
// nothing is mutable, and no forbidden header, since those protect browsers. A buffered Response
// can be read and sent again, except for one of NewResponse, which follows the Standard to the
// letter. Client-only members (mode, credentials, cache, signal, …) are left out: the context is
// the signal. Where the Standard throws, there is an error:
//
//	RangeError    ErrRange
//	SyntaxError   a *json.SyntaxError in the chain
//	TypeError     any other
package fetch
