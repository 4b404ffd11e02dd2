package message

// One request and its answer. The mux makes an Exchange inside the object of
// the shape that it calls (one allocation), and a conversion makes another one
// for the shape that it converts to. What belongs to the request rather than to
// one writer (its body, its locals, its context) is in more, which all the
// exchanges of a request share and which exists only once something needs it.

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// Exchange is the record of one request in one shape.
type Exchange struct {
	W   http.ResponseWriter // what is underneath: net/http's writer, middleware's, or a sink
	R   *http.Request       // as it came in; never changed, see HTTP
	Env *Env

	more atomic.Pointer[more]
	rare *Rare

	// slab holds the parameters and the single values of response headers, so
	// that neither costs an allocation; a header's slice has no spare capacity,
	// so that appending to it copies.
	slab   [3]string
	used   uint8
	params uint8 // how many of the slab are parameters
	known  known

	nested  bool // R.Context already belongs to an exchange of this request
	derived bool // another exchange of this request sends the head
	sniff   bool // net/http's content sniffing applies: an http.Handler answers
	whole   bool // the answer is in memory: it does not depend on the request body

	status int16
	state  atomic.Uint32 // read without mu, and changed with it

	written  int64
	declared int64 // Content-Length of the answer, -1 if it says none

	mu sync.Mutex // guards W and the state of the answer
}

// The bits of Exchange.state.
const (
	committed uint32 = 1 << iota // the head is out
	ended                        // the answer is complete
	closed                       // the handler has returned
	streaming                    // each write has its own time, see deadline.go
	clockless                    // writes are not timed here
	unread                       // a write has failed: nobody reads the answer
	complete                     // the answer was sent by Answer: nobody may write any more
	claimed                      // only the one who has claimed it may write, see solo.go
)

func (x *Exchange) is(bit uint32) bool { return x.state.Load()&bit != 0 }

// Rare is what few exchanges have: it keeps the others small.
type Rare struct {
	ctx    context.Context // what the user put in place of the request's own
	params []string        // all parameters, where the slab is too small

	Err    error   // what was refused first: a call of a response, an argument of a request
	Place  string  // where the call that answered was made, with Config.Debug
	Parsed *Parsed // the body as reqres.Request.Body returns it
}

// Parsed is a body parsed by its media type, or why it could not be.
type Parsed struct {
	Body any
	Err  error
}

type more struct {
	body     *body // own, unless a request in process shares its caller's
	own      body
	root     http.ResponseWriter // of the first exchange: the connection's
	first    *Exchange           // the one with that writer
	locals   map[string]any
	http     *http.Request // what HTTP returned, with ours as its context
	mu       sync.Mutex    // guards the next two
	cleanup  []func()
	released bool

	once  sync.Once
	child atomic.Pointer[child] // made when somebody asks when the request ends
	ended atomic.Bool           // the answer is complete
}

// Begin makes x the record of r, answered through w.
func (x *Exchange) Begin(w http.ResponseWriter, r *http.Request, env *Env) {
	x.W, x.R, x.Env = w, r, env
	x.declared = -1
	if env.Limits.WriteTimeout != 0 {
		x.takeClock()
	}
}

// Start is Begin for a handler that is entered as an http.Handler: where the
// request came through a mux of ours, x goes on with what the mux knew.
func (x *Exchange) Start(w http.ResponseWriter, r *http.Request) {
	outer := FromContext(r.Context())
	if outer == nil {
		x.Begin(w, r, defaultEnv)
		return
	}
	x.Begin(w, r, inner(outer.Env))
	x.nested = true
	x.known.shared = true
	x.setParams(outer.values())
	m := outer.ext()
	if m.root == nil {
		m.root, m.first = outer.W, outer
	}
	if m.http == nil || r.Body != m.http.Body { // middleware put another body in place
		own := newMore()
		own.root, own.first = m.root, m.first
		own.locals = outer.localsMap()
		x.more.Store(own)
		return
	}
	x.more.Store(m)
}

// Derive makes x a second record of outer's request, answered through w with
// the request r: what a conversion enters the other shape with. The hooks of
// the head stay with the outer one, which writes the head that counts.
func (x *Exchange) Derive(outer *Exchange, w http.ResponseWriter, r *http.Request) {
	x.Begin(w, r, inner(outer.Env))
	x.nested = outer.nested
	x.known.shared = true
	if outer.rare != nil && outer.rare.ctx != nil {
		x.Rare().ctx = outer.rare.ctx
	}
	x.setParams(outer.values())
	m := outer.ext()
	if m.root == nil {
		m.root, m.first = outer.W, outer
	}
	x.more.Store(m)
	x.derived = true
}

// Twin makes x another record of the same request for the same writer: the
// copy behind the With… methods of fetch.Request.
func (x *Exchange) Twin(of *Exchange) {
	x.Derive(of, of.W, of.R)
	x.Env = of.Env
}

// Enter makes x a request of its own, in process, with the body of the request
// that it was called with.
func (x *Exchange) Enter(caller *Exchange, env *Env) {
	x.Begin(nil, caller.R.WithContext(caller.Context()), env)
	m := newMore()
	m.body = caller.ext().body
	x.more.Store(m)
}

// inner is env without its hooks.
func inner(env *Env) *Env {
	if len(env.Head) == 0 {
		return env
	}
	e := *env
	e.Head = nil
	return &e
}

func newMore() *more {
	m := new(more)
	m.body = &m.own
	return m
}

func (x *Exchange) ext() *more {
	if m := x.more.Load(); m != nil {
		return m
	}
	m := newMore()
	if x.more.CompareAndSwap(nil, m) {
		return m
	}
	return x.more.Load()
}

// Rare is the place for what few exchanges have.
func (x *Exchange) Rare() *Rare {
	if x.rare == nil {
		x.rare = new(Rare)
	}
	return x.rare
}

// Err returns Rare.Err.
func (x *Exchange) Err() error {
	if x.rare == nil {
		return nil
	}
	return x.rare.Err
}

// Place returns Rare.Place.
func (x *Exchange) Place() string {
	if x.rare == nil {
		return ""
	}
	return x.rare.Place
}

// SetParam adds the raw value of the next parameter of Env.Names.
func (x *Exchange) SetParam(raw string) {
	switch {
	case x.rare != nil && x.rare.params != nil:
		x.rare.params = append(x.rare.params, raw)
	case x.used == x.params && int(x.params) < len(x.slab):
		x.slab[x.params] = raw
		x.params++
		x.used++
	default:
		x.Rare().params = append(slices.Clone(x.values()), raw)
	}
}

// values are the raw values of the parameters.
func (x *Exchange) values() []string {
	if x.rare != nil && x.rare.params != nil {
		return x.rare.params
	}
	return x.slab[:x.params:x.params]
}

func (x *Exchange) setParams(values []string) {
	for _, v := range values {
		x.SetParam(v)
	}
}

// Answers reports whether the head of x is the one that goes out, so that a
// hook in its Env sees it.
func (x *Exchange) Answers() bool { return x.W != nil && !x.derived }

// Locals is the one map of values of this request, whatever the shape that
// asks. It is not safe for concurrent use.
func (x *Exchange) Locals() map[string]any { return x.localsMap() }

func (x *Exchange) localsMap() map[string]any {
	m := x.ext()
	if m.locals == nil {
		m.locals = make(map[string]any)
	}
	return m.locals
}

// Cleanup runs f when the request has been answered, or now where it has been:
// by a conversion's handler that is still at work when the client has left, or
// by a goroutine that a handler has left behind.
func (x *Exchange) Cleanup(f func()) {
	m := x.ext()
	m.mu.Lock()
	late := m.released
	if !late {
		m.cleanup = append(m.cleanup, f)
	}
	m.mu.Unlock()
	switch {
	case late:
		f()
	case x.is(closed) && !x.nested: // release has not seen m
		m.release()
	}
}

// After hands f to the mux, which runs it once the answer is complete.
func (x *Exchange) After(ctx context.Context, f func(context.Context)) error {
	if x.Env.After == nil {
		return ErrNoMux
	}
	return x.Env.After(x, ctx, f)
}
