// Package cors lets scripts of other origins call a service: exactly those origins, methods and
// headers that a policy names, and nothing by default. It is the server's side of the CORS protocol
// of the Fetch Standard (https://fetch.spec.whatwg.org/#http-cors-protocol); package corstest is
// the browser's.
//
//	policy, err := cors.New(cors.Config{
//		Origins:        []string{"https://app.example.com"},
//		Methods:        []string{"PUT", "DELETE"},
//		RequestHeaders: []string{"Content-Type"},
//	})
//	if err != nil {
//		log.Fatal(err) // every mistake in the policy at once
//	}
//	log.Fatal(http.ListenAndServe(":8080", policy.Handler(mux)))
//
// A policy can be put around a handler of any shape, with [Policy.Handler], [Policy.Fetch] and
// [Policy.ReqRes]; all three give the same headers, byte for byte. In the mux of package adapt it
// needs no wrapper, see below.
//
// # Rules of use
//
//   - Do CORS in one place. Two layers produce two values of Access-Control-Allow-Origin, which
//     browsers refuse; that includes gateways and CDNs that can add these headers. Within a
//     service, the policy owns the headers: it removes what handlers set by hand when the response
//     is committed, and counts it ([Policy.Replaced]).
//   - Put the policy around everything that answers: authentication (a preflight carries no
//     credentials and would get 401), redirects (a redirected preflight fails), routing by method
//     (a preflight is an OPTIONS request). Responses without the headers, be they 401, 404 or 500,
//     cannot be read by scripts, not even their status.
//   - In a mux of package adapt, hang the policy on the mux (adapt.Config.CORS) or on a scope of
//     routes (adapt.Scope.CORS, where [Off] switches it off), not on the handler. Then the mux
//     answers preflights itself, with the methods that are registered for the path, in whatever
//     shape; its 404, 405, redirects and failures can be read by scripts; and nothing of this
//     changes while the handler behind a route does.
//   - CORS grants, it does not protect. A POST of a foreign site reaches its handler all the same;
//     browsers only keep the response from the script. Against forged requests, use
//     [Policy.CrossOriginProtection].
//   - A policy with credentials lets its origins act as the user. Only name origins that you
//     trust with that, in every page and every script.
//
// # Origins
//
// A pattern is an origin as browsers send it, "https://app.example.com" or "http://localhost:3000":
// lower case, no path, no default port, internationalised names in Punycode. Two wildcards exist.
// "https://*.example.com" is every subdomain at any depth, but not example.com itself;
// "http://localhost:*" is every port, and none. They may be combined. "*" alone is everybody.
//
// There are no regular expressions and no callbacks: all that a policy allows can be read in one
// place, checked when the program starts and, because an answer depends on nothing else, cached.
// There is no "null" either, because every site can take on that origin; and nothing for Private
// Network Access, which browsers have given up. Preview deployments are the usual reason to ask for
// more. A pattern such as "https://*.vercel.app" lets in anybody with an account there; give
// previews a domain of your own, or add the exact origin when one is deployed.
//
// # Preflights
//
// The answer to a preflight lists all that is allowed, and the browser compares. So an answer costs
// the same whatever is asked for, one answer serves several requests from the browser's cache, and
// the console names the header or the method that is missing: there is no debug mode because there
// is nothing that it could add. An origin that is not allowed gets 403 and no list.
//
// # Coming from the npm package cors
//
//	origin: "https://a.example"    Origins: []string{"https://a.example"}; a foreign origin gets no header at all
//	origin: ["https://a.example"]  Origins, one element each
//	origin: /\.example\.com$/      Origins: []string{"https://*.example.com"}; such an expression also lets in
//	                               http: and, without the dot, evilexample.com; with /g it fails every other time
//	origin: "*", or left out       Origins: []string{"*"}; nothing is the default here
//	origin: true                   no equivalent: it allows everybody, with credentials as well. List them
//	origin: false                  cors.Off()
//	origin: function               no equivalent: build the list at start, or one policy for each scope
//	methods                        Methods; GET, HEAD and POST need no listing. The default there is also PUT, PATCH
//	                               and DELETE; here, in a mux, it is what is registered
//	allowedHeaders                 RequestHeaders; left out there, it means any: []string{"*", "Authorization"}
//	exposedHeaders                 ExposedHeaders
//	credentials: true              Credentials: true; not with "*", which browsers refuse
//	maxAge: 600                    MaxAge: 600 * time.Second
//	maxAge: 0                      MaxAge: cors.NoCache
//	preflightContinue              not needed: an OPTIONS request that is not a preflight reaches its handler, while
//	                               there every OPTIONS request ends in the middleware
//	optionsSuccessStatus: 200      PreflightStatus: 200
//
// # Coming from github.com/rs/cors
//
//	AllowedOrigins                 Origins; left out, it means everybody there and is an error here. The host is
//	                               compared as it is, not lower-cased
//	"http://*.example.com"         the same, but for whole labels only; all other uses of * are refused
//	AllowOriginFunc and the like   no equivalent, see above
//	AllowedMethods                 Methods; "*" means any here, and there a method of that name
//	AllowedHeaders                 RequestHeaders; the default there is Accept, Content-Type and X-Requested-With
//	AllowedHeaders: "*"            RequestHeaders: []string{"*", "Authorization"}; with Credentials "*" is enough
//	ExposedHeaders                 ExposedHeaders
//	MaxAge: 600                    MaxAge: 600 * time.Second
//	MaxAge: -1                     MaxAge: cors.NoCache
//	AllowCredentials               Credentials; with AllowedOrigins "*" it is an error here
//	AllowPrivateNetwork            nothing: no browser asks any more
//	OptionsPassthrough             not needed, see preflightContinue
//	OptionsSuccessStatus: 200      PreflightStatus: 200
//	Debug, Logger                  the browser's console, and corstest
//
// For clients this changes: an actual request whose method or headers are not listed still gets its
// headers, so that the console no longer blames the origin; a preflight from an origin that is not
// allowed is 403, not 204.
package cors
