// Package legacytest holds an adaptor of a router to what an adapt.App promises: that an app is
// served under a mux as it is alone, byte for byte, and that its endpoints can be moved.
//
//	func TestUnderTheMux(t *testing.T) {
//		legacytest.Run(t, legacytest.Suite{
//			New: func(t *testing.T) (http.Handler, adapt.App) {
//				engine := service(t.TempDir()) // the endpoints that Run names, in the router's own idiom
//				return engine, legacygin.App(engine)
//			},
//		})
//	}
//
// The service under test has these endpoints, each written as one writes it for that router:
//
//	GET    /users/:id           {"id":…,"name":"Ada & <Co>"}; of the id none a 404 with a JSON body
//	POST   /users               a JSON body, checked; 201 with Location
//	GET    /search              the query, as JSON
//	GET    /me                  a cookie sid read (401 without) and a cookie set
//	POST   /upload              a file of a form; more than 1 MiB goes to a temporary file
//	GET    /events              three events: Event writes one
//	GET    /upgrade             Upgrade
//	GET    /panic               a panic, and what the router makes of it
//	GET    /cut                 half an answer, flushed, then panic(http.ErrAbortHandler)
//	GET    /fail                502
//	GET    /old                 a redirect to /users/1
//	GET    /target              Target
//	ANY    /any/*rest           method, rest, and the length of the body
//	GET    /static/*            the directory of New, with site.css in it
//	GET    /api/v1/items/:id    JSON; DELETE: 204. Both behind middleware that answers 401 without Authorization
//
// For routers whose handlers are those of net/http, Handlers has all of them.
package legacytest
