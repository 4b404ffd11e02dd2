// Package exchange joins the two halves of a request, what was asked (inbound) and what is answered
// (outbound), with what belongs to both: the context, what becomes of an error, and the end.
//
// The mux makes an Exchange inside the object of the shape that it calls (one allocation). Where
// the request is looked at or answered in another way as well, by a conversion say, a second
// exchange is made from the first by Fork.
package exchange

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/internal/outbound"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Exchange is one request and its answer, in one shape.
type Exchange struct {
	outbound.Answer

	// Spared says that R is kept for another handler: what HTTP returns is a copy that one may
	// write to. It is set before others know of the exchange.
	Spared bool

	up     *Exchange // that this one was forked from, of the same request; nil for the first
	extras atomic.Pointer[Extras]
}

// Extras is what few exchanges have: it keeps the others small.
type Extras struct {
	Err    error   // what was refused first: a call of a response, an argument of a request
	Place  string  // where the call that answered was made, with Config.Debug
	Parsed *Parsed // the body as reqres.Request.Body returns it

	ctx  context.Context // what the user has put in place of the request's own
	seer outbound.Seer   // this exchange, for the Seen of the first one
	mu   sync.Mutex      // guards the next two, and what is said below
	http *http.Request   // what HTTP has returned
	room *http.Request   // to be used by HTTP, where it was allocated with the record

	*firstExtras // nil where this is not the first exchange of its request
}

// firstExtras is what the first exchange has for all of its request.
type firstExtras struct {
	values   map[string]any // see Locals
	began    time.Time      // see StartTiming
	cleanup  []func()       // guarded by mu, as the next two are
	released bool
	work     *Work
	once     sync.Once
	child    atomic.Pointer[child] // made when somebody asks when the request ends
}

// Parsed is a body parsed by its media type, or why it could not be.
type Parsed struct {
	Body any
	Err  error
}

// Start is Begin for a handler that is entered as an http.Handler: where the request came through a
// mux of ours, x goes on with what the mux knew.
func (x *Exchange) Start(w http.ResponseWriter, r *http.Request) {
	if outer := FromContext(r.Context()); outer != nil {
		x.Fork(outer, Entered, w, r)
		return
	}
	x.Begin(w, r, route.Default)
}

// Share says for what an exchange is made from another, and so what the two share.
type Share uint8

const (
	View     Share = iota // the request with something changed: With…, an error page
	Inner                 // a conversion calls the other shape
	Entered               // an http.Handler is called, below middleware in the shape of net/http
	Called                // a mux is called in process, with a request that somebody holds
	Detached              // the request once more, apart from everything that is served: a shadow
)

// Fork makes x from another exchange, for the request r and the writer w. What it shares:
//
//	                      View       Inner      Entered        Called      Detached
//	route, parameters     of's       of's       of's           the mux's   of's
//	body                  of's       of's       of's [1]       of's        that of r
//	what SetContext set   of's       of's       in r [2]       in r        of's
//	locals                of's       of's       of's           own         a copy
//	clean-up, end         of's       of's       of's           own         own
//	head hooks            run [3]    of's turn  of's turn      run         none
//	sends the head        of         of         x, through of  x           nobody
//
// [1] Unless middleware has put another one in its place, which then is x's own. [2] Middleware has
// made r, with the context that it wants. [3] Where x answers at all: see Adopt.
func (x *Exchange) Fork(of *Exchange, as Share, w http.ResponseWriter, r *http.Request) {
	x.Begin(w, r, of.Env)
	x.Nested, x.Spared = as == Entered || as < Entered && of.Nested, x.Spared || of.Spared && as <= Entered
	x.Silent = as == Inner || as == Entered || as == Detached || as == View && of.Silent
	x.Derived = as == View || as == Inner || as == Detached
	if as != Called {
		x.ShareParams(&of.Request)
	}
	if as <= Entered {
		x.up = of
	}
	switch {
	case as == Detached, x.Bodyless() && of.Bodyless():
	case as == Entered && !of.Wraps(r.Body):
		x.OwnBody(x.root().W)
	default:
		x.ShareBody(of.Body())
	}
	if as == Entered {
		x.takePathValues(of)
	}
	if as == Entered && x.root().Env.Hooked {
		x.handles() // middleware has made the context
	}
	if ctx := of.ownContext(); ctx != nil && as != Entered && as != Called {
		x.SetContext(ctx)
	}
}

// takePathValues takes over the path values that middleware has put in place.
func (x *Exchange) takePathValues(of *Exchange) {
	for _, name := range of.Env.Names {
		if v := x.R.PathValue(name); v != "" && v != x.Param(name) {
			x.SetParam(name, v)
		}
	}
}

// root returns the first exchange of the request: the one that has the connection's writer.
func (x *Exchange) root() *Exchange {
	for x.up != nil {
		x = x.up
	}
	return x
}

// handles says that the handler has the request as x has it.
func (x *Exchange) handles() {
	e := x.Extras()
	e.seer = x
	x.root().Seen.Store(&e.seer)
}

// StartTiming says that the request begins, for Began.
func (x *Exchange) StartTiming() { x.Extras().began = time.Now() }

// Began is when the request began, if StartTiming was called.
func (x *Exchange) Began() time.Time { return x.Extras().began }

// The values of Side.
const (
	OldSide = 1 + iota
	NewSide
)

// ServedBy notes which side of a migration serves the request, or tries to.
func (x *Exchange) ServedBy(side uint32) {
	if x.Begun == side && x.Side.Load() == 0 { // of most
		return
	}
	if root := x.root(); root.servedBy() != side {
		root.Side.Store(side)
	}
}

// servedBy returns what ServedBy has noted of the first exchange of a request.
func (x *Exchange) servedBy() uint32 {
	if side := x.Side.Load(); side != 0 {
		return side
	}
	return x.Begun
}

// SideName is how logs and reports call the side that serves the request; "" for an ordinary route.
func (x *Exchange) SideName() string { return [...]string{"", "old", "new"}[x.root().servedBy()] }

// Extras returns those of x, for whoever has some to add.
func (x *Exchange) Extras() *Extras {
	if e := x.extras.Load(); e != nil {
		return e
	}
	e := x.newExtras()
	if x.extras.CompareAndSwap(nil, e) {
		return e
	}
	return x.extras.Load()
}

func (x *Exchange) newExtras() *Extras {
	if x.up != nil {
		return new(Extras)
	}
	e := new(struct {
		Extras
		first firstExtras
	})
	e.firstExtras = &e.first
	return &e.Extras
}

// HTTP returns what Exchange.HTTP has returned, or nil.
func (e *Extras) HTTP() *http.Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.http
}

// UseExtras makes e, which is new, the extras of x, which has none yet and is to be forked.
func (x *Exchange) UseExtras(e *Extras) { x.extras.Store(e) }

// none is what an exchange without extras has of them, to be read only.
var none = Extras{firstExtras: new(firstExtras)}

// had returns the extras of x, to read in them what needs no lock.
func (x *Exchange) had() *Extras { return cmp.Or(x.extras.Load(), &none) }

// Err returns Extras.Err.
func (x *Exchange) Err() error { return x.had().Err }

// Place returns Extras.Place.
func (x *Exchange) Place() string { return x.had().Place }

// Locals is the one map of values of this request, whatever the shape that asks. It is not safe for
// concurrent use.
func (x *Exchange) Locals() map[string]any {
	root := x.root()
	e := root.Extras()
	if e.values == nil {
		e.values = make(map[string]any)
		if root.Seen.Load() == nil {
			root.handles() // from there on they are part of the context
		}
	}
	return e.values
}

// locals returns the map of Locals, or nil where nobody has asked for it.
func (x *Exchange) locals() map[string]any { return x.root().had().values }
