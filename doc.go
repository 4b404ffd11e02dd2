// Package crossfade is a library for HTTP handlers that have to change shape without a rewrite: two
// shapes of handler live in one mux, and endpoints move from the old shape to the new one, one at a
// time, and back if they have to.
//
// The mutable shape, as in Express and Next.js API Routes:
//
//	func getUser(req *reqres.Request, res *reqres.Response) error {
//		user, ok := users[req.Param("id")]
//		if !ok {
//			return res.Status(404).JSON(problem{"no such user"})
//		}
//		return res.JSON(user)
//	}
//
// The immutable shape, as in Next.js Route Handlers and the Fetch Standard:
//
//	func getUser(req *fetch.Request) (*fetch.Response, error) {
//		user, ok := users[req.Param("id")]
//		if !ok {
//			return nil, fetch.Errorf(404, "no such user")
//		}
//		return fetch.JSON(user)
//	}
//
// This package holds the words that both shapes share: errors that know their status, limits,
// cookies, headers, forms, query parameters and events. Code behind the handlers imports only this
// package, and what that code returns means the same to both shapes. The other packages:
//
//   - [github.com/crossfade-go/crossfade/reqres] is the mutable shape,
//   - [github.com/crossfade-go/crossfade/fetch] is the immutable shape,
//   - [github.com/crossfade-go/crossfade/adapt] is the mux, the collision check
//     and the conversions between the shapes and net/http,
//   - [github.com/crossfade-go/crossfade/cors] is one CORS policy for both,
//     and cors/corstest a browser to test it with,
//   - [github.com/crossfade-go/crossfade/adapt/migrate] decides which side of a
//     pair of handlers serves, and when to go back,
//   - [github.com/crossfade-go/crossfade/adapt/dashboard] is a page about that,
//   - [github.com/crossfade-go/crossfade/adapt/origin] is a back end in another
//     process as the old side,
//   - [github.com/crossfade-go/crossfade/adapt/parity] compares two answers,
//     [github.com/crossfade-go/crossfade/adapt/paritytest] does so in a test, and
//     [github.com/crossfade-go/crossfade/adapt/ratchet] keeps what is left from growing.
//
// The documentation of package adapt begins with a tutorial.
package crossfade
