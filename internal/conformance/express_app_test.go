package conformance

// An app of Express as a mux: `use` is a middleware, a route is a route of the reqres shape, an
// error handler is reqres.OnError around them, what follows the last route is the route of all
// paths, and settings are Config.

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/internal/text"
	"github.com/crossfade-go/crossfade/reqres"
)

// program is a case that is being run. A case has one request, so its state is that of the request.
type program struct {
	dir      string
	c        *expressCase
	settings reqres.Settings
	log      []any
	app      map[string]any // app.locals
	written  int            // bytes, by res.write and res.end
	out      string         // the rule that the run has met
	fault    string         // what the runner does not understand

	unknownCharset bool // a body was refused for its charset
}

// scope is the panic with which the interpreter leaves a case that a rule puts out of scope.
type scope string

// unknown is the panic about what the interpreter does not know.
type unknown string

// build makes the app, or says which rule puts it out of scope.
func (p *program) build(t *testing.T) (h http.Handler, out string) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case scope:
			out = string(v)
		default:
			h, p.fault = nil, fmt.Sprint(v)
		}
	}()
	if strings.ContainsAny(p.c.Request.Path, "%") && !validEscapes(p.c.Request.Path) {
		return nil, "parser"
	}
	if host := p.c.Request.Host; len(host) > 0 && string(host) != "null" && !pathname.ValidHost(strings.Trim(string(host), `"`)) {
		return nil, "host"
	}
	config := adapt.Config{
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		ErrorResponse: func(_ *fetch.Request, err error) *fetch.Response {
			return fetch.Must(errorPage(statusOf(err, 500)))
		},
	}
	layers, err := p.layers()
	if err != nil {
		t.Fatal(err)
	}
	p.configure(&config)
	mux, err := config.New(func(r *adapt.Routes) {
		handlers := []reqres.Middleware{poweredBy, reqres.OnError(p.finalHandler)}
		for i, l := range slices.Backward(layers) {
			if l.isError {
				handlers = append(handlers, p.errorHandler(i, l))
			}
		}
		r.UseReqRes(handlers...)
		p.register(r, layers)
	})
	if err != nil {
		t.Fatalf("%s: %v", p.c.ID, err)
	}
	return mux, ""
}

func poweredBy(next reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error {
		return next(req, res.Set("X-Powered-By", "Express"))
	}
}

func validEscapes(path string) bool {
	for i := strings.IndexByte(path, '%'); i >= 0 && i < len(path); i++ {
		if path[i] == '%' {
			if _, ok := text.Unescape(path[i:]); !ok {
				return path[i] == '%' && strings.Contains(path[:i], "?")
			}
		}
	}
	return true
}

// configure turns Express's settings into ours.
func (p *program) configure(config *adapt.Config) {
	s := &p.settings
	for name, v := range p.c.App.Settings {
		switch name {
		case "etag":
			switch v := v.value.(type) {
			case string:
				if v == "strong" {
					s.ETag = reqres.StrongETag
				}
			case bool:
				if !v {
					s.ETag = reqres.NoETag
				}
			case *object:
				tag := map[any]string{"etagCustom": `"custom"`, "etagNone": ""}[v.values["$fn"]]
				s.ETagFunc = func([]byte) string { return tag }
			}
		case "query parser":
			switch v.value {
			case "extended":
				s.ExtendedQuery = true
			case "simple", true:
			default:
				panic(scope("query parser"))
			}
		case "json spaces":
			switch v := v.value.(type) {
			case float64:
				s.JSONIndent = strings.Repeat(" ", int(v))
			case string:
				s.JSONIndent = v
			}
		case "json escape":
			s.JSONEscape = v.value == true
		case "json replacer":
			panic(scope("replacer"))
		case "subdomain offset":
			if s.SubdomainOffset = int(v.value.(float64)); s.SubdomainOffset == 0 {
				s.SubdomainOffset = -1
			}
		case "trust proxy":
			config.TrustedProxies = proxies(v.value)
		case "x-powered-by", "env":
		case "jsonp callback name":
			panic(scope("jsonp"))
		case "views", "view engine", "view cache", "view":
			panic(scope("views"))
		case "case sensitive routing", "strict routing":
			panic(scope("router"))
		default:
			panic(scope("app"))
		}
	}
	config.ReqRes = *s
}

// proxies are the forms of trust proxy that name addresses.
func proxies(v any) (list []netip.Prefix) {
	all := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	switch v := v.(type) {
	case bool:
		if v {
			return all
		}
	case float64:
		panic(scope("hops"))
	case string:
		for name := range strings.SplitSeq(v, ",") {
			list = append(list, proxy(strings.TrimSpace(name))...)
		}
	case []any:
		for _, name := range v {
			list = append(list, proxy(name.(string))...)
		}
	case *object:
		switch v.values["$fn"] {
		case "trustAll":
			return all
		case "trust10":
			return proxy("10.0.0.0/8")
		}
	}
	return list
}

func proxy(name string) (list []netip.Prefix) {
	if many, ok := map[string]string{
		"loopback":    "127.0.0.1/8 ::1/128",
		"linklocal":   "169.254.0.0/16 fe80::/10",
		"uniquelocal": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7",
	}[name]; ok {
		for one := range strings.FieldsSeq(many) {
			list = append(list, netip.MustParsePrefix(one).Masked())
		}
		return list
	}
	addr, mask, ok := strings.Cut(name, "/")
	ip := netip.MustParseAddr(addr)
	bits := ip.BitLen()
	if m, err := netip.ParseAddr(mask); ok && err == nil {
		bits = 0
		for _, b := range m.AsSlice() {
			for ; b&0x80 != 0; b <<= 1 {
				bits++
			}
		}
	} else if ok {
		bits, _ = strconv.Atoi(mask)
	}
	return []netip.Prefix{netip.PrefixFrom(ip, bits).Masked()}
}

// layer is one layer of a stack.
type layer struct {
	index   int
	isError bool
	method  string // of a route, or ""
	path    string
	do      []any
	mw      reqres.Middleware // of a named middleware
}

// layers reads the stack, and finds what only Express's router can do.
func (p *program) layers() (list []*layer, err error) {
	for i, raw := range p.c.App.Stack {
		o := raw.value.(*object)
		l := &layer{index: i}
		for _, key := range o.keys {
			v := o.values[key]
			switch key {
			case "use":
				if v != true && v != "/" {
					panic(scope("router"))
				}
			case "do":
				l.do = v.([]any)
			case "error":
				l.isError = v == true
			case "async", "options", "secret", "root":
			case "method":
				l.method = strings.ToUpper(v.(string))
			case "path":
				path, ok := v.(string)
				if !ok || strings.ContainsFunc(path, func(c rune) bool { return c > '~' || strings.ContainsRune(`{}()?+\!"`, c) }) {
					panic(scope("router"))
				}
				l.path = path
			case "handlers":
				handlers := v.([]any)
				if len(handlers) != 1 {
					panic(scope("router"))
				}
				h := handlers[0].(*object)
				l.do, _ = h.values["do"].([]any)
				if m, ok := h.values["method"].(string); ok {
					l.method = strings.ToUpper(m)
				}
			case "route":
				path, ok := v.(string)
				if !ok {
					panic(scope("router"))
				}
				l.path = path
			case "mw":
				l.mw = p.middleware(v.(string), o)
			case "router", "app", "param":
				panic(scope("router"))
			default:
				return nil, fmt.Errorf("%s: a layer with the key %q", p.c.ID, key)
			}
		}
		list = append(list, l)
	}
	p.order(list)
	return list, nil
}

// order finds cases whose answer depends on the order of registration, or on how Express compares
// paths.
func (p *program) order(list []*layer) {
	request, _, _ := strings.Cut(p.c.Request.Path, "?")
	matched := 0
	method, routed := p.c.Request.Method, false
	for _, l := range list {
		switch {
		case l.path == "":
			continue
		case strings.Count(l.path, "*") > 1 || strings.Contains(l.path, "*") && !strings.Contains(l.path, "/*"):
			panic(scope("router"))
		}
		exact, loose := matches(l.path, request)
		if loose != exact {
			panic(scope("router"))
		}
		if !exact {
			continue
		}
		routed = true
		if l.method == "ALL" || l.method == method || l.method == "GET" && method == "HEAD" {
			matched++
		}
	}
	switch {
	case matched > 1:
		panic(scope("router"))
	case method == "OPTIONS" && matched == 0 && routed:
		panic(scope("options"))
	}
}

// matches compares a path with a pattern, as here, and as Express does: in any case, and with one
// slash more at the end.
func matches(pattern, path string) (exact, loose bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	compare := func(got []string, equal func(a, b string) bool) bool {
		for i, segment := range want {
			if strings.HasPrefix(segment, "*") {
				return len(got) > i && strings.Join(got[i:], "/") != ""
			}
			if i >= len(got) {
				return false
			}
			if strings.HasPrefix(segment, ":") {
				if strings.ContainsAny(segment[1:], ":-.") {
					panic(scope("router"))
				}
				if got[i] == "" {
					return false
				}
			} else if !equal(segment, got[i]) {
				return false
			}
		}
		return len(got) == len(want)
	}
	exact = compare(got, func(a, b string) bool { return a == b })
	loose = exact || compare(got, strings.EqualFold)
	if n := len(got) - 1; !loose && n > 1 && got[n] == "" {
		loose = compare(got[:n], strings.EqualFold)
	}
	return exact, loose
}

// register registers the layers: middleware guards what follows it.
func (p *program) register(r *adapt.Routes, layers []*layer) {
	for i, l := range layers {
		switch {
		case l.isError:
		case l.path == "":
			r.Scope(adapt.Scope{}, func(r *adapt.Routes) {
				r.UseReqRes(p.use(l))
				p.register(r, layers[i+1:])
			})
			return
		default:
			h := p.use(l)(func(*reqres.Request, *reqres.Response) error { panic(scope("router")) })
			if l.method == "ALL" {
				r.ReqRes.Any(l.path, p.guard(l.index, h))
			} else {
				r.ReqRes.On(l.method, l.path, p.guard(l.index, h))
			}
		}
	}
	r.ReqRes.Any("/[[...rest]]", func(req *reqres.Request, res *reqres.Response) error { return errNotFound })
}

// errNotFound is the end of the stack.
var errNotFound = errors.New("the end of the stack")

// failure is an error with the layer that it came from, because an error goes to the error handlers
// behind that one only.
type failure struct {
	layer int
	error
}

func (f failure) Unwrap() error { return f.error }

// use is a layer as a middleware: op "next" goes on.
func (p *program) use(l *layer) reqres.Middleware {
	return func(next reqres.Handler) reqres.Handler {
		if l.mw != nil {
			mw := l.mw(func(req *reqres.Request, res *reqres.Response) error {
				if err := next(req, res); err != nil {
					return failure{-1, err} // marked already, deeper down
				}
				return nil
			})
			return p.guard(l.index, mw)
		}
		return p.guard(l.index, func(req *reqres.Request, res *reqres.Response) error {
			c := &call{p: p, req: req, res: res, next: func() error {
				if err := next(req, res); err != nil {
					return failure{-1, err}
				}
				return nil
			}}
			return c.run(l.do)
		})
	}
}

// guard marks the errors of a layer, and takes the panics that end a case.
func (p *program) guard(index int, h reqres.Handler) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) (err error) {
		defer p.caught(&err)
		err = h(req, res)
		if f, ok := err.(failure); ok {
			if f.layer < 0 {
				return f.error
			}
			return f
		}
		if err == nil || errors.Is(err, errNotFound) {
			return err
		}
		if e, ok := errors.AsType[*reqres.BodyError](err); ok && e.Type == "charset.unsupported" {
			p.unknownCharset = true
		}
		return failure{index, err}
	}
}

// errStopped answers a case that turned out to have another fate.
var errStopped = &reqres.Error{Status: 500}

func (p *program) caught(err *error) {
	switch v := recover().(type) {
	case nil:
	case scope:
		p.out, *err = string(v), errStopped
	case unknown:
		p.fault, *err = string(v), errStopped
	default:
		panic(v)
	}
}

// errorHandler is the error handler at index as a middleware.
func (p *program) errorHandler(index int, l *layer) reqres.Middleware {
	return reqres.OnError(func(err error, req *reqres.Request, res *reqres.Response) (out error) {
		f, ok := err.(failure)
		if !ok || f.layer > index || p.out != "" || p.fault != "" {
			return err
		}
		defer p.caught(&out)
		c := &call{p: p, req: req, res: res, err: f.error}
		c.next = func() error { panic(scope("router")) }
		if err := c.run(l.do); err != nil {
			return failure{index, err}
		}
		return nil
	})
}

// finalHandler is npm finalhandler: the page for what nothing has answered.
func (p *program) finalHandler(err error, req *reqres.Request, res *reqres.Response) error {
	if f, ok := err.(failure); ok {
		err = f.error
	}
	if errors.Is(err, reqres.ErrNoResponse) {
		return err // Express hangs; here the mux says so
	}
	code, message := 404, ""
	if errors.Is(err, errNotFound) || errors.Is(err, syscall.EISDIR) {
		path := req.OriginalURL()
		if i := strings.IndexAny(path, "?#"); i >= 0 {
			path = path[:i]
		}
		message = "Cannot " + req.Method() + " " + text.EncodeURL(path)
	} else {
		fallback := res.StatusCode()
		if fallback < 400 || fallback > 599 {
			fallback = 500
		}
		code = statusOf(err, fallback)
		if message = status.Phrase(code); message == "" {
			p.out = "phrase"
		}
	}
	for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Range"} {
		res.Remove(name)
	}
	if e, ok := errors.AsType[*reqres.Error](err); ok {
		for name, values := range e.Header {
			res.Remove(name).Append(name, values...)
		}
	}
	if e, ok := errors.AsType[*caseError](err); ok && e.status != 0 {
		for name, values := range e.header {
			res.Remove(name).Append(name, values...)
		}
	}
	page := pageOf(message)
	res.Set("Content-Security-Policy", "default-src 'none'").Set("X-Content-Type-Options", "nosniff")
	res.Set("Content-Type", "text/html; charset=utf-8").Set("Content-Length", strconv.Itoa(len(page))).Status(code)
	if req.Method() != "HEAD" {
		if _, err := res.WriteString(page); err != nil {
			return err
		}
	}
	return res.End()
}

// statusOf is the status that an error carries, or fallback.
func statusOf(err error, fallback int) int {
	if e, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err); ok && e.StatusCode() >= 400 && e.StatusCode() < 600 {
		return e.StatusCode()
	}
	return fallback
}

func pageOf(message string) string {
	message = strings.ReplaceAll(strings.ReplaceAll(text.HTMLEscape(message), "\n", "<br>"), "  ", " &nbsp;")
	return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>" +
		message + "</pre>\n</body>\n</html>\n"
}

// errorPage is the page as Config.ErrorResponse gives it, for the mux's own errors.
func errorPage(code int) (*fetch.Response, error) {
	return fetch.HTML(pageOf(status.Phrase(code)), fetch.Status(code), fetch.SetHeader("Content-Type", "text/html; charset=utf-8"),
		fetch.SetHeader("Content-Security-Policy", "default-src 'none'"), fetch.SetHeader("X-Content-Type-Options", "nosniff"))
}

// request is the raw request of the case.
func (p *program) request() []byte {
	r := &p.c.Request
	localhost := "localhost"
	host := &localhost
	if r.Host != nil {
		if string(r.Host) == "null" {
			host = nil
		} else {
			v := strings.Trim(string(r.Host), `"`)
			host = &v
		}
	}
	var headers []field
	for _, h := range r.Headers {
		headers = append(headers, field(h))
	}
	var body *string
	if r.Body != nil {
		s := p.bytes(r.Body.value)
		body = &s
	}
	var chunks []string
	if r.Chunks != nil {
		chunks = []string{}
		for _, c := range *r.Chunks {
			chunks = append(chunks, p.bytes(c.value))
		}
	}
	return rawRequest(r.Method, r.Path, host, headers, body, chunks)
}

// bytes are those of a body, text or tagged.
func (p *program) bytes(v any) string {
	switch v := (&call{p: p}).eval(v).(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func (p *program) fixture(name string) string {
	if name == "" {
		return p.dir
	}
	return p.dir + "/" + name
}
