package binding

// JSON, which encoding/json reads at once. It tells of one mistake, and cannot tell what is absent
// from what is null or zero: where that counts the body is read once more, member by member.

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/jsontext"
)

func (p *Plan) readJSON(b []byte, dst reflect.Value, w *wrong) error {
	err := exchange.UnmarshalJSON(b, dst.Addr().Interface())
	_, malformed := errors.AsType[*json.SyntaxError](err)
	switch {
	case p.opaque, malformed:
		return err
	case err == nil && isNull(b):
		return crossfade.Errorf(http.StatusBadRequest, "the body must not be null")
	case err == nil && !p.deep && !p.lacks(dst):
		return nil
	}
	var raw json.RawMessage
	if jsontext.Unmarshal(b, &raw) != nil {
		return err
	}
	switch r := (reader{p, w}); {
	case raw[0] == '{' && p.top != nil:
		r.object(raw, p.top, dst, "", 0)
	case raw[0] == '{' && dst.Kind() == reflect.Map:
		r.dictionary(raw, dst, "", 0)
	case raw[0] == '[' && (dst.Kind() == reflect.Slice || dst.Kind() == reflect.Array):
		r.list(raw, dst, "", 0)
	default:
		return err
	}
	return nil
}

// lacks reports whether something that is required may be absent.
func (p *Plan) lacks(dst reflect.Value) bool {
	for _, m := range p.Body {
		if m.required && field(dst, m.index).IsZero() {
			return true
		}
	}
	return false
}

// reader reads JSON member by member.
type reader struct {
	*Plan
	*wrong
}

// deepest is how far mistakes are told apart; what is deeper is one value. It bounds how often a
// byte of the body is read.
const deepest = 8

// object reads the members of an object. name is that of the object, with a dot behind it, or "".
func (r reader) object(raw json.RawMessage, o *object, dst reflect.Value, name string, depth int) {
	var members map[string]json.RawMessage
	_ = json.Unmarshal(raw, &members) // it is an object
	seen := make(map[*Member]bool, len(members))
	for exact := range 2 { // a name in its own spelling counts most, and is read last
		for key, raw := range members {
			m := o.names[key]
			if (m != nil) != (exact == 1) {
				continue
			}
			if m == nil {
				m = o.fold(key)
			}
			if m == nil {
				continue
			}
			if isNull(raw) && m.required {
				continue
			}
			seen[m] = true
			if m.quoted && !isNull(raw) {
				var s string
				if json.Unmarshal(raw, &s) != nil || !json.Valid([]byte(s)) {
					r.say(name+m.Name, "expected a string with the value in it")
					continue
				}
				raw = json.RawMessage(s)
			}
			r.value(raw, field(dst, m.index), name+m.Name, depth)
		}
	}
	for _, m := range o.members {
		if m.required && !seen[m] {
			r.say(name+m.Name, "is missing")
		}
	}
}

// list reads the values of a list. name is as for object.
func (r reader) list(raw json.RawMessage, dst reflect.Value, name string, depth int) {
	var values []json.RawMessage
	_ = json.Unmarshal(raw, &values) // it is a list
	if dst.Kind() == reflect.Slice {
		dst.Set(reflect.MakeSlice(dst.Type(), len(values), len(values)))
	}
	for i, raw := range values[:min(len(values), dst.Len())] {
		r.value(raw, dst.Index(i), name+strconv.Itoa(i), depth)
	}
}

// longestKey bounds what an answer repeats of the client's own words.
const longestKey = 64

// dictionary reads the values of a map. name is as for object.
func (r reader) dictionary(raw json.RawMessage, dst reflect.Value, name string, depth int) {
	var values map[string]json.RawMessage
	_ = json.Unmarshal(raw, &values) // it is an object
	dst.Set(reflect.MakeMapWithSize(dst.Type(), len(values)))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		name := name + shortened(key)
		one := reflect.New(dst.Type())
		quoted, _ := json.Marshal(map[string]any{key: nil})
		if err := jsontext.Unmarshal(quoted, one.Interface()); err != nil { // a number, say
			r.say(name, jsontext.Reason(err))
			continue
		}
		value := reflect.New(dst.Type().Elem()).Elem()
		r.value(values[key], value, name, depth)
		dst.SetMapIndex(one.Elem().MapKeys()[0], value)
	}
}

func shortened(key string) string {
	if len(key) <= longestKey {
		return key
	}
	return strings.ToValidUTF8(key[:longestKey], "") + "…"
}

// fold returns the member of a name in another case, which encoding/json takes too.
func (o *object) fold(key string) *Member {
	for _, m := range o.members {
		if strings.EqualFold(m.Name, key) {
			return m
		}
	}
	return nil
}

func isNull(raw []byte) bool { return string(bytes.TrimSpace(raw)) == "null" }

// value reads one value.
func (r reader) value(raw json.RawMessage, dst reflect.Value, name string, depth int) {
	if r.full() {
		return
	}
	for dst.Kind() == reflect.Pointer && !isNull(raw) {
		dst.Set(reflect.New(dst.Type().Elem()))
		dst = dst.Elem()
	}
	t := dst.Type()
	own := readsItself(t)
	switch o := r.inside[t]; {
	case isNull(raw):
	case depth >= deepest && o != nil && r.deep:
		r.say(name, "is nested too deeply")
		return
	case depth > deepest:
	case own && !reflect.PointerTo(t).Implements(jsonUnmarshaler) || t == reflect.TypeFor[time.Time]():
		var s string
		if json.Unmarshal(raw, &s) != nil {
			break
		}
		if err := set(dst, s); err != nil {
			r.say(name, err.Error())
		}
		return
	case o != nil:
		if raw[0] != '{' {
			break
		}
		r.object(raw, o, dst, name+".", depth+1)
		return
	case own:
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8, t.Kind() == reflect.Array:
		if raw[0] != '[' {
			break
		}
		r.list(raw, dst, name+".", depth+1)
		return
	case t.Kind() == reflect.Map:
		if raw[0] != '{' {
			break
		}
		r.dictionary(raw, dst, name+".", depth+1)
		return
	}
	if !dst.CanInterface() { // an embedded struct of a type that is not exported, under a name in JSON
		if !isNull(raw) {
			r.say(name, "expected an object")
		}
		return
	}
	if err := jsontext.Unmarshal(raw, dst.Addr().Interface()); err != nil {
		r.say(name, jsontext.Reason(err))
	}
}
