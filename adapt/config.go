package adapt

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"

	"github.com/julienschmidt/httprouter"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/cors"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/route"
	"github.com/crossfade-go/crossfade/reqres"
)

// Limits bound what one request may cost: [crossfade.Limits].
type Limits = crossfade.Limits

// Config is what a whole mux shares. The zero value is what New uses: no CORS, the default logger,
// errors as JSON, no trusted proxy, the default limits. A Config may be used for several muxes.
type Config struct {
	// CORS is the policy of every route whose scope has none of its own, and of the answers that
	// belong to no route. nil means no CORS.
	CORS *cors.Policy

	// Logger gets what clients must not see: the cause of every 5xx, the stack of every panic.
	// Default slog.Default(), asked for at each record.
	Logger *slog.Logger

	// ErrorResponse makes the answer to an error of a handler of either shape. Whatever err is,
	// errors.AsType finds a *crossfade.Error in it with the status of the answer and what a client
	// may read: the message and the fields of a 4xx, else the text of the status. The text of err
	// itself is for the log. Where ErrorResponse returns nil, the default is sent. It must not
	// panic.
	ErrorResponse func(req *fetch.Request, err error) *fetch.Response

	// NotFound answers what no route matches. Default: a 404 with {"error":"Not Found"}.
	NotFound fetch.Handler

	// TrustedProxies are the addresses whose X-Forwarded-For, -Proto and -Host are believed.
	// Default none.
	TrustedProxies []netip.Prefix

	// Limits are the defaults of every scope.
	Limits Limits

	// ReqRes are the settings of the reqres shape.
	ReqRes reqres.Settings

	// RequestID is the header with the id of a request, such as X-Request-Id: one that comes in is
	// taken if it is up to 128 letters, digits and -_.:/+=@, else one is made. It is in the request
	// for middleware and handlers, in the answer, in the lines of Logger and RequestLog, and
	// RequestID returns it. Default: requests have none.
	RequestID string

	// Answers says how handlers of the fetch shape answer. Default Alike: as those of the reqres
	// shape.
	Answers Answers

	// Debug makes errors say more, at the price of some work in each request: a handler that
	// answers twice is told both places.
	Debug bool
}

// New builds a mux from what the functions register, with the zero Config.
func New(routes ...func(*Routes)) (*Mux, error) { return Config{}.New(routes...) }

// New builds a mux from what the functions register. Each function is a scope of its own: what it
// passes to Use guards just its routes. New reports all mistakes at once, each with the line that
// it was made in: what it finds wrong with single routes, and every collision between routes (see
// CollisionError).
func (c Config) New(routes ...func(*Routes)) (*Mux, error) {
	b := &builder{config: c}
	for _, err := range reqres.Internal(door.Key()).Mistakes(c.ReqRes) {
		b.errs = append(b.errs, located(callsite.Caller(), err))
	}
	if c.Answers > Standard {
		b.errs = append(b.errs, located(callsite.Caller(), unknownAnswers(c.Answers)))
	}
	root := &scope{builder: b, Scope: Scope{CORS: c.CORS, Limits: c.Limits, Answers: c.Answers}}
	for _, register := range routes {
		if register == nil {
			b.errs = append(b.errs, located(callsite.Caller(), errors.New("New was given a nil function")))
			continue
		}
		register(root.nested().routes())
	}
	return b.build(root)
}

// builder collects what the scopes register.
type builder struct {
	config  Config
	entries []*entry // of all lines, and of all endpoints of legacy apps
	apps    []*app
	late    []func() error // composes what needs a table without mistakes
	errs    []error
}

type headHook = func(r *http.Request, status int, h http.Header)

// build makes the mux of what was registered; root has the hooks of the whole mux.
func (b *builder) build(root *scope) (*Mux, error) {
	if name := b.config.RequestID; name != "" && !header.ValidName(name) {
		b.errs = append(b.errs, fmt.Errorf("adapt: Config.RequestID is %q, which is not the name of a header", name))
	}
	b.config.RequestID = header.Canonical(b.config.RequestID)
	served := served(b.entries)
	if err := check(served); err != nil {
		b.errs = append(b.errs, err)
	}
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	m := &Mux{config: b.config, rows: b.entries, entries: served, apps: b.apps, after: newAfter()}
	m.heads, m.ends = root.heads, root.ends
	m.env = m.newEnv(b.config.CORS, b.config.Limits, m.heads, m.ends)
	m.answers = inReqRes.Answers(&m.config.ReqRes)
	m.envs = map[*cors.Policy]*route.Env{b.config.CORS: m.env}
	for _, compose := range b.late {
		if err := compose(); err != nil {
			b.errs = append(b.errs, err)
		}
	}
	for _, e := range served {
		if err := e.target.compose(); err != nil && !slices.ContainsFunc(b.errs, func(other error) bool { return other.Error() == err.Error() }) {
			b.errs = append(b.errs, err) // once, though it is the same for all routes of a scope
		}
		e.target.finish(m, e)
		if p := e.target.scope.CORS; m.envs[p] == nil {
			m.envs[p] = m.newEnv(p, b.config.Limits, m.heads, m.ends)
		}
	}
	if len(b.errs) > 0 {
		return nil, errors.Join(b.errs...)
	}
	m.missing = refusal(m.env, errNotFound)
	if b.config.NotFound != nil {
		m.missing = answering(m.env, b.config.NotFound)
	}
	m.table = newTable(served, func(e *entry) httprouter.Handle { return e.target.serve })
	m.preflights()
	if err := m.watch(); err != nil {
		return nil, err
	}
	return m, nil
}

// newEnv fixes what the requests of a route share, and those that the mux itself answers under one
// policy.
func (m *Mux) newEnv(policy *cors.Policy, limits Limits, heads []headHook, ends []endHook) *route.Env {
	service := &route.Service{
		Limits:    route.Resolved(route.Inner(limits, m.config.Limits)),
		Log:       m.config.Logger,
		Proxies:   m.config.TrustedProxies,
		RequestID: m.config.RequestID,
		Debug:     m.config.Debug,
		Settings:  &m.config.ReqRes,
		Rendered:  m.rendered,
		Params:    routerParams,
		ParamsKey: httprouter.ParamsKey,
		After:     m.after.start,
		Mux:       m,
	}
	env := &route.Env{Service: service, Head: slices.Clone(heads), End: m.whenEnded(ends)}
	env.Hooked = len(env.Head) > 0 || env.End != nil
	if m.config.RequestID != "" {
		env.Head = append(env.Head, answerID(m.config.RequestID))
	}
	if !policies.IsOff(policy) {
		env.Head = append(env.Head, corsHook(policy))
	}
	return env
}

// rendered decides how an error is answered: by the response that it carries, or as ErrorResponse
// says; nil is the default answer.
func (m *Mux) rendered(ctx context.Context, err error) *route.Rendered {
	if r, ok := errors.AsType[*route.Rendered](err); ok {
		return r
	}
	res := inFetch.InError(err) // finished as any response of a handler
	if res == nil && m.config.ErrorResponse != nil {
		x, req := exchange.FromContext(ctx), new(fetch.Request)
		inFetch.Exchange(req).Fork(x, exchange.View, x.W, x.R)
		res = inFetch.AsIs(m.config.ErrorResponse(req, &shown{err, forClients(err)}))
	}
	if res == nil {
		return nil
	}
	status := res.Status()
	if res.Err() != nil {
		status = http.StatusInternalServerError // since it cannot be sent
	}
	return &route.Rendered{Status: status, Send: func(ctx context.Context) error {
		return inFetch.Send(exchange.FromContext(ctx), res)
	}}
}

// shown is an error with what a client may read of it.
type shown struct {
	error
	client *crossfade.Error // its cause is the error
}

func (e *shown) Unwrap() error { return e.client }

func forClients(err error) *crossfade.Error {
	status := exchange.StatusOf(err)
	client := &crossfade.Error{Status: status, Message: exchange.TextOf(err, status), Err: err}
	if e, ok := errors.AsType[*crossfade.Error](err); ok {
		if client.Header = e.Header; status < http.StatusInternalServerError {
			client.Fields = e.Fields
		}
	}
	return client
}
