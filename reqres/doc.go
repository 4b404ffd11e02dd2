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
// A call that ends an Express handler returns an error here, and the handler returns it, so that
// `return res.JSON(v)` reads as before. A call that does not end it (Status, Set, Append, Type,
// Vary, Cookie, …) returns the response, to be chained. A call that is refused is remembered: the
// terminal call returns its error, and nothing is sent.
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
// Errors about refused calls and unreadable bodies keep Express's words: see RefusedError and
// BodyError. DEVIATIONS.md lists, case by case, where this package differs on purpose.
//
// # Express or Next.js
//
// The two differ (weak or strong ETag, redirects with 302 or 307, how bodies are parsed).
// Settings.Flavor says which; its zero value is Express 5.3.
package reqres
