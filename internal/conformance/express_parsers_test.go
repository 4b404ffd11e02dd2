package conformance

// The named middleware of the cases: the body parsers, and cookie-parser, which here is a setting.

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
)

// middleware is express.json() and its like.
func (p *program) middleware(name string, layer *object) reqres.Middleware {
	options, _ := layer.values["options"].(*object)
	if options == nil {
		options = new(object)
	}
	switch name {
	case "json":
		strict, ok := options.values["strict"].(bool)
		if _, ok := options.values["reviver"]; ok {
			panic(scope("replacer"))
		}
		return reqres.ParseJSON(reqres.JSONOptions{BodyOptions: bodyOptions(options), AnyValue: ok && !strict, KeepOrder: true})
	case "urlencoded":
		o := reqres.URLEncodedOptions{BodyOptions: bodyOptions(options), Extended: options.values["extended"] == true}
		if n, ok := options.values["parameterLimit"].(float64); ok {
			o.ParameterLimit = int(math.Trunc(n))
		}
		if n, ok := options.values["depth"].(float64); ok {
			if o.Depth = int(n); n == 0 {
				o.Extended = false
			}
		}
		return reqres.ParseURLEncoded(o)
	case "text":
		return reqres.ParseText(bodyOptions(options))
	case "raw":
		return reqres.ParseRaw(bodyOptions(options))
	case "cookieParser":
		switch secret := layer.values["secret"].(type) {
		case string:
			p.settings.CookieSecrets = []string{secret}
		case []any:
			p.settings.CookieSecrets = strs(secret)
		}
		return func(next reqres.Handler) reqres.Handler { return next }
	case "static", "cors":
		panic(scope("static"))
	}
	panic("the middleware " + name) // build reports it
}

func bodyOptions(options *object) (o reqres.BodyOptions) {
	for _, name := range options.keys {
		v := options.values[name]
		switch name {
		case "limit":
			if o.Limit = size(v); o.Limit == 0 {
				panic(scope("setup"))
			}
		case "inflate":
			o.NoInflate = v == false
		case "defaultCharset":
			o.Charset = v.(string)
		case "type":
			if f, ok := v.(*object); ok {
				o.Match = matchers[f.values["$fn"].(string)]
				continue
			}
			o.Types = strs(manyOf(v))
		case "verify":
			f, ok := v.(*object)
			if !ok {
				panic(scope("setup"))
			}
			o.Verify = verifiers[f.values["$fn"].(string)]
		case "charsetSentinel", "interpretNumericEntities":
			panic(scope("charset"))
		}
	}
	return o
}

// size reads npm bytes.
func size(v any) int64 {
	s, ok := v.(string)
	if !ok {
		return int64(v.(float64))
	}
	s = strings.ToLower(s)
	digits := strings.TrimRight(s, "bkmg")
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		panic(scope("setup"))
	}
	return int64(n * map[string]float64{"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30}[s[len(digits):]])
}

var matchers = map[string]func(*reqres.Request) bool{
	"typeVndSomething": func(req *reqres.Request) bool { return req.Get("Content-Type") == "application/vnd.something" },
	"typeAll":          func(*reqres.Request) bool { return true },
	"typeThrow":        func(*reqres.Request) bool { panic(unknown("the type function was called")) },
}

type verifier = func(req *reqres.Request, res *reqres.Response, body []byte, charset string) error

func refuseFirst(c byte, err error) verifier {
	return func(_ *reqres.Request, _ *reqres.Response, body []byte, _ string) error {
		if len(body) > 0 && body[0] == c {
			return err
		}
		return nil
	}
}

var verifiers = map[string]verifier{
	"verifyNoArray":     refuseFirst('[', errors.New("no arrays")),
	"verifyNoArray400":  refuseFirst('[', reqres.Errorf(400, "no arrays")),
	"verifyNoArrayType": refuseFirst('[', &reqres.BodyError{Type: "foo.bar", Err: errors.New("no arrays")}),
	"verifyNoSpace":     refuseFirst(' ', errors.New("no leading space")),
	"verifyThrow": func(*reqres.Request, *reqres.Response, []byte, string) error {
		return errors.New("verify was called")
	},
}
