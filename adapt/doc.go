// Package adapt puts handlers of both shapes into one mux and converts each shape into the other,
// so that a service moves from one to the other endpoint by endpoint, with live traffic on it.
//
// It starts with a tutorial: six steps, each of them a complete program in examples/tutorial. From
// a clone, this starts the first; Ctrl-C ends it, and the others have the numbers 2 to 6:
//
//	$ go run -C examples ./tutorial/1
//
// Send it requests from a second terminal, with the commands in each step.
//
// # 1. One route
//
// A service is a function that registers routes. New checks them and makes an [http.Handler]:
//
//	func routes(r *adapt.Routes) {
//		r.ReqRes.GET("/notes/:id", oldNote)
//	}
//
//	func main() {
//		mux, err := adapt.New(routes)
//		if err != nil {
//			log.Fatal(err)
//		}
//		log.Fatal(http.ListenAndServe("localhost:8080", mux))
//	}
//
// The handler has the mutable shape of Express: it writes into res, and returns an error.
//
//	func oldNote(req *reqres.Request, res *reqres.Response) error {
//		n, ok := notes[req.Param("id")]
//		if !ok {
//			return reqres.Errorf(404, "no such note")
//		}
//		return res.JSON(n)
//	}
//
// Ask it for a note that it has, and for one that it does not have:
//
//	$ curl localhost:8080/notes/1
//	{"id":"1","text":"buy milk"}
//	$ curl localhost:8080/notes/7
//	{"error":"no such note"}
//
// # 2. Two shapes
//
// The other shape is that of the Fetch Standard: a handler returns a response or an error. Both
// shapes read a request with the same words.
//
//	func checkNote(req *fetch.Request) (*fetch.Response, error) {
//		n, err := fetch.Decode[note](req)
//		if err != nil {
//			return nil, err // 400 with the place of the mistake, 413, or 415
//		}
//		if n.Text == "" {
//			return nil, fetch.Errorf(422, "a note needs a text")
//		}
//		return fetch.JSON(n)
//	}
//
// Its route stands beside the old one:
//
//	r.ReqRes.GET("/notes/:id", oldNote)
//	r.Fetch.POST("/notes/check", checkNote)
//
//	$ curl --json '{"id":"2"}' localhost:8080/notes/check
//	{"error":"a note needs a text"}
//
// If both lines had the same method and path, New would return an error with both places in the
// source and a line to paste.
//
// # 3. A guard
//
// A guard has no shape. It lets a request in, with a context for the handler, or refuses it:
//
//	func requireUser(r *http.Request) (context.Context, error) {
//		c, err := r.Cookie("session")
//		if err != nil {
//			return nil, fetch.Errorf(401, "log in first")
//		}
//		return context.WithValue(r.Context(), userKey{}, c.Value), nil
//	}
//
// It guards every route below it in its scope, whatever their shape, so that moving a route never
// changes who is let in:
//
//	r.Guard(requireUser)
//	r.ReqRes.GET("/notes/:id", oldNote)
//	r.Fetch.GET("/me", me)
//
//	$ curl localhost:8080/me
//	{"error":"log in first"}
//	$ curl -b session=ada localhost:8080/me
//	ada
//
// # 4. A migration
//
// Migrate registers both handlers of an endpoint. At the stage Shadow old serves, and new runs
// afterwards on a copy of the request; its answer is compared and thrown away.
//
//	shadow := migrate.Config{
//		Plan:    migrate.Plan{Stage: migrate.Shadow},
//		OnEvent: migrate.LogEvents(slog.Default()),
//	}
//	r.Scope(adapt.Scope{Migration: shadow}, func(r *adapt.Routes) {
//		r.Migrate("GET", "/notes/:id", oldNote, newNote)
//	})
//
// The new handler of this step says 410 where the old one says 404. Ask for a note that does not
// exist. The client gets what old answers:
//
//	$ curl localhost:8080/notes/7
//	{"error":"no such note"}
//
// And the log says what new would have answered:
//
//	WARN migration mismatch pair="GET /notes/:id" plan=shadow count=1 shadow=new differences="[status status 404→410]"
//
// A shadow never takes a processor from a request that somebody waits for. On a busy machine the
// log says instead, once, that the shadow was left out. Ask again, or set
// ShadowConfig.MaxSchedLatency to -1 to run it anyway:
//
//	WARN migration summary pair="GET /notes/:id" plan=shadow reason="shadows are left out while the process waits for processors: see ShadowConfig.MaxSchedLatency" offered=1 skipped=map[overload:1] results=map[]
//
// # 5. A canary
//
// Migrate returns a pair, and Set moves it while the service runs. At Canary new serves a share of
// the users; a key tells users apart, and keeps each of them on one side:
//
//	r.Scope(adapt.Scope{Migration: migrate.Config{Key: bySession}}, func(r *adapt.Routes) {
//		pair = r.Migrate("GET", "/notes/:id", oldNote, newNote)
//	})
//	r.Fetch.POST("/admin/canary", func(*fetch.Request) (*fetch.Response, error) {
//		if err := pair.Set(migrate.Plan{Stage: migrate.Canary, Share: 0.5}, "ada"); err != nil {
//			return nil, err
//		}
//		return fetch.NoContent()
//	})
//
// The way back is one call too, and it needs no deployment:
//
//	pair.Kill("I do not like it", "ada")
//
// In the program of this step two requests make these calls, and a third says what is in force:
//
//	$ curl -X POST localhost:8080/admin/canary
//	$ curl localhost:8080/admin/state
//	canary 50 %
//	$ curl -X POST localhost:8080/admin/kill
//	$ curl localhost:8080/admin/state
//	old
//
// Meanwhile the guard of the pair (not that of step 3) watches both sides, and goes back to old by
// itself where new is worse. Package migrate explains the stages, and what this guard sees.
//
// # 6. The end
//
// When new serves everything, the line becomes an ordinary route, and the old handler goes:
//
//	r.Fetch.GET("/notes/:id", newNote)
//
//	$ curl localhost:8080/notes/1
//	{"id":"1","text":"buy milk"}
//
// [Mux.Progress] counts what has moved and what is left; package ratchet is a test that lets the
// rest only shrink, and package paritytest proves a pair equal before any traffic sees it.
//
// # One table
//
// The reference begins here.
//
// All routes of all shapes stand in one table, which is checked as a whole before anything is
// served. Dispatch is method-first: of the routes that have the request's method, the most specific
// pattern serves. Patterns are compared segment by segment from the left, a literal before a
// parameter before a catch-all; :id and [id], *rest and [...rest] are two spellings of one thing.
// Two routes collide only where both match the same requests; whatever precedence resolves is
// served, and listed by [Mux.Overlaps].
//
// # Guards belong to the scope
//
// A Guard lets requests in or refuses them, and Use puts middleware around handlers, for all routes
// of the scope, whatever the shapes. With and WithGuard are for single routes, OnHead and OnEnd for
// every answer. MIDDLEWARE.md has a table of what sees what.
//
// # Paths
//
// The router, middleware and handlers of every shape see the same path. It is that of the URL
// Standard, with each character written in one way: what need not be escaped is not, and escapes
// have capital digits (RFC 3986, 6.2.2). So req.Path() may be compared with a literal. A request
// for another spelling of a path with dot segments is redirected there, before middleware runs, if
// a route serves it; a raw \ or # in the target is refused. The one exception is what stands behind
// a Mount or in a legacy app: it gets the path as it was sent, less the prefix, since it has rules
// of its own.
//
// With GET routes for /admin, /users/@me, /users/:id, /files/*rest and /dir/, and Mount("/app", …):
//
//	sent                       route          req.Path()             app sees      answer
//	/admin                     /admin         /admin                               200
//	/%61dmin                   /admin         /admin                               200
//	/users/%40me               /users/@me     /users/@me                           200
//	/users/caf%c3%a9           /users/:id     /users/caf%C3%A9                     200
//	/users/a%2fb               /users/:id     /users/a%2Fb                         200
//	/users/a|b                 /users/:id     /users/a%7Cb                         200
//	/files/..%2fadmin          /files/*rest   /files/..%2Fadmin                    200
//	/files//a                  /files/*rest   /files//a                            200
//	/admin%23x                                                                     404
//	/x%5c..%5cadmin                                                                404
//	//admin                                                                        404
//	/nix/../nowhere                                                                404
//	/users/..                                                                      404
//	/users/%ff                                                                     400
//	/x/../admin?a=1                                                                308 /admin?a=1
//	/./admin                                                                       308 /admin
//	/x/%2e%2E/admin                                                                308 /admin
//	/admin/.                                                                       308 /admin
//	/x/../admin/                                                                   308 /admin
//	/admin/                                                                        308 /admin
//	/dir                                                                           308 /dir/
//	/x\..\admin                                                                    400
//	/admin#x                                                                       400
//	/admin?a#b                                                                     400
//	/x/../admin?a#b                                                                400
//	/app/a/../b                /app           /app/b                 /a/../b       200
//	/app/a%2e/%2E              /app           /app/a./               /a%2e/%2E     200
//	/app/..%2f..%2fetc         /app           /app/..%2F..%2Fetc     /..%2f..%2fetc 200
//	/app//a                    /app           /app//a                //a           200
//	/app/a\b#c                 /app           /app/a/b               /a\b#c        200
//	/app/%ff                   /app           /app/%FF               /%ff          200
//	/app/                      /app           /app/                  /             200
//	/app                       /app           /app                                 308 /app/
//	/app/../admin                                                                  308 /admin
//	/x/../app/a                                                                    308 /app/a
//
// A redirect keeps the method, the body and the query, and the prefix that a router around the mux
// has taken off; it never leaves the host. A client that does not follow, or cannot send its body
// again, stops there. Redirects are 308 for every method but CONNECT, which is never redirected.
// OPTIONS * is answered by net/http.
//
// fetch.NewRequest resolves dot segments and backslashes and cuts off a fragment, as a browser does
// before it sends.
//
// # Life of a request
//
//  1. The path is brought to its normal form and looked up, once.
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
// Requests read the same in both shapes, and so do answers, byte for byte: by default a handler of
// the fetch shape is answered as the mutable one was, with its content types, entity tags, 304 and
// redirects ([Alike]; [Standard] answers as Route Handlers do). The following differ; each line
// says what makes them equal. DIFFERENCES.md has the answers, beside those of Next.js:
//
//   - A string: Send of reqres answers HTML, fetch.Text plain text. Take fetch.HTML,
//     or res.Type("txt").
//   - A body of a GET, which fetch does not see: FromHTTP.
//   - Statuses beyond 200 to 599, which fetch refuses.
//   - A body that is read twice: Buffer in fetch.
//
// # Migrations
//
// Migrate registers both handlers of an endpoint; which of them serves is up to the pair that it
// returns, in the running process (package migrate has the stages, and what one process cannot
// isolate). Both stand behind the same middleware, which runs once. At the stages Old and New the
// pair costs no allocation, and the side that serves is called in its own shape. At the stages
// between them:
//
//   - A shadow sees the request as it was before the serving side ran, on a
//     context with the same values and an end of its own; migrate.IsShadow is true
//     of it. No head hook runs for it, and what it gives to After is dropped. It
//     begins when the answer is complete.
//   - What is compared is what the two sides answer, without what middleware and
//     hooks add. An error counts as the answer that it becomes.
//   - Where new fails before the first byte, old answers the request as new
//     found it. A new side that was converted (ToFetch, fetch.FromHTTP) writes its
//     answer itself, so there that holds for errors and panics alone.
//   - Behind fetch middleware a stream of new is not compared, and one that
//     breaks is not seen by the guard.
//
// # Legacy apps
//
// An app with a router of its own, gin or an Express service, goes under the mux as it is, and its
// endpoints leave it one by one. Routes.Legacy is a Mount that knows these endpoints: they are rows
// of the table, Progress, Legacy and package ratchet count them, and the error of a line with a
// wrong path names the nearest.
//
//	old := r.Legacy("/", legacygin.App(engine))        // every request reaches gin as it was sent
//	old.Use(legacygin.Middleware(auth))                // gin's own guard, around what has left gin
//	old.Migrate("GET", "/products/:id", getProduct)    // its old side is gin
//	old.Moved("GET", "/search", search)                // fetch serves, and gin's handler is dead
//
// The modules contrib/legacygin, legacyecho, legacychi, legacygorilla and legacyfiber read the
// endpoints of a router in this process, package origin puts a back end in another process there,
// and the directory guides has a page for each.
//
// Mux.Progress reports how far a service has come, Mux.Legacy what is left; package ratchet keeps
// it from becoming more, and package paritytest proves a pair equal before any traffic sees it.
//
// # Upgrades and tunnels
//
// A connection cannot be a value. So a handler that takes one over, for WebSockets for example,
// writes its answer: a reqres.Handler, or an http.Handler by Handle or fetch.FromHTTP. Middleware
// of every shape may stand before it; behind ToFetch it gets http.ErrNotSupported.
//
// On HTTP/2 there is no connection to take over. Unless GODEBUG has http2xconnect=1, net/http does
// not offer extended CONNECT (RFC 8441), so that browsers open WebSockets by HTTP/1.1 on a
// connection of their own, and it resets the stream of a client that tries it. With the setting, a
// route for CONNECT whose handler writes its answer has the stream in both directions, and
// :protocol among the headers of the request. A route whose handler, or outermost middleware, has
// the fetch shape answers CONNECT with 501, and so does every path without such a route: the Fetch
// Standard forbids the method. github.com/coder/websocket, as of v1.8.15, does not know this form,
// and refuses it.
//
// # What a conversion costs
//
// ToReqRes is a function call. ToFetch runs the handler on a goroutine of its own, which costs
// about two microseconds, and hands over streams without buffering them. A round trip is the
// original function.
package adapt
