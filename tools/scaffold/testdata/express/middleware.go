package main

// Middleware: what stands in front of handlers. A handler is not called before all of its middleware is ported.

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// middleware is the middleware of src/server.js:14. While it is a stub, Node answers what stands behind it.
//
//	app.use((req, res, next) => {
//	  res.set('X-Request-Id', '1');
//	  next();
//	});
func middleware(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		return nil, fetch.Errorf(501, "%s is not ported: %w", "src/server.js:14", migrate.ErrDecline) // return next(req)
	}
}

// allowRead is the middleware of src/auth.js:5. While it is a stub, Node answers what stands behind it.
//
//	exports.allow = (right) => (req, res, next) => next();
func allowRead(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		return nil, fetch.Errorf(501, "%s is not ported: %w", "src/auth.js:5", migrate.ErrDecline) // return next(req)
	}
}

// requireUser is the middleware of src/auth.js:1. While it is a stub, Node answers what stands behind it.
//
//	exports.requireUser = function requireUser(req, res, next) {
//	  if (!req.headers.authorization) return res.status(401).json({ error: 'who are you' });
//	  next();
//	};
func requireUser(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		return nil, fetch.Errorf(501, "%s is not ported: %w", "src/auth.js:1", migrate.ErrDecline) // return next(req)
	}
}

// allowWrite is the middleware of src/auth.js:5. While it is a stub, Node answers what stands behind it.
//
//	exports.allow = (right) => (req, res, next) => next();
func allowWrite(next fetch.Handler) fetch.Handler {
	return func(req *fetch.Request) (*fetch.Response, error) {
		return nil, fetch.Errorf(501, "%s is not ported: %w", "src/auth.js:5", migrate.ErrDecline) // return next(req)
	}
}
