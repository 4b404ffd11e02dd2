// Package origin makes a back end in another process a legacy app of a mux: an Express or Next.js
// service, or anything that speaks HTTP, whose endpoints then move one by one.
//
//	shop, err := origin.New(origin.Config{URL: "http://127.0.0.1:3000", Kind: origin.Express, Endpoints: endpoints})
//	if err != nil {
//		log.Fatal(err)
//	}
//	mux, err := adapt.New(func(r *adapt.Routes) {
//		old := r.Legacy("/", shop)                      // all requests reach Express as before
//		old.Migrate("GET", "/products/:id", getProduct) // its old side is Express
//	})
//
// Requests reach the back end as they were sent: path, query, Host, body as it arrives, upgrades.
// X-Forwarded-For, -Proto and -Host say who asked the mux and how, by Config.TrustedProxies of the
// mux; what a client has forged is gone. Answers are streamed. If the app has a prefix, Location
// and the paths of cookies get it.
//
// A back end that refuses, breaks off before its head or is too slow is a 502 or 504 that the mux
// answers and logs as any handler's error; one that breaks off later cuts the connection, so that
// half an answer never looks whole.
//
// # The list of endpoints
//
// NextManifest reads that of a Next.js build. List reads a file with a line for each, such as
//
//	GET /products/:id getProduct
//
// An Express 5 app prints that file when this script is loaded before it. The app is not changed,
// and it ends where it would begin to listen:
//
//	node --require ./endpoints.cjs app.js > endpoints.txt
//
// The script, endpoints.cjs:
//
//	const { Router } = require('express');
//
//	const use = Router.prototype.use; // Express forgets under which prefix a router is mounted
//	Router.prototype.use = function (path, ...rest) {
//	  for (const f of [path, ...rest].flat()) {
//	    if (typeof f === 'function' && f.stack) f.mountedAt = typeof path === 'string' ? path : '';
//	  }
//	  return use.call(this, path, ...rest);
//	};
//
//	const lines = (router, prefix) =>
//	  router.stack.flatMap(({ route, handle }) => {
//	    if (!route) return handle.stack ? lines(handle, prefix + (handle.mountedAt ?? '').replace(/\/$/, '')) : [];
//	    const name = route.stack.at(-1).name.replace('<anonymous>', '');
//	    return [route.path].flat().flatMap((path) =>
//	      Object.keys(route.methods).map((method) =>
//	        [method === '_all' ? 'ANY' : method.toUpperCase(), path === '/' && prefix ? prefix : prefix + path, name].join(' ').trim()));
//	  });
//
//	require('node:http').Server.prototype.listen = function () {
//	  for (const app of this.listeners('request')) if (app.router) console.log(lines(app.router, '').join('\n'));
//	  process.exit();
//	};
package origin

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/weburl"
)

// Kind says what a back end is, and with that in what its answers differ from those of any port.
type Kind uint8

const (
	// Plain is a back end of which nothing is known.
	Plain Kind = iota
	// Express is an Express service: X-Powered-By, and what the packages compression and cors add.
	Express
	// NextJS is a Next.js service: X-Powered-By, X-NextJS-…, and the Vary of its router.
	NextJS
)

// name returns what the app is called in reports: origin, express, or next.
func (k Kind) name() string {
	return [...]string{"origin", "express", "next"}[min(k, NextJS)]
}

// rules returns what every comparison with a back end of the kind leaves out. Content-Encoding is a
// matter of the connection: what is compared is what it decodes to.
func (k Kind) rules() parity.Rules {
	switch k {
	case Express:
		return parity.Rules{Ignore: []string{"header.x-powered-by", "header.content-encoding", "header.vary"}}
	case NextJS:
		return parity.Rules{Ignore: []string{"header.x-powered-by", "header.content-encoding", "header.vary", "header.x-nextjs-cache"}}
	}
	return parity.Rules{}
}

// Config describes a back end. URL alone is enough.
type Config struct {
	// URL is where it listens, such as http://127.0.0.1:3000; a path in it stands in front of every
	// path.
	URL string
	// Kind says what it is.
	Kind Kind
	// Name is what reports call it. Default: the name of the kind.
	Name string
	// Endpoints are those that it has; nil means that nobody knows.
	Endpoints []adapt.Endpoint
	// Host is the Host header to send. Default: that of the request, or what a trusted proxy says
	// it was.
	Host string
	// Timeout is how long the back end may take to begin its answer once it has the request. 0
	// means 30 s, below 0 no limit. The answer itself may take any time.
	Timeout time.Duration
	// Health is a path of which the back end answers a GET with a status below 500 while it works.
	// Default: that it accepts a connection is enough.
	Health string
}

// New returns the back end as an app for Routes.Legacy. It does not contact it. The error names
// every mistake in c.
func New(c Config) (adapt.App, error) {
	var errs []error
	base, err := weburl.Read(c.URL)
	switch shown := weburl.Redacted(c.URL); {
	case err != nil:
		errs = append(errs, fmt.Errorf("origin: URL %q cannot be read: %w", shown, err))
	case base.Scheme != "http" && base.Scheme != "https" || base.Host == "":
		errs = append(errs, fmt.Errorf("origin: URL is %q; it must be absolute, such as http://127.0.0.1:3000", shown))
	case base.RawQuery != "" || base.Fragment != "" || base.User != nil:
		errs = append(errs, fmt.Errorf("origin: URL %q has more than a scheme, a host and a path", shown))
	}
	if c.Kind > NextJS {
		errs = append(errs, fmt.Errorf("origin: there is no kind %d; use Plain, Express or NextJS", c.Kind))
	}
	if c.Health != "" && c.Health[0] != '/' {
		errs = append(errs, fmt.Errorf("origin: Health is %q; it must be a path, which begins with /", c.Health))
	}
	if len(errs) > 0 {
		return adapt.App{}, errors.Join(errs...)
	}
	c.Name = cmp.Or(c.Name, c.Kind.name())
	if c.Timeout = cmp.Or(c.Timeout, 30*time.Second); c.Timeout < 0 {
		c.Timeout = 0
	}
	app := adapt.App{Name: c.Name, Endpoints: c.Endpoints, Rules: c.Kind.rules()}
	switch c.Kind {
	case Express:
		app.JSON = "application/json; charset=utf-8"
	case NextJS:
		app.JSON = "application/json"
	}
	h := newHealth(c, base)
	app.Healthy = h.healthy
	app.Handler = http.Handler(newProxy(c, base, h))
	return app, nil
}
