package adapt

// What is behind a route: its handler behind the middleware of its scopes, and the surroundings
// that every request of it shares.

import (
	"net/http"
	"strings"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/rollout"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/reqres"
)

type target struct {
	line    *registration
	roomy   bool          // requests need room for guards or the hooks of the end
	guards  []route.Guard // that are asked before the handler, and before all other middleware
	handler handler
	pair    *rollout.Sides // not behind middleware of one shape: its plan says which shape is entered
	alone   bool           // and behind none at all
	scope   *scope
	env     *route.Env

	preflight preflight // the answer for the route's pattern and policy
}

// compose puts the handler behind the middleware of its scopes, once the whole table is known to be
// right.
func (t *target) compose() error {
	var h handler
	guards, chain := leading(t.scope.middlewares())
	switch r := t.line; {
	case r.pair != nil:
		if len(chain) > 0 {
			r.pair.Next = finishing(r.pair.Next)
		}
		r.pair.OnError, r.pair.Tags = errorHandlers(chain), tags(chain)
		h = handler{fetch: r.pair.ServeFetch, reqres: r.pair.ServeReqRes, enters: r.pair.EntersFetch}
	case r.mount:
		h = handler{reqres: reqres.FromHTTP(mounted(t.scope.Prefix+strings.TrimSuffix(r.path, "/[[...mounted]]"), r.http))}
	case r.http != nil:
		h = handler{reqres: reqres.FromHTTP(r.http)}
	default:
		if h = native(r.fetch, r.reqres); len(chain) > 0 {
			h.fetch = finishing(h.fetch)
		}
	}
	var err error
	t.guards = guards
	if t.handler, err = h.around(chain); t.handler.fetch != nil && t.handler.reqres != nil {
		t.pair, t.alone = t.line.pair, t.line.pair != nil && len(chain) == 0
	}
	return err
}

// native is a handler in every shape that costs no conversion: what was converted is called as what
// it was.
func native(f fetch.Handler, r reqres.Handler) handler {
	if originOf(f) != nil {
		return handler{fetch: f, reqres: ToReqRes(f)}
	}
	if o, ok := originOf(r).(fetch.Handler); ok {
		return handler{fetch: o}
	}
	return handler{fetch: f, reqres: r}
}

// mutable reports whether the handler, of a migration the old one, was written in the mutable shape.
func (r *registration) mutable() bool {
	var h any = r.fetch
	if r.reqres != nil {
		h = r.reqres
	}
	_, ok := unconverted(h).(reqres.Handler)
	return ok
}

// finish fixes the environment once all scopes are known.
func (t *target) finish(m *Mux, e *entry) {
	heads, ends := t.scope.hooks()
	env := m.newEnv(t.scope.CORS, t.scope.Limits, heads, ends)
	if !e.asSent {
		env.Names = e.pattern.Names()
	}
	env.Answers = m.answersOf(e)
	env.Unparsed = !t.line.mutable()
	env.CatchAll = e.pattern.CatchesAll()
	env.Pattern, env.Guards = e.servePattern(), t.guards
	env.Route = func(old bool) (pattern, handler, source string) {
		handler = e.Handler
		if old {
			handler = e.oldHandler()
		}
		return e.request(), handler, e.Source
	}
	t.roomy = len(t.guards) > 0 || env.End != nil
	t.env = env
}

// serve calls the handler natively: one object for the request, in the shape that the handler was
// written in. A pair is entered in the shape of the side that is likely to serve: it decides
// inside, where the request is known.
func (t *target) serve(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	if t.alone {
		t.servePair(w, r, ps)
		return
	}
	h := t.handler
	if h.reqres != nil && (t.pair == nil || !t.pair.EntersFetch()) {
		req, res, x := t.enter()
		t.begin(x, w, r, ps)
		inReqRes.Serve(h.reqres, req, res)
		return
	}
	req := t.newRequest()
	t.begin(inFetch.Exchange(req), w, r, ps)
	inFetch.Serve(h.fetch, req)
}

// servePair enters a pair with nothing around it in the shape of the side that serves. Only where a
// key may be made of what a guard adds, or is made of the body, is it not known here which one that
// is.
func (t *target) servePair(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	d := t.pair.Decide()
	if d.ByKey && len(t.guards) == 0 {
		if !t.pair.KeyOfHead() {
			t.showPattern(r)
			t.show(r, ps)
		}
		d = t.pair.DecideByKey(d, r)
	}
	if t.pair.InFetch(d, r) {
		req := t.newRequest()
		x := inFetch.Exchange(req)
		t.begin(x, w, r, ps)
		x.Begun = exchange.NewSide
		t.pair.ServeNew(d, req)
		return
	}
	req, res, x := t.enter()
	t.begin(x, w, r, ps)
	if !d.New && !d.ByKey {
		x.Begun = exchange.OldSide
	}
	inReqRes.Serve(func(req *reqres.Request, res *reqres.Response) error { return t.pair.AnswerReqRes(d, req, res) }, req, res)
}

func (t *target) enter() (*reqres.Request, *reqres.Response, *exchange.Exchange) {
	if t.roomy {
		return inReqRes.EnterWithRoom()
	}
	return inReqRes.Enter()
}

func (t *target) newRequest() *fetch.Request {
	if t.roomy {
		return inFetch.WithRoom()
	}
	return new(fetch.Request)
}

func (t *target) begin(x *exchange.Exchange, w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	t.showPattern(r)
	x.Begin(w, r, t.env)
	if t.env.End != nil {
		x.StartTiming()
	}
	t.params(x, ps)
}

// params hands the values of the match to x, as they stand in the path.
func (t *target) params(x *exchange.Exchange, ps httprouter.Params) {
	if len(t.env.Names) == 0 {
		return
	}
	for i := range ps {
		x.AddParam(ps[i].Value)
	}
}

// show puts the values of the match into the request that the mux was given, as http.ServeMux does.
func (t *target) show(r *http.Request, ps httprouter.Params) {
	for i, name := range t.env.Names[:min(len(t.env.Names), len(ps))] {
		if v, _ := pathname.Decode(ps[i].Value); r.PathValue(name) != v {
			r.SetPathValue(name, v)
		}
	}
}

// showPattern puts in the pattern, which costs nothing, so that middleware around the mux always
// sees it.
func (t *target) showPattern(r *http.Request) {
	if t.env.Pattern != "" {
		r.Pattern = t.env.Pattern
	}
}

// garbled reports whether the value of a parameter does not decode to valid UTF-8.
func garbled(p httprouter.Param) bool {
	_, ok := pathname.Decode(p.Value)
	return !ok
}
