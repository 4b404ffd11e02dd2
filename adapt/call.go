package adapt

// Calls between endpoints, in process: what is decided about a request is decided as on the wire,
// but for its route, which the caller names.

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/binding"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/pattern"
)

// Call asks another endpoint of the mux that serves ctx, with no socket, as a server action does,
// and returns what it answers:
//
//	c, err := adapt.Call[cocktail](ctx, "GET /api/cocktails/:id", byID{ID: "7"})
//
// The route is one of the table, of any shape: its method and its pattern, as a line of code
// registers it, with the prefixes of its scopes. in is a value as [fetch.Typed] takes it: its tags
// say the parameters, the query, headers, cookies and a JSON body, and members that are zero are
// left out. A nil says nothing. The request runs through the guards, the middleware and the limits
// of the route. It carries the credentials of the request of ctx, its cookies and Authorization,
// comes from the same address to the same host, and has the values of ctx and its end.
//
// The JSON of the answer is decoded into Out; struct{} takes any answer of success, and a
// *fetch.Response is the answer itself, which must be read to its end or closed. A status outside
// 200 to 299 is a *[crossfade.Error] with that status, and with the message and the fields of a
// 4xx, so that an endpoint which returns it passes that on to its own client. Cookies and headers
// of the answer go nowhere else.
//
// ctx is the context of a request that a Mux serves, or one made from it. An unknown route, an in
// that says too little, or too much, for it, and an answer that is not the JSON of an Out are
// errors of the program, without a status; endpoints that call each other more than 16 deep are a
// 508. Call is safe for concurrent use.
func Call[Out any](ctx context.Context, route string, in any) (Out, error) {
	var out Out
	res, err := call(ctx, route, in)
	if err != nil {
		return out, err
	}
	if whole, ok := any(&out).(**fetch.Response); ok && res.OK() {
		*whole = res
		return out, nil
	}
	defer res.Close()
	if !res.OK() {
		return out, failure(route, res)
	}
	if _, ok := any(out).(struct{}); ok {
		return out, nil
	}
	if t := res.Header("Content-Type"); t == "" || exchange.WantsJSON(t) != nil {
		return out, fmt.Errorf("adapt: Call %s: the answer, %d %s, is not JSON, and cannot become a %s", route, res.Status(), cmp.Or(t, "without a type"), reflect.TypeFor[Out]())
	}
	if err := res.JSON(&out); err != nil {
		return out, fmt.Errorf("adapt: Call %s: %v", route, err) // not the mistake of our own client
	}
	return out, nil
}

type depthKey struct{}

// deepest is how many calls may be within each other.
const deepest = 16

// call asks the route that is named.
func call(ctx context.Context, route string, in any) (*fetch.Response, error) {
	x := exchange.FromContext(ctx)
	if x == nil || x.Env.Mux == nil {
		return nil, exchange.ErrNoMux
	}
	depth, _ := ctx.Value(depthKey{}).(int)
	if depth == deepest {
		return nil, crossfade.Errorf(http.StatusLoopDetected, "adapt: Call %s: endpoints call each other more than %d deep", route, deepest)
	}
	m := x.Env.Mux.(*Mux)
	e, err := m.named(route)
	if err != nil {
		return nil, err
	}
	var parts binding.Parts
	if in != nil {
		plan, err := binding.Of(reflect.TypeOf(in))
		if err == nil {
			parts, err = plan.Write(reflect.ValueOf(in))
		}
		if err != nil {
			return nil, fmt.Errorf("adapt: Call %s: %w", route, err)
		}
	}
	path, values, err := fill(e.pattern, parts.Path)
	if err != nil {
		return nil, fmt.Errorf("adapt: Call %s: %w", route, err)
	}
	method, _, _ := strings.Cut(route, " ")
	req := request(x, method, path, parts).WithContext(context.WithValue(ctx, depthKey{}, depth+1))
	if err := errors.Join(req.Err(), context.Cause(ctx)); err != nil {
		return nil, fmt.Errorf("adapt: Call %s: %w", route, err)
	}
	inner, y := m.within(req)
	return e.target.ask(inner, y, func() {
		if len(e.target.env.Names) > 0 {
			for _, v := range values {
				y.AddParam(v)
			}
		}
	})
}

// named returns the entry of a route, written as where it was registered or in the other syntax.
func (m *Mux) named(route string) (*entry, error) {
	method, path, _ := strings.Cut(route, " ")
	p, err := pattern.Parse(path)
	var found *entry
	for _, e := range m.entries {
		same := e.Pattern == path || err == nil && e.pattern.Key() == p.Key()
		if same && (e.Method == method || found == nil && (e.Method == anyMethod || e.Method == http.MethodGet && method == http.MethodHead)) {
			found = e
		}
	}
	if found == nil || method == anyMethod {
		return nil, fmt.Errorf("adapt: Call: no route is %q%s", route, m.nearest(route))
	}
	return found, nil
}

// nearest names the route that may have been meant.
func (m *Mux) nearest(route string) string {
	if len(m.entries) == 0 {
		return ""
	}
	far := func(e *entry) int { return distance(route, e.request()) }
	return ", the nearest is " + slices.MinFunc(m.entries, func(a, b *entry) int { return far(a) - far(b) }).request()
}

// fill returns the path of a pattern with values in the place of its parameters, and those values
// as they stand in it. A value without a parameter in the pattern, or a parameter without a value,
// is an error; a segment that no request could have there is the mistake of whoever has chosen the
// value, and so a 400.
func fill(p pattern.Pattern, given map[string][]string) (path string, values []string, err error) {
	var b strings.Builder
	for _, s := range p.Segments {
		if s.Kind == pattern.Literal {
			b.WriteString("/" + s.Text)
			continue
		}
		segments := given[s.Text]
		if s.Kind >= pattern.CatchAll && len(segments) == 1 {
			segments = strings.Split(strings.TrimPrefix(segments[0], "/"), "/")
		}
		switch _, ok := given[s.Text]; {
		case s.Kind == pattern.OptionalCatchAll && (len(segments) == 0 || len(segments) == 1 && segments[0] == ""):
			values = append(values, "")
			continue
		case !ok:
			return "", nil, fmt.Errorf("the input has no member with the tag path:%q", s.Text)
		case s.Kind == pattern.Param && len(segments) != 1:
			segments = []string{""}
		}
		escaped := make([]string, len(segments))
		for i, segment := range segments {
			if escaped[i] = url.PathEscape(segment); segment == "" && s.Kind == pattern.Param || segment == "." || segment == ".." {
				return "", nil, crossfade.Invalid(map[string]string{s.Text: fmt.Sprintf("%q cannot stand in a path", segment)})
			}
		}
		value := strings.Join(escaped, "/")
		if value == "" {
			return "", nil, crossfade.Invalid(map[string]string{s.Text: "is missing"})
		}
		b.WriteString("/" + value)
		values = append(values, value)
	}
	for name := range given {
		if !slices.Contains(p.Names(), name) {
			return "", nil, fmt.Errorf("the input has a member with the tag path:%q, and the pattern has no parameter of that name", name)
		}
	}
	return cmp.Or(b.String(), "/"), values, nil
}

// request returns a request made of parts, from the client of x.
func request(x *exchange.Exchange, method, path string, parts binding.Parts) *fetch.Request {
	query := crossfade.Params{}
	for _, p := range parts.Query {
		query = query.WithAdded(p.Name, p.Value)
	}
	if query.Len() > 0 {
		path += "?" + query.String()
	}
	var opts []fetch.RequestOption
	said := func(name string) bool {
		return slices.ContainsFunc(parts.Header, func(p binding.Pair) bool { return strings.EqualFold(p.Name, name) })
	}
	for _, p := range parts.Header {
		opts = append(opts, fetch.RequestHeader(p.Name, p.Value))
	}
	for _, p := range parts.Cookie { // before those of the caller, since the first counts
		opts = append(opts, fetch.RequestHeader("Cookie", p.Name+"="+url.PathEscape(p.Value)))
	}
	for _, name := range append(passedOn, x.Env.RequestID) {
		for _, v := range x.R.Header[name] {
			if name == "Cookie" || !said(name) {
				opts = append(opts, fetch.RequestHeader(name, v))
			}
		}
	}
	if !said("Accept") {
		opts = append(opts, fetch.RequestHeader("Accept", "application/json"))
	}
	if parts.Body != nil {
		opts = append(opts, fetch.BlobBody(parts.Body, "application/json"))
	}
	req := fetch.NewRequest(method, path, opts...)
	r := inFetch.Exchange(req).R
	r.RemoteAddr, r.TLS = x.R.RemoteAddr, x.R.TLS
	if !said("Host") {
		r.Host = x.R.Host
	}
	return req
}

// passedOn are the headers that say who asks.
var passedOn = []string{"Cookie", "Authorization", "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// failure returns the error for an answer whose status is not 200 to 299.
func failure(route string, res *fetch.Response) error {
	e := &crossfade.Error{Status: res.Status(), Message: fmt.Sprintf("adapt: Call %s was answered with %d %s", route, res.Status(), http.StatusText(res.Status()))}
	if e.Status < 400 || e.Status > 499 {
		return e
	}
	e.Message = http.StatusText(e.Status)
	var body struct {
		Error  string
		Fields map[string]string
	}
	if b, ok := inFetch.Buffered(res); ok && json.Unmarshal(b, &body) == nil && body.Error != "" {
		e.Message, e.Fields = body.Error, body.Fields
	}
	for _, name := range []string{"Allow", "Retry-After", "Www-Authenticate"} {
		if v := res.Header(name); v != "" {
			if e.Header == nil {
				e.Header = make(http.Header)
			}
			e.Header.Set(name, v)
		}
	}
	return e
}
