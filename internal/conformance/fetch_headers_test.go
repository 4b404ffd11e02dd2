package conformance

// Headers: a list, and steps of operations on it.

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// pairs are names and values: a list of pairs, or an object in its order.
type pairs [][]string

func (p *pairs) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '{' {
		return json.Unmarshal(b, (*[][]string)(p))
	}
	var o ordered
	if err := json.Unmarshal(b, &o); err != nil {
		return err
	}
	*p = pairs{}
	for _, k := range o.value.(*object).keys {
		*p = append(*p, []string{k, o.value.(*object).values[k].(string)})
	}
	return nil
}

// flat are the names and values in turn, as byte strings.
func (p pairs) flat() []string {
	var list []string
	for _, pair := range p {
		for _, s := range pair {
			list = append(list, byteString(s))
		}
	}
	return list
}

// wideValue reports whether a value, which in Go is any bytes, cannot be a byte string. Names must
// be tokens anyway.
func (p pairs) wideValue() bool {
	return slices.ContainsFunc(p, func(pair []string) bool { return len(pair) == 2 && !wide(pair[0]) && wide(pair[1]) })
}

// holder is whatever has the headers of a case: a Header, or that of a request or a response, whose
// guards must make no difference on a server.
type holder struct {
	headers                 func() fetch.Header
	with, withAdded, remove func(h *holder, name, value string) error
}

func headerHolder(h fetch.Header) *holder {
	next := func(into *holder, changed fetch.Header) error {
		if changed.Err() == nil {
			*into = *headerHolder(changed)
		}
		return changed.Err()
	}
	return &holder{
		headers:   func() fetch.Header { return h },
		with:      func(into *holder, name, value string) error { return next(into, h.With(name, value)) },
		withAdded: func(into *holder, name, value string) error { return next(into, h.WithAdded(name, value)) },
		remove:    func(into *holder, name, _ string) error { return next(into, h.Without(name)) },
	}
}

func requestHolder(r *fetch.Request) *holder {
	next := func(into *holder, h fetch.Header) error {
		changed, err := r.Derive(fetch.RequestHeaders(h))
		if err == nil {
			*into = *requestHolder(changed)
		}
		return err
	}
	return &holder{
		headers:   r.Headers,
		with:      func(into *holder, name, value string) error { return next(into, r.Headers().With(name, value)) },
		withAdded: func(into *holder, name, value string) error { return next(into, r.Headers().WithAdded(name, value)) },
		remove:    func(into *holder, name, _ string) error { return next(into, r.Headers().Without(name)) },
	}
}

func responseHolder(r *fetch.Response) *holder {
	next := func(into *holder, changed *fetch.Response) error {
		if changed.Err() == nil {
			*into = *responseHolder(changed)
		}
		return changed.Err()
	}
	return &holder{
		headers:   r.Headers,
		with:      func(into *holder, name, value string) error { return next(into, r.WithHeader(name, value)) },
		withAdded: func(into *holder, name, value string) error { return next(into, r.WithAddedHeader(name, value)) },
		remove:    func(into *holder, name, _ string) error { return next(into, r.WithoutHeader(name)) },
	}
}

func headersCase(t *testing.T, raw json.RawMessage) (v verdict) {
	var c struct {
		ID, Src, Name, Guard, Profile, InitKind string
		Init                                    pairs
		InitThrows                              string
		Wide                                    bool
		NodeDiffers                             any
		Steps                                   []struct {
			Op   string
			Args []string
			Want map[string]any
		}
	}
	decode(t, raw, &c)
	switch {
	case c.Guard == "immutable":
		return verdict{out: "immutable guard"}
	case c.Init.wideValue():
		return verdict{out: "WebIDL"}
	}
	for _, s := range c.Steps {
		if len(s.Args) == 2 && wide(s.Args[1]) && !wide(s.Args[0]) {
			return verdict{out: "WebIDL"}
		}
	}
	h := crossfade.NewHeader(c.Init.flat()...)
	if v.differ("construction", c.InitThrows, class(h.Err())); c.InitThrows != "" || v.diff != "" {
		return v
	}
	on := headerHolder(h)
	switch c.Guard {
	case "request":
		on = requestHolder(fetch.NewRequest("GET", "http://a.test/", fetch.RequestHeaders(h)))
	case "response":
		res, err := fetch.NewResponse(fetch.RequestOption{}, fetch.Headers(h))
		if err != nil {
			t.Fatal(err)
		}
		on = responseHolder(res)
	}
	for _, s := range c.Steps {
		args := []string{"", ""}
		for i, a := range s.Args {
			args[i] = byteString(a)
		}
		var got outcome
		h := on.headers()
		var err error
		returns := true
		switch s.Op {
		case "append":
			err, returns = on.withAdded(on, args[0], args[1]), false
		case "set":
			err, returns = on.with(on, args[0], args[1]), false
		case "delete":
			err, returns = on.remove(on, args[0], ""), false
		case "get":
			if h.Has(args[0]) {
				got.Value = fromLatin1(h.Get(args[0]))
			}
		case "has":
			got.Value = h.Has(args[0])
		case "getSetCookie":
			got.Value = list(h.Values("Set-Cookie"))
		case "entries", "keys", "values":
			entries := []any{}
			for name, value := range h.All() {
				switch name, value = strings.ToLower(name), fromLatin1(value); s.Op {
				case "keys":
					v.norm("name case")
					entries = append(entries, name)
				case "values":
					entries = append(entries, value)
				default:
					v.norm("name case")
					entries = append(entries, []any{name, value})
				}
			}
			got.Value = entries
		case "iter", "next":
			return verdict{out: "live"}
		default:
			t.Fatalf("the runner does not know the operation %s", s.Op)
		}
		got.Throws = class(err)
		want := outcome{Value: s.Want["v"]}
		want.Throws, _ = s.Want["throws"].(string)
		if _, has := s.Want["v"]; has != returns && want.Throws == "" {
			t.Fatalf("%s returns %v", s.Op, s.Want)
		}
		if want.Throws != "" && returns { // a read has no error
			v.norm("reading a bad name")
			want = outcome{}
			if s.Op == "has" {
				want.Value = false
			}
		}
		v.differ(s.Op+" "+strings.Join(s.Args, ", "), want, got)
	}
	return v
}

func list(values []string) []any {
	out := []any{}
	for _, s := range values {
		out = append(out, fromLatin1(s))
	}
	return out
}
