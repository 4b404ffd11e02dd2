package main

import (
	"github.com/crossfade-go/crossfade/adapt"
)

// routes is the table. Node answers every endpoint until its plan says otherwise; the other side of each is the handler
// here. When nothing is left of Node, old.Migrate(method, path, h) becomes r.Fetch.On(method, path, h), and what is in
// adapt.ToFetch becomes r.ReqRes.On(method, path, h).
func routes(old *adapt.Legacy) {
	// src/server.js:19, translated
	old.Migrate("GET", "/", middleware(adapt.ToFetch(getRoot)))
	// src/server.js:28, translated
	old.Migrate("GET", "/a", middleware(adapt.ToFetch(getA)))
	// src/server.js:35, translated
	old.Migrate("ANY", "/any", middleware(adapt.ToFetch(serveAny)))
	// src/routes/orders.js:3, translated
	old.Migrate("GET", "/api/orders/:customer/list", middleware(requireUser(adapt.ToFetch(getOrdersCustomerList))))
	// src/routes/orders.js:4, translated
	old.Migrate("GET", "/api/orders/:customer/list/:id", middleware(requireUser(adapt.ToFetch(getOrdersCustomerListID))))
	// src/routes/orders.js:8, translated
	old.Migrate("GET", "/api/orders/:id", middleware(requireUser(adapt.ToFetch(getOrdersID))))
	// src/routes/users.js:4, a stub
	old.Migrate("GET", "/api/users", middleware(adapt.ToFetch(getUsers)))
	// src/routes/users.js:5, a stub
	old.Migrate("POST", "/api/users", middleware(adapt.ToFetch(postUsers)))
	// src/routes/users.js:12, translated
	old.Migrate("DELETE", "/api/users/:id", middleware(adapt.ToFetch(deleteUsersID)))
	// src/routes/users.js:12, translated
	old.Migrate("PUT", "/api/users/:id", middleware(adapt.ToFetch(putUsersID)))
	// src/routes/attach.js:2, translated
	old.Migrate("GET", "/attached", middleware(adapt.ToFetch(getAttached)))
	// src/server.js:28, translated
	old.Migrate("GET", "/b", middleware(adapt.ToFetch(getB)))
	// src/server.js:37, translated
	old.Migrate("GET", "/chain", middleware(allowRead(adapt.ToFetch(getChain))))
	// src/server.js:38, translated
	old.Migrate("POST", "/chain", middleware(requireUser(allowWrite(adapt.ToFetch(postChain)))))
	// src/server.js:30, translated
	old.Migrate("GET", "/five", middleware(adapt.ToFetch(getFive)))
	// src/server.js:30, translated
	old.Migrate("GET", "/five/:id", middleware(adapt.ToFetch(getFiveID)))
	// src/server.js:44, a stub
	old.Migrate("GET", "/loop/x", middleware(adapt.ToFetch(getLoopX)))
	// src/server.js:44, a stub
	old.Migrate("GET", "/loop/y", middleware(adapt.ToFetch(getLoopY)))
	// src/server.js:29, a stub
	old.Migrate("GET", "/opt", middleware(adapt.ToFetch(getOpt)))
	// src/server.js:29, translated
	old.Migrate("GET", "/opt/:id", middleware(adapt.ToFetch(getOptID)))
	// GET /order-:id stays with Node: only Express can tell what order-:id matches.
	// src/server.js:21, translated
	old.Migrate("GET", "/products/:id", middleware(adapt.ToFetch(getProductsID)))
	// src/server.js:27, translated
	old.Migrate("GET", "/products/featured", middleware(adapt.ToFetch(getProductsFeatured)))
	// src/server.js:32, translated
	old.Migrate("GET", "/rest/*path", middleware(adapt.ToFetch(getRestPath)))
	// GET /star/* stays with Node: only Express can tell what * matches.
	// src/top.mjs:4, translated
	old.Migrate("GET", "/top", adapt.ToFetch(getTop))
	// src/routes/users.js:4, a stub
	old.Migrate("GET", "/twice/users", middleware(adapt.ToFetch(getTwiceUsers)))
	// src/routes/users.js:5, a stub
	old.Migrate("POST", "/twice/users", middleware(adapt.ToFetch(postTwiceUsers)))
	// src/routes/users.js:12, translated
	old.Migrate("DELETE", "/twice/users/:id", middleware(adapt.ToFetch(deleteTwiceUsersID)))
	// src/routes/users.js:12, translated
	old.Migrate("PUT", "/twice/users/:id", middleware(adapt.ToFetch(putTwiceUsersID)))
	// src/routes/classes.ts:6, translated
	old.Migrate("GET", "/v2/class", middleware(adapt.ToFetch(getV2Class)))
	// src/routes/classes.ts:7, a stub
	old.Migrate("GET", "/v2/class/:id", middleware(adapt.ToFetch(getV2ClassID)))
	// src/server.js:46, translated
	old.Migrate("GET", "/verbs", middleware(adapt.ToFetch(getVerbs)))
	// src/server.js:46, translated
	old.Migrate("POST", "/verbs", middleware(adapt.ToFetch(postVerbs)))
	// scaffold: what is new goes above this line
}
