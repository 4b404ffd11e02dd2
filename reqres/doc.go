// Package reqres is the mutable handler shape: a request to read and a response to write to, as in
// Express and in Next.js API Routes.
//
//	func getUser(req *reqres.Request, res *reqres.Response) error {
//		user, ok := users[req.Param("id")]
//		if !ok {
//			return res.Status(404).JSON(problem{"no such user"})
//		}
//		return res.JSON(user)
//	}
//
// What ends an Express handler returns the error to return here, so that
// `return res.JSON(v)` reads as before. What does not end it (Status, Set,
// Append, Type, Vary, Cookie, …) returns the response, to be chained; a refused
// call is remembered, reported by the terminal call, and nothing is sent.
//
// # One answer
//
// The first terminal call answers. A second one changes nothing and returns an error that names
// both. A handler that returns without an answer is a 500 that names the route. Errors and panics
// become error responses in one place, the same as for the fetch shape.
//
// # net/http
//
// A Handler is an http.Handler, and FromHTTP makes one of any http.Handler. A
// *Response is an http.ResponseWriter, so templates, http.ServeContent,
// http.ResponseController and websocket.Accept(res, req.HTTP()) work.
//
// # Express's middleware
//
//	express.json(), urlencoded(), text(), raw()   ParseJSON, ParseURLEncoded, ParseText, ParseRaw
//	(err, req, res, next) => …                    OnError
//	cookieParser(secrets)                         Settings.CookieSecrets, Request.SignedCookie
//	app.set('trust proxy', …)                     adapt.Config.TrustedProxies
//	try { res.status(n) } catch (err) …           Response.TakeErr
//
// What is refused, and what cannot be read, keeps Express's words: see RefusedError and BodyError.
// Where it differs on purpose stands, case by case, in DEVIATIONS.md.
//
// # Express or Next.js
//
// The two differ (weak or strong ETag, redirects with 302 or 307, how bodies are parsed).
// Settings.Flavor says which; its zero value is Express 5.3.
package reqres
