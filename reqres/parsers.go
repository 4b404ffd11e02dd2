package reqres

// Express's body parsers as middleware: npm body-parser 2.4, with its options, its errors and its
// silence about bodies that are not for it. Without any of them Request.Body parses by the
// Content-Type.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/negotiate"
	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/text"
)

// BodyOptions are what all body parsers have in common.
type BodyOptions struct {
	// Limit bounds the body, in bytes, after it is decompressed; it takes the place of Limits.Body.
	// Default 100 KiB, as in Express; a negative one means no limit.
	Limit int64
	// Types are the types of bodies that are parsed, as for Request.Is. Default: the one of the
	// parser.
	Types []string
	// Match, where set, decides in place of Types.
	Match func(req *Request) bool
	// NoInflate refuses a compressed body with 415. Otherwise gzip and deflate are read.
	NoInflate bool
	// Charset is that of a body which names none. Default UTF-8.
	Charset string
	// Verify sees the body, decompressed, before it is parsed. Its error is answered with 403, or
	// with its own status.
	Verify func(req *Request, res *Response, body []byte, charset string) error
}

// JSONOptions are the options of ParseJSON.
type JSONOptions struct {
	BodyOptions // what all parsers have
	// AnyValue accepts every JSON value. Otherwise it must be an object or a list.
	AnyValue bool
	// KeepOrder makes objects *QueryObject, whose keys stay in the order in which they came, and
	// turns -0 into 0. Otherwise objects are map[string]any.
	KeepOrder bool
}

// URLEncodedOptions are the options of ParseURLEncoded.
type URLEncodedOptions struct {
	BodyOptions // what all parsers have
	// Extended reads nested names, as in a[b]=c.
	Extended bool
	// ParameterLimit bounds the number of parameters. Default 1000.
	ParameterLimit int
	// Depth bounds how deep names may nest, with Extended. Default 32.
	Depth int
}

// ParseJSON parses bodies of application/json (express.json). Request.Body returns the value; an
// empty body is an empty object.
func ParseJSON(o JSONOptions) Middleware {
	p := parser{BodyOptions: o.BodyOptions, kind: "application/json"}
	p.charset = func(name string) bool { return strings.HasPrefix(name, "utf-") }
	p.parse = func(_ []byte, s, _ string) (any, error) { return parseJSONBody(s, o) }
	return p.middleware
}

// ParseURLEncoded parses bodies of application/x-www-form-urlencoded (express.urlencoded).
// Request.Body returns a *QueryObject.
func ParseURLEncoded(o URLEncodedOptions) Middleware {
	p := parser{BodyOptions: o.BodyOptions, kind: "application/x-www-form-urlencoded"}
	p.charset = func(name string) bool { return name == "utf-8" || name == "iso-8859-1" }
	p.parse = func(_ []byte, s, charset string) (any, error) { return parseURLEncoded(s, charset, o) }
	return p.middleware
}

// ParseText parses bodies of text/plain (express.text). Request.Body returns a string.
func ParseText(o BodyOptions) Middleware {
	p := parser{BodyOptions: o, kind: "text/plain"}
	p.charset = func(string) bool { return true }
	p.parse = func(_ []byte, s, _ string) (any, error) { return s, nil }
	return p.middleware
}

// ParseRaw takes bodies of application/octet-stream as they are (express.raw). Request.Body returns
// a []byte.
func ParseRaw(o BodyOptions) Middleware {
	p := parser{BodyOptions: o, kind: "application/octet-stream"}
	p.parse = func(b []byte, _, _ string) (any, error) { return slices.Clip(append([]byte{}, b...)), nil }
	return p.middleware
}

// parser is one of the four.
type parser struct {
	BodyOptions
	kind    string
	charset func(name string) bool // whether it may be; nil where there is none
	parse   func(b []byte, s, charset string) (any, error)
}

const defaultParserLimit = 100 << 10

func (p parser) middleware(next Handler) Handler {
	return func(req *Request, res *Response) error {
		extras := req.x.Extras()
		if extras.Parsed == nil {
			extras.Parsed = new(exchange.Parsed) // the body is the parsers' from here on
		}
		if extras.Parsed.Body == nil && req.x.HasBody() && p.matches(req) {
			body, err := p.read(req, res)
			if err != nil {
				return err
			}
			extras.Parsed.Body = body
		}
		return next(req, res)
	}
}

func (p parser) matches(req *Request) bool {
	switch {
	case p.Match != nil:
		return p.Match(req)
	case len(p.Types) > 0:
		return negotiate.Is(req.x.Header("Content-Type"), true, p.Types...) != ""
	}
	return negotiate.Is(req.x.Header("Content-Type"), true, p.kind) != ""
}

func (p parser) read(req *Request, res *Response) (any, error) {
	charset := ""
	if p.charset != nil {
		t, _ := media.Parse(req.x.Header("Content-Type"))
		charset = strings.ToLower(cmp.Or(t.Param("charset"), p.Charset, "utf-8"))
		if _, err := text.DecodeCharset(nil, charset); err != nil || !p.charset(charset) {
			return nil, bodyError(http.StatusUnsupportedMediaType, &BodyError{Type: "charset.unsupported", Charset: charset},
				"unsupported charset "+strconv.Quote(strings.ToUpper(charset)))
		}
	}
	b, err := p.collect(req)
	if err != nil {
		return nil, err
	}
	if p.Verify != nil {
		if err := p.Verify(req, res, slices.Clip(bytes.Clone(b)), charset); err != nil {
			return nil, refusedBody(http.StatusForbidden, "entity.verify.failed", err, string(b))
		}
	}
	s := ""
	if p.charset != nil {
		s, _ = text.DecodeCharset(b, charset) // which is known since before the body was read
	}
	v, err := p.parse(b, s, charset)
	if err != nil {
		return nil, refusedBody(http.StatusBadRequest, "entity.parse.failed", err, s)
	}
	return v, nil
}

// collect reads the body within the limit, and undoes its Content-Encoding.
func (p parser) collect(req *Request) ([]byte, error) {
	limit := cmp.Or(p.Limit, defaultParserLimit)
	encoding := strings.ToLower(cmp.Or(req.x.Header("Content-Encoding"), "identity"))
	if encoding != "identity" {
		open := decompressors[encoding]
		message := fmt.Sprintf("unsupported content encoding %q", encoding)
		if p.NoInflate {
			open, message = nil, "content encoding unsupported"
		}
		if open == nil {
			return nil, bodyError(http.StatusUnsupportedMediaType, &BodyError{Type: "encoding.unsupported", Encoding: encoding}, message)
		}
		return inflate(req, open, limit)
	}
	b, err := req.x.Body().CollectWithin(limit)
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusRequestEntityTooLarge {
		return nil, tooLarge(limit, max(0, req.x.R.ContentLength))
	}
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusBadRequest {
		return nil, refusedBody(http.StatusBadRequest, "request.aborted", err, "")
	}
	return b, err
}

func tooLarge(limit, length int64) error {
	return bodyError(http.StatusRequestEntityTooLarge,
		&BodyError{Type: "entity.too.large", Limit: limit, Length: length}, "request entity too large")
}

func parseJSONBody(s string, o JSONOptions) (any, error) {
	if s == "" {
		return map[string]any{}, nil
	}
	if !o.AnyValue {
		if err := jsontext.Strict([]byte(s)); err != nil {
			return nil, err
		}
	}
	var v any
	if err := jsontext.Unmarshal([]byte(s), &v); err != nil || !o.KeepOrder {
		return v, err
	}
	return outward(orderedJSON(json.NewDecoder(strings.NewReader(strings.TrimPrefix(s, "\uFEFF"))))), nil
}

func parseURLEncoded(s, charset string, o URLEncodedOptions) (any, error) {
	limit := cmp.Or(o.ParameterLimit, 1000)
	if s == "" {
		return new(QueryObject), nil
	}
	count := strings.Count(s, "&") + 1
	if count > limit {
		return nil, bodyError(http.StatusRequestEntityTooLarge, &BodyError{Type: "parameters.too.many"}, "too many parameters")
	}
	b := query.Brackets{Array: count, Params: count, Strict: true, Latin1: charset == "iso-8859-1"}
	if o.Extended {
		b.Depth, b.Array = cmp.Or(o.Depth, 32), max(100, count)
	}
	v, err := b.Parse(s)
	if err != nil {
		return nil, bodyError(http.StatusBadRequest, &BodyError{Type: "querystring.parse.rangeError", Err: err}, "The input exceeded the depth")
	}
	return &QueryObject{v}, nil
}
