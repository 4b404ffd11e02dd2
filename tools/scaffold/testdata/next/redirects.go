package main

// The redirections of the configuration.

import (
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
)

// redirectOldSlug sends /old/:slug to /new/:slug, as next.config.mjs has it.
func redirectOldSlug(req *fetch.Request) (*fetch.Response, error) {
	return redirectTo(req, "/new/:slug", 308)
}

// redirectDocsPath sends /docs/:path* to https://docs.example.com/:path*?from=app, as next.config.mjs has it.
func redirectDocsPath(req *fetch.Request) (*fetch.Response, error) {
	return redirectTo(req, "https://docs.example.com/:path*?from=app", 303)
}

// redirectHome sends /home to /, as vercel.json has it.
func redirectHome(req *fetch.Request) (*fetch.Response, error) {
	return redirectTo(req, "/", 308)
}

// redirectTo fills the parameters of the path into destination and takes the query along.
func redirectTo(req *fetch.Request, destination string, status int) (*fetch.Response, error) {
	path, query, _ := strings.Cut(destination, "?")
	scheme, rest, absolute := strings.Cut(path, "://")
	if absolute {
		path = rest
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if name, ok := strings.CutPrefix(s, ":"); ok {
			values := req.Params(strings.TrimRight(name, "*+"))
			for j, v := range values {
				values[j] = url.PathEscape(v)
			}
			segments[i] = strings.Join(values, "/")
		}
	}
	if path = strings.Join(segments, "/"); absolute {
		path = scheme + "://" + path
	} else if path != "/" {
		path = strings.TrimSuffix(path, "/")
	}
	all := req.URL().RawQuery
	if query != "" && all != "" {
		all = "&" + all
	}
	if query+all != "" {
		path += "?" + query + all
	}
	refresh := fetch.ResponseOption{}
	if status == 308 { // for browsers of long ago
		refresh = fetch.SetHeader("Refresh", "0;url="+path)
	}
	return fetch.Bytes([]byte(path), fetch.Status(status), fetch.SetHeader("Location", path), refresh)
}
