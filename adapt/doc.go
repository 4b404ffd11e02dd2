// Package adapt puts both handler shapes into one mux and converts each into
// the other, so that a service moves from one to the other endpoint by endpoint,
// with live traffic on it.
//
//	mux, err := adapt.New(cocktails, accounts)
//	if err != nil {
//		log.Fatal(err) // every collision at once, each with a fix to paste
//	}
//	log.Fatal(http.ListenAndServe(":8080", mux))
//
//	func accounts(r *adapt.Routes) {
//		r.ReqRes.POST("/accounts", openAccount)                    // not yet moved
//		r.Fetch.GET("/accounts/:id/limits", getLimits)             // moved
//		r.Migrate("GET", "/accounts/:id", oldAccount, newAccount)  // on its way
//	}
//
// # One table
//
// All routes of all shapes stand in one table, which is checked as a whole
// before anything is served. Dispatch is method-first: of the routes that have
// the request's method, the most specific pattern serves. A pattern is
// compared segment by segment from the left, a literal before a parameter before
// a catch-all; :id and [id], *rest and [...rest] are two spellings of one thing.
// Two routes collide only where both match the same requests; whatever
// precedence resolves is served, and listed by Mux.Overlaps.
//
// # Guards belong to the scope
//
// A Use guards all routes of its scope, whatever their shape and its own. Moving
// a route from r.ReqRes to r.Fetch never changes who is let in.
//
// # Life of a request
//
//  1. The path is normalised (URL Standard) and looked up, once.
//  2. One object is made for the request, in the shape of its route.
//  3. The middleware runs, composed when the mux was built.
//  4. The handler runs in the shape in which it was written; only middleware of
//     the other shape alone makes a conversion.
//  5. The head goes out at one place, where the head hooks run.
//  6. An error becomes a response there, or cuts the connection.
//  7. After's work starts, and the context ends with its cause.
//
// # What changes when a handler moves
//
// Requests read the same in both shapes. Answers are equal too, but for these,
// each with what makes them equal; DIFFERENCES.md has them one by one, with the
// answers, beside what Next.js does:
//
//   - The content type of JSON, text and bytes: fetch.SetHeader, fetch.HTML.
//   - ETag and 304 are automatic in reqres: fetch.ETag.
//   - The body of a redirect: Status, Location and End in reqres have none.
//   - A body of a GET, which fetch does not see: FromHTTP.
//   - Statuses beyond 200 to 599, which fetch refuses.
//   - The client's address, which fetch does not have: a value in the context.
//   - A body that is read twice: Buffer in fetch.
//
// # Migrations
//
// Migrate registers both handlers of an endpoint; which of them serves is up to
// the pair that it returns, in the running process (package migrate has the
// stages, and what one process cannot isolate). Both stand behind the same
// middleware, which runs once. At the stages Old and New the pair costs no
// allocation, and the side that serves is entered in its own shape. Between
// them:
//
//   - A shadow sees the request as it was before the serving side ran, on a
//     context with the same values and an end of its own, for which
//     migrate.IsShadow holds. No head hook runs for it and what it gives to After
//     is dropped. It begins when the answer is complete.
//   - What is compared is what the two sides answer, without what middleware and
//     hooks add. An error counts as the answer that it becomes.
//   - Where new fails before the first byte, old answers the request as new
//     found it. A new side that was converted (ToFetch, fetch.FromHTTP) writes its
//     answer itself, so there that holds for errors and panics alone.
//   - Behind fetch middleware a stream of new is not compared, and one that
//     breaks is not seen by the guard.
//
// Mux.Progress reports how far a service has come, Mux.Legacy what is left; package
// ratchet keeps it from becoming more, and package paritytest proves a pair
// equal before any traffic sees it.
//
// # Upgrades and tunnels
//
// A connection cannot be a value. So a handler that takes one over, for
// WebSockets say, writes its answer: a reqres.Handler, or an http.Handler by Handle
// or fetch.FromHTTP. Middleware of every shape may stand before it; behind ToFetch it
// gets http.ErrNotSupported.
//
// On HTTP/2 there is no connection to take over. Unless GODEBUG has http2xconnect=1,
// net/http does not offer extended CONNECT (RFC 8441), so that browsers open
// WebSockets by HTTP/1.1 on a connection of their own, and it resets the stream
// of a client that tries it. With the setting, a route for CONNECT whose handler
// writes its answer has the stream in both directions, and :protocol among the
// headers of the request. A route whose handler, or outermost middleware, has the
// fetch shape answers CONNECT with 501, and so does every path without such a
// route: the Fetch Standard forbids the method. github.com/coder/websocket, as of
// v1.8.15, does not know this form, and refuses it.
//
// # What a conversion costs
//
// ToReqRes is a function call. ToFetch runs the handler on a goroutine of its
// own, which costs about two microseconds, and hands over streams without
// buffering them. A round trip is the original function.
package adapt
