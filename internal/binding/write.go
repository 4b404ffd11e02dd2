package binding

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/value"
)

// Parts is what a value says of a request.
type Parts struct {
	Path   map[string][]string // by the name of the parameter; of a catch-all the segments
	Query  []Pair
	Header []Pair
	Cookie []Pair
	Body   []byte // JSON; nil for none
}

// Pair is a name and a value.
type Pair struct{ Name, Value string }

// Write is what v, of the type of the plan, says of a request: Read makes v of it again. A member
// that is zero is not said, as if the request had none, unless it is required.
func (p *Plan) Write(v reflect.Value) (parts Parts, err error) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return parts, fmt.Errorf("the input is a nil %s", v.Type())
		}
		v = v.Elem()
	}
	parts.Path = make(map[string][]string)
	for _, m := range p.Params {
		texts, err := m.write(field(v, m.index))
		if err != nil {
			return parts, err
		}
		switch m.From {
		case Path:
			parts.Path[m.Name] = texts
		case Query:
			parts.Query = appendPairs(parts.Query, m.Name, texts)
		case Header:
			if m.list && len(texts) > 0 {
				texts = []string{strings.Join(texts, ", ")}
			}
			parts.Header = appendPairs(parts.Header, m.Name, texts)
		case Cookie:
			parts.Cookie = appendPairs(parts.Cookie, m.Name, texts)
		}
	}
	if p.HasBody {
		parts.Body, err = p.body(v)
	}
	return parts, err
}

func appendPairs(pairs []Pair, name string, texts []string) []Pair {
	for _, text := range texts {
		pairs = append(pairs, Pair{name, text})
	}
	return pairs
}

// write is the texts of one member.
func (m *Member) write(v reflect.Value) (texts []string, err error) {
	switch {
	case m.list:
		for i := range v.Len() {
			text, err := value.Format(v.Index(i))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.Name, err)
			}
			texts = append(texts, text)
		}
		return texts, nil
	case m.From != Path && !m.required && v.IsZero():
		return nil, nil
	case m.pointer:
		v = v.Elem()
	}
	text, err := value.Format(v)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", m.Name, err)
	}
	return []string{text}, nil
}

// body returns the JSON of the members of the body.
func (p *Plan) body(v reflect.Value) ([]byte, error) {
	all, err := jsontext.Marshal(v.Interface())
	if err != nil || !p.params || p.top == nil {
		return all, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(all, &members); err != nil {
		return nil, err
	}
	for name := range members {
		if p.top.names[name] == nil {
			delete(members, name)
		}
	}
	return jsontext.Marshal(members)
}
