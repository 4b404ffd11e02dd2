// Package dashboard is the page about the migrations of a mux, for people and for scripts: how far
// the service is, which side of each pair serves and what holds it, how both sides are doing, where
// they differ, which evidence the next step still lacks, and the acts: kill, lower, raise and
// reset.
//
//	r.Mount("/admin/migrations", dashboard.New(dashboard.Config{Authorize: who}))
//
//	func who(r *http.Request) (string, dashboard.Level) {
//		u := userOf(r)
//		if !u.Admin {
//			return u.Name, dashboard.None
//		}
//		return u.Name, dashboard.Raise
//	}
//
// The page sets no cookie, loads nothing from elsewhere, runs no inline code and shows no value of
// a request or an answer, but where a pair keeps values (migrate.Config.KeepValues) and the visitor
// has the level Raise. Every change is a POST that a page of another site cannot make. None of it
// is on the path of a request: the counters of the mux are read once a second, by a goroutine that
// ends with Mux.Shutdown. The figures are those of one replica, the one that answers; what is
// wanted of all replicas is in the document that they follow (adapt.Mux.Follow). Where its source
// is a migrate.Writable the acts are written there, for all, unless "here" says otherwise; else
// they are for this replica only.
//
// # For scripts
//
// Paths are below the mount, and Authorize is asked at each. Every answer has a "version", 1;
// members may be added, none changes its meaning. An error is {"error": "…", "reasons": […]}.
//
//	GET  v1/state          the overview: who you are, the counts, the document that is followed, a row
//	                       for each pair ("pairs"), and what changed last ("changes")
//	GET  v1/pair?pair=     one pair: its row, migrate.Snapshot, what is "missing" before the next step,
//	                       differences by place ("groups"), "changes", and the "series" of a quarter of an hour
//	GET  v1/live           server-sent events: "state" is v1/state, and "tick" each second the same with
//	                       those rows only that have changed; with ?pair= also "open", which is v1/pair with
//	                       the last sample
//	GET  v1/endpoints      all endpoints, and the overlaps between them
//	GET  v1/left.md        what is left, as Markdown
//	GET  v1/audit          the last 200 acts, also those that were refused; the log of the mux has all
//	GET  v1/verdict?pair=  200 if the pair may go on, else 409 with the "reasons"; POST likewise
//	POST v1/act            {"act": "kill", "pair": "GET /users/:id", "reason": "customers complain"}
//
// A plan is {"stage": "canary", "share": 0.1}; a time is RFC 3339. In a row "plan" is in force and
// "wanted" is not while something in "holds" keeps the pair on old; "minute" has the failures and
// requests of the last minute, "rate" the requests a second, "p99" milliseconds, each of "old" and
// of "new". Durations inside a migrate.Snapshot are nanoseconds.
//
// The members of an act: "act" is kill, lower, raise or reset; "pair" its name; "reason", which
// kill and reset need (of a reset: what was looked at); "plan", which lower and raise need;
// "despite", to raise although evidence is missing; "here", for this replica only. The answer says
// what was "done", and has the "document" version that was written and how many "replicas" are
// known to follow it. 400 is an act that makes no sense, 403 one that the level does not allow, 404
// one on a pair that is not there, 409 one that cannot be done now, 502 a kill that holds here but
// could not be told to the others.
//
// # A gate for rollout controllers
//
// v1/verdict asks for Config.Evidence at the plan in force, a guard that watches, and nothing that
// holds the pair; its reasons are words: killed, tripped, held, source, time, blind, weak, idle,
// off, requests, failures, comparisons, differences, shadows-off. A pair at old or new lacks
// nothing. Flagger:
//
//	webhooks:
//	  - name: the pair may go on
//	    type: confirm-promotion
//	    url: http://shop.test/admin/migrations/v1/verdict?pair=GET%20/users/:id
//
// Argo Rollouts, where an answer other than 2xx is an error, and consecutiveErrorLimit is the
// number of errors to bear:
//
//	metrics:
//	  - name: the pair may go on
//	    interval: 1m
//	    consecutiveErrorLimit: 30
//	    successCondition: result == true
//	    provider:
//	      web:
//	        url: http://shop.test/admin/migrations/v1/verdict?pair=GET%20/users/:id
//	        jsonPath: "{$.ok}"
package dashboard
