package work

// GitHub's REST API of the year in which httprouter's own benchmark took it up,
// but complete: that benchmark leaves out what httprouter cannot hold. In 40
// pairs of the 239 routes some path matches both, and precedence decides.

import (
	_ "embed"
	"net/http"
	"strings"
)

//go:embed github.txt
var githubTxt string

// GitHub is the complete table, and the part of it that one httprouter takes:
// the first paragraph of github.txt.
var GitHub, Disjoint = readGitHub()

func readGitHub() (all, disjoint []Route) {
	for line := range strings.Lines(githubTxt) {
		method, path, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok {
			disjoint = all
			continue
		}
		all = append(all, Route{method, path})
	}
	return all, disjoint
}

func github() Workload {
	routes := func(p Peer) []Route {
		if p.Disjoint {
			return Disjoint
		}
		return GitHub
	}
	all, disjoint := Lookups(GitHub, 1024), Lookups(Disjoint, 1024)
	return Workload{
		Name: "GitHub API",
		App: func(p Peer) http.Handler {
			if p.GitHub == nil {
				return nil
			}
			return p.GitHub(routes(p))
		},
		Ask: func(p Peer) []Request {
			if p.Disjoint {
				return disjoint
			}
			return all
		},
	}
}
