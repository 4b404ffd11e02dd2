package conformance

// JSON with the order of its objects kept, which is visible in answers.

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// object is a JSON object in order.
type object struct {
	keys   []string
	values map[string]any
}

func (o *object) get(key string) (any, bool) { v, ok := o.values[key]; return v, ok }

func (o *object) set(key string, v any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

func (o *object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	first := true
	for _, k := range o.inOrder() {
		if _, ok := o.values[k].(undefined); ok {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		for i, v := range []any{k, o.values[k]} {
			if i == 1 {
				b.WriteByte(':')
			}
			if err := e.Encode(v); err != nil {
				return nil, err
			}
			b.Truncate(b.Len() - 1) // the newline
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// inOrder are the keys in JavaScript's order: array indices by their number, then the others as
// they came.
func (o *object) inOrder() []string {
	index := func(k string) int {
		if n, err := strconv.Atoi(k); err == nil && n >= 0 && strconv.Itoa(n) == k {
			return n
		}
		return math.MaxInt
	}
	keys := slices.Clone(o.keys)
	slices.SortStableFunc(keys, func(a, b string) int { return cmp.Compare(index(a), index(b)) })
	return keys
}

// ordered decodes JSON: objects as *object, lists as []any, numbers as float64.
type ordered struct{ value any }

func (o *ordered) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	v, err := decodeOrdered(d)
	o.value = v
	return err
}

func decodeOrdered(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if delim == '[' {
		list := []any{}
		for d.More() {
			v, err := decodeOrdered(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err := d.Token()
		return list, err
	}
	o := new(object)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, fmt.Errorf("key %v", key)
		}
		v, err := decodeOrdered(d)
		if err != nil {
			return nil, err
		}
		o.set(name, v)
	}
	_, err = d.Token()
	return o, err
}
