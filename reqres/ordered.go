package reqres

import (
	"encoding/json"
	"strconv"
)

// orderedJSON decodes one value with the order of its objects kept.
func orderedJSON(d *json.Decoder) (any, error) {
	d.UseNumber()
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case json.Number:
		n, _ := strconv.ParseFloat(token.String(), 64) // out of range is infinite
		return n + 0, nil                              // -0 + 0 is 0
	case json.Delim:
		if token == '[' {
			return orderedList(d)
		}
		return orderedObject(d)
	default:
		return token, nil
	}
}

func orderedList(d *json.Decoder) (any, error) {
	list := []any{}
	for d.More() {
		v, err := orderedJSON(d)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func orderedObject(d *json.Decoder) (any, error) {
	o := new(QueryObject)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := orderedJSON(d)
		if err != nil {
			return nil, err
		}
		o.Set(name.(string), v)
	}
	_, err := d.Token()
	return o, err
}
