package conformance

// The calls of a case, made on *reqres.Request and *reqres.Response.

import (
	"cmp"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/internal/status"
	"github.com/crossfade-go/crossfade/reqres"
)

// call is one run of a list of operations.
type call struct {
	p    *program
	req  *reqres.Request
	res  *reqres.Response
	err  error // of an error handler
	next func() error
	done bool // the handler has ended
}

// run makes the calls in order; an error ends them, as a throw does.
func (c *call) run(ops []any) error {
	for _, op := range ops {
		if err := c.op(op.([]any)); err != nil {
			return err
		}
		if c.done {
			return nil
		}
	}
	return nil
}

// op makes one call.
func (c *call) op(op []any) error {
	name := op[0].(string)
	switch name {
	case "next":
		if len(op) > 1 {
			switch v := c.eval(op[1]).(type) {
			case error:
				return v
			default:
				if v == "route" || v == "router" {
					panic(scope("router"))
				}
				if truthy(v) {
					return thrown{v}
				}
			}
		}
		return c.next()
	case "throw", "reject":
		if len(op) == 1 {
			return thrownError("Rejected promise")
		}
		if err, ok := c.eval(op[1]).(error); ok {
			return err
		}
		return thrown{c.eval(op[1])}
	case "resolve":
		c.done = true
	case "delay":
		time.Sleep(time.Duration(op[1].(float64)) * time.Millisecond)
	case "log":
		c.p.log = append(c.p.log, c.eval(op[1]))
	case "stop":
		c.done = true
	case "if":
		if truthy(c.eval(op[1])) {
			return c.run(op[2].([]any))
		} else if len(op) > 3 {
			return c.run(op[3].([]any))
		}
	case "try":
		_, err := c.invoke(op[1].([]any))
		c.res.TakeErr()
		if err != nil {
			_, message := words(err)
			c.p.log = append(c.p.log, message)
		} else {
			c.p.log = append(c.p.log, "ok")
		}
	case "set":
		c.assign(op[1].(string), c.eval(op[2]))
	default:
		_, err := c.invoke(op)
		return err
	}
	return nil
}

func (c *call) assign(path string, v any) {
	switch {
	case strings.HasPrefix(path, "res.locals."):
		c.res.Locals()[strings.TrimPrefix(path, "res.locals.")] = v
	case strings.HasPrefix(path, "app.locals."):
		if c.p.app == nil {
			c.p.app = map[string]any{}
		}
		c.p.app[strings.TrimPrefix(path, "app.locals.")] = v
	case path == "res.statusCode":
		c.res.Status(integer(v))
	case path == "req.url", path == "req.method":
		panic(scope("router"))
	case strings.HasPrefix(path, "req.") && strings.Count(path, ".") == 1:
		c.res.Locals()[path] = v
	default:
		panic(scope("request state"))
	}
}

// invoke makes a call and returns what it returns. A call that is refused, or fails, returns the
// error that JavaScript throws.
func (c *call) invoke(op []any) (any, error) {
	name, args := op[0].(string), make([]any, len(op)-1)
	for i := range args {
		args[i] = c.eval(op[i+1])
		if _, ok := args[i].(undefined); ok {
			panic(scope("undefined"))
		}
	}
	object, _, _ := strings.Cut(name, ".")
	if object == "req" {
		return c.ask(name, args)
	}
	v, err := c.answer(name, args)
	if err == nil {
		err = c.res.Err()
	}
	return v, err
}

// ask calls a method of the request.
func (c *call) ask(name string, args []any) (any, error) {
	orFalse := func(s string) any {
		if s == "" {
			return false
		}
		return s
	}
	choose := func(pick func(...string) string) (any, error) { return orFalse(pick(strs(args)...)), nil }
	bodiless := len(c.req.HeaderValues("Content-Length")) == 0 && len(c.req.HTTP().TransferEncoding) == 0
	accepted := func(header string, pick func(...string) string) (any, error) {
		if len(args) == 0 {
			return anys(c.req.Accepted(header)), nil
		}
		return choose(pick)
	}
	switch name {
	case "req.get", "req.header":
		v := c.req.Get(str(arg(args, 0)))
		if v == "" {
			return undefined{}, nil
		}
		return fromLatin1(v), nil
	case "req.accepts":
		return accepted("Accept", c.req.Accepts)
	case "req.acceptsCharsets":
		return accepted("Accept-Charset", c.req.AcceptsCharsets)
	case "req.acceptsEncodings":
		return accepted("Accept-Encoding", c.req.AcceptsEncodings)
	case "req.acceptsLanguages":
		return accepted("Accept-Language", c.req.AcceptsLanguages)
	case "req.is":
		if bodiless {
			return nil, nil // JavaScript tells no body from no match; Go's "" is both
		}
		return choose(c.req.Is)
	case "req.range":
		combine := false
		if len(args) > 1 {
			combine = option(args[1], "combine") == true
		}
		_, ranges, err := c.req.Range(int64(number(arg(args, 0))), combine)
		switch {
		case err == reqres.ErrUnsatisfiableRange:
			return -1.0, nil
		case err == reqres.ErrMalformedRange:
			return -2.0, nil
		case ranges == nil:
			return undefined{}, nil
		}
		list := []any{}
		for _, r := range ranges {
			o := new(object)
			o.set("start", float64(r.Start))
			o.set("end", float64(r.End))
			list = append(list, o)
		}
		return list, nil
	}
	panic(scope("node"))
}

// answer calls a method of the response.
func (c *call) answer(name string, args []any) (any, error) {
	res := c.res
	switch name {
	case "res.status":
		return res.Status(integer(arg(args, 0))), nil
	case "res.set", "res.header":
		if o, ok := arg(args, 0).(*object); ok {
			for _, k := range o.keys {
				res.Set(k, headerValue(o.values[k]))
			}
			return res, nil
		}
		field := str(args[0])
		if list, ok := arg(args, 1).([]any); ok {
			if strings.EqualFold(field, "Content-Type") {
				panic(scope("signature"))
			}
			res.Remove(field)
			return c.append(field, list), nil
		}
		return res.Set(field, headerValue(args[1])), nil
	case "res.setHeader":
		if !strings.EqualFold(str(arg(args, 0)), "Content-Type") {
			if list, ok := arg(args, 1).([]any); ok {
				return c.append(str(args[0]), list), nil
			}
			return res.Set(str(args[0]), headerValue(args[1])), nil
		}
		res.Header().Set(str(arg(args, 0)), headerValue(arg(args, 1)))
		return res, nil
	case "res.removeHeader":
		return res.Remove(str(arg(args, 0))), nil
	case "res.append":
		list, ok := arg(args, 1).([]any)
		if !ok {
			list = args[1:2]
		}
		return c.append(str(args[0]), list), nil
	case "res.get", "res.getHeader":
		values := res.Header().Values(str(arg(args, 0)))
		switch len(values) {
		case 0:
			return undefined{}, nil
		case 1:
			return fromLatin1(values[0]), nil
		}
		return anys(values), nil
	case "res.type", "res.contentType":
		return res.Type(str(arg(args, 0))), nil
	case "res.vary":
		return res.Vary(strs(manyOf(arg(args, 0)))...), nil
	case "res.cookie":
		return c.cookie(args)
	case "res.clearCookie":
		o := reqres.CookieOptions{}
		if len(args) > 1 {
			o = cookieOptions(args[1])
		}
		return res.ClearCookie(str(arg(args, 0)), o), nil
	case "res.location":
		return res.Location(jsString(arg(args, 0))), nil
	case "res.links":
		o := arg(args, 0).(*object)
		for _, rel := range o.keys {
			var urls []string
			for _, url := range manyOf(o.values[rel]) {
				urls = append(urls, headerValue(url))
			}
			res.Link(latin1(rel), urls...)
		}
		if len(o.keys) == 0 {
			res.Links(nil)
		}
		return res, nil
	case "res.attachment":
		if len(args) == 0 {
			return res.Attachment(), nil
		}
		return res.Attachment(str(args[0])), nil
	case "res.redirect":
		if code, ok := args[0].(float64); ok && status.Phrase(int(code)) == "" {
			panic(scope("phrase"))
		}
		switch {
		case len(args) == 1:
			return nil, res.Redirect(jsString(args[0]))
		case len(args) == 0:
			panic(scope("signature"))
		}
		return nil, res.Redirect(str(args[1]), integer(args[0]))
	case "res.send":
		if len(args) == 0 {
			return nil, res.End()
		}
		return nil, res.Send(goValue(args[0]))
	case "res.json":
		if _, ok := arg(args, 0).([]byte); ok {
			panic(scope("toJSON"))
		}
		return nil, res.JSON(goValue(args[0]))
	case "res.jsonp":
		panic(scope("jsonp"))
	case "res.render", "app.render":
		panic(scope("views"))
	case "res.sendStatus":
		return nil, res.SendStatus(integer(arg(args, 0)))
	case "res.write", "res.end":
		if len(args) > 0 && args[0] != nil {
			if err := c.write(args[0]); err != nil {
				return nil, err
			}
		}
		if name == "res.end" {
			return nil, res.End()
		}
		return nil, nil
	case "res.writeHead":
		if o, ok := args[len(args)-1].(*object); ok {
			for _, k := range o.keys {
				res.Header().Set(k, headerValue(o.values[k]))
			}
		}
		res.WriteHeader(integer(arg(args, 0)))
		return res, nil
	case "res.flushHeaders":
		return nil, res.Flush()
	case "res.format":
		o := arg(args, 0).(*object)
		var offers []reqres.Offer
		for _, key := range o.keys {
			h, ok := o.values[key].(*handler)
			if !ok {
				panic(scope("signature"))
			}
			offers = append(offers, reqres.Offer{Type: key, Handler: func(*reqres.Request, *reqres.Response) error { return c.run(h.ops) }})
		}
		return nil, res.Format(offers...)
	case "res.sendFile", "res.download":
		return nil, c.file(name, args)
	}
	if strings.HasPrefix(name, "app.") {
		panic(scope("app"))
	}
	panic(scope("node"))
}

func (c *call) append(field string, values []any) *reqres.Response {
	var texts []string
	for _, v := range values {
		texts = append(texts, headerValue(v))
	}
	return c.res.Append(field, texts...)
}

func (c *call) write(v any) error {
	switch v := v.(type) {
	case string:
		n, err := c.res.WriteString(v)
		c.p.written += n
		return err
	case []byte:
		n, err := c.res.Write(v)
		c.p.written += n
		return err
	}
	panic(scope("signature"))
}

func (c *call) cookie(args []any) (any, error) {
	o := reqres.CookieOptions{}
	if len(args) > 2 {
		o = cookieOptions(args[2])
	}
	name := str(arg(args, 0))
	switch v := arg(args, 1).(type) {
	case nil, []any, *object:
		return c.res.CookieJSON(name, v, o), nil
	default:
		return c.res.Cookie(name, jsString(v), o), nil
	}
}

// cookieOptions reads an object of options.
func cookieOptions(v any) (o reqres.CookieOptions) {
	if v == nil {
		return o
	}
	options, ok := v.(*object)
	if !ok {
		panic(scope("signature"))
	}
	for _, name := range options.keys {
		v := options.values[name]
		switch name {
		case "domain":
			o.Domain = str(v)
		case "path":
			o.Path = str(v)
			o.OmitPath = o.Path == ""
		case "maxAge":
			if v != nil {
				// A zero MaxAge is none in Go; the least one is Express's 0.
				o.MaxAge = cmp.Or(time.Duration(number(v)*float64(time.Millisecond)), 1)
			}
		case "expires":
			when, ok := v.(time.Time)
			if !ok {
				panic(scope("signature"))
			}
			o.Expires = when
		case "httpOnly":
			o.HTTPOnly = truthy(v)
		case "secure":
			o.Secure = truthy(v)
		case "partitioned":
			o.Partitioned = truthy(v)
		case "signed":
			o.Signed = truthy(v)
		case "priority":
			o.Priority = str(v)
		case "sameSite":
			switch s := v.(type) {
			case bool:
				if s {
					o.SameSite = http.SameSiteStrictMode
				}
			default:
				if !truthy(s) {
					continue
				}
				mode, ok := map[string]http.SameSite{"lax": http.SameSiteLaxMode, "strict": http.SameSiteStrictMode,
					"none": http.SameSiteNoneMode}[strings.ToLower(str(s))]
				if !ok {
					mode = -1
				}
				o.SameSite = mode
			}
		case "encode":
			o.Encode = func(s string) string { return s } // encodeIdentity
		default:
			panic(unknown("the cookie option " + name))
		}
	}
	return o
}

// file calls SendFile or Download.
func (c *call) file(name string, args []any) error {
	path := str(arg(args, 0))
	filename, o := "", reqres.FileOptions{}
	var callback *handler
	for _, a := range args[1:] {
		switch a := a.(type) {
		case string:
			filename = a
		case *object:
			o = fileOptions(a)
		case *handler:
			callback = a
		case nil:
		default:
			panic(scope("signature"))
		}
	}
	var err error
	if name == "res.download" {
		err = c.res.Download(path, filename, o)
	} else {
		err = c.res.SendFile(path, o)
	}
	if callback == nil {
		return err
	}
	if err == nil {
		return c.run(callback.ops)
	}
	outer := c.err
	c.err = err
	defer func() { c.err = outer }()
	return c.run(callback.ops)
}

func fileOptions(options *object) (o reqres.FileOptions) {
	for _, name := range options.keys {
		v := options.values[name]
		switch name {
		case "root":
			o.Root = str(v)
		case "maxAge", "maxage":
			o.MaxAge = duration(v)
		case "immutable":
			o.Immutable = truthy(v)
		case "cacheControl":
			o.NoCacheControl = !truthy(v)
		case "lastModified":
			o.NoLastModified = !truthy(v)
		case "acceptRanges":
			o.NoRanges = !truthy(v)
		case "start":
			o.Start = int64(number(v))
		case "end":
			o.End = int64(number(v))
		case "dotfiles":
			mode, ok := map[any]reqres.Dotfiles{"allow": reqres.AllowDotfiles, "deny": reqres.DenyDotfiles, "ignore": reqres.IgnoreDotfiles}[v]
			if !ok {
				panic(scope("signature"))
			}
			o.Dotfiles = mode
		case "headers":
			h, ok := v.(*object)
			if !ok {
				panic(scope("signature"))
			}
			o.Header = http.Header{}
			for _, k := range h.keys {
				o.Header.Set(k, headerValue(h.values[k]))
			}
		default:
			panic(scope("signature"))
		}
	}
	return o
}

// duration reads npm ms: a number of milliseconds, or a text with a unit.
func duration(v any) time.Duration {
	s, ok := v.(string)
	if !ok {
		return time.Duration(max(-1, min(number(v), 1e11)) * float64(time.Millisecond))
	}
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz ")
	n, err := strconv.ParseFloat(digits, 64)
	unit, ok := map[string]time.Duration{"": time.Millisecond, "ms": time.Millisecond, "milli": time.Millisecond,
		"s": time.Second, "sec": time.Second, "second": time.Second, "m": time.Minute, "min": time.Minute, "minute": time.Minute,
		"h": time.Hour, "hr": time.Hour, "hour": time.Hour, "d": 24 * time.Hour, "day": 24 * time.Hour,
		"w": 7 * 24 * time.Hour, "week": 7 * 24 * time.Hour, "y": 8766 * time.Hour, "yr": 8766 * time.Hour,
		"year": 8766 * time.Hour}[unitName(s[len(digits):])]
	if err != nil || !ok {
		panic(unknown("the duration " + s))
	}
	return time.Duration(n * float64(unit))
}

// unitName is a unit of npm ms, without the plural.
func unitName(s string) string {
	if s = strings.TrimSpace(s); len(s) > 2 {
		s = strings.TrimSuffix(s, "s")
	}
	return s
}

func arg(args []any, i int) any {
	if i >= len(args) {
		panic(scope("signature"))
	}
	return args[i]
}

func str(v any) string {
	s, ok := v.(string)
	if !ok {
		panic(scope("signature"))
	}
	return s
}

func number(v any) float64 {
	n, ok := v.(float64)
	if !ok {
		panic(scope("signature"))
	}
	return n
}

func integer(v any) int {
	n := number(v)
	if n != math.Trunc(n) {
		panic(scope("signature"))
	}
	return int(n)
}

func manyOf(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return []any{v}
}

func option(v any, name string) any {
	if o, ok := v.(*object); ok {
		return o.values[name]
	}
	return nil
}

// strs are the strings of arguments, lists among them taken apart.
func strs(args []any) (out []string) {
	for _, a := range args {
		for _, s := range manyOf(a) {
			out = append(out, str(s))
		}
	}
	return out
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = fromLatin1(s)
	}
	return out
}

// headerValue is a value as Node writes it: a byte for each character up to U+00FF.
func headerValue(v any) string {
	s := jsString(v)
	if strings.ContainsFunc(s, func(r rune) bool { return r > 0xFF }) {
		panic(scope("wide"))
	}
	return latin1(s)
}

// words are the class and the message of the JavaScript error that stands for err.
func words(err error) (class, message string) {
	return jsError(err, strings.TrimPrefix(err.Error(), "reqres: "))
}
