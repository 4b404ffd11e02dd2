package reqres

// The parsed body, as req.body is in Express and Next.js.

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/text"
)

// Body returns the body parsed by its Content-Type, as req.body is in Express
// with its parsers in place: the value of JSON (objects as map[string]any), a
// *QueryObject of a URL-encoded form, a string of text, the bytes of anything
// else, and nil where there is no body. With the Flavor NextJS anything else is a
// string too, "" where there is no body, and an empty JSON body is an empty
// object. Use Decode for JSON into a type of your own, Form for a form.
//
// Malformed input is a 400, a charset that is not UTF-8, UTF-16 or Latin-1 a
// 415. The body is parsed once, however often it is asked for.
func (r *Request) Body() (any, error) {
	extras := r.x.Extras()
	if extras.Parsed == nil {
		body, err := r.parse()
		if err != nil && r.settings().nextJS() {
			err = nextBodyError(err)
		}
		extras.Parsed = &exchange.Parsed{Body: body, Err: err}
	}
	return extras.Parsed.Body, extras.Parsed.Err
}

func (r *Request) parse() (any, error) {
	next := r.settings().nextJS()
	b, err := r.x.Body().Collect()
	if err != nil {
		return nil, err
	}
	if !next && len(b) == 0 && !r.x.HasBody() {
		return nil, nil
	}
	t, _ := media.Parse(r.x.Header("Content-Type"))
	essence := t.Essence()
	isJSON := essence == "application/json" || next && essence == "application/ld+json"
	isForm := essence == "application/x-www-form-urlencoded"
	if !next && !isJSON && !isForm && !strings.HasPrefix(essence, "text/") {
		return slices.Clip(bytes.Clone(b)), nil
	}
	s, err := text.DecodeCharset(b, t.Param("charset"))
	switch {
	case err != nil:
		return nil, &Error{Status: http.StatusUnsupportedMediaType, Message: err.Error(), Err: err}
	case isForm && !next && r.settings().ExtendedQuery:
		return &QueryObject{query.Extended(s)}, nil
	case isForm:
		return &QueryObject{query.Simple(s)}, nil
	case isJSON:
		v, err := parseJSONBody(s, JSONOptions{AnyValue: true})
		if err != nil {
			return nil, &Error{Status: http.StatusBadRequest, Message: err.Error(), Err: err}
		}
		return v, nil
	}
	return s, nil
}

// QueryObject returns the whole query as req.query is in Express: the simple parser, or the
// extended one with Settings.ExtendedQuery.
//
// With the Flavor NextJS the path parameters are part of it, in place of query parameters of the
// same names: a catch-all as a list, anything else as text.
func (r *Request) QueryObject() *QueryObject {
	if r.settings().nextJS() {
		return &QueryObject{query.NextJS(r.x.RawQuery(), r.x.AllParams())}
	}
	if r.settings().ExtendedQuery {
		return &QueryObject{query.Extended(r.x.RawQuery())}
	}
	return &QueryObject{query.Simple(r.x.RawQuery())}
}
