package binding

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type branch struct {
	N     int8              `json:"n"`
	Text  string            `json:"text"`
	At    *time.Time        `json:"at"`
	Down  []branch          `json:"down"`
	One   *branch           `json:"one"`
	Names []string          `json:"names"`
	Bytes []byte            `json:"bytes"`
	Any   any               `json:"any"`
	Map   map[string]*uint8 `json:"map"`
	Pair  [2]bool           `json:"pair"`
	Words map[string]branch `json:"words"`
	Ints  map[int8][]string `json:"ints"`
	Two   [2]leaf           `json:"two"`
	Deep  **uint8           `json:"deep"`
	Quote *int              `json:"quote,string"`
	Twice string            `json:"twice,string"`
	//lint:ignore SA5008 where it means nothing, encoding/json ignores it
	Not []int `json:"not,string"`
	leaf
}

type leaf struct {
	Leaf float64 `json:"leaf"`
	N    string  `json:"n"` // hidden by that of branch
}

// What encoding/json reads at once is read as the same value member by member, and what it refuses
// is a mistake there too.
func FuzzReadJSON(f *testing.F) {
	for _, s := range []string{
		`{"n":1,"text":"a","at":"2026-11-28T17:30:00Z","down":[{"one":{"n":-128}}],"names":["a",null],"bytes":"aGk=","any":[{}],"map":{"a":1,"b":null},"pair":[true],"leaf":1e-7}`,
		`{"n":128}`, `{"down":[{"down":[{"n":"x"}]}],"one":{"names":[1]}}`, `{"at":1}`, `{"at":"soon"}`, `{"N":1,"LEAF":2}`, `{"bytes":"?"}`, `{"map":{"a":256}}`, `{"one":null,"down":null}`,
		`{"pair":[true,false,1]}`, `{"words":{"a":{"n":1,"two":[{"leaf":2},{},1]},"b":null},"ints":{"-1":["x"]},"deep":3}`, `{"words":{"a":{"n":"1"}}}`, `{"ints":{"128":[]}}`, `{"ints":{"x":[]}}`, `{"words":[],"ints":null,"deep":null}`, `{"deep":256,"two":{}}`, `{"leaf":{}}`, `{"any":1e999}`,
		`{"quote":"5","twice":"\"a\"","not":[1]}`, `{"quote":5}`, `{"quote":"x"}`, `{"twice":"a"}`, `{"quote":"null"}`, `{"quote":null}`,
	} {
		f.Add(s)
	}
	p, err := Of(reflect.TypeFor[branch]())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var whole any
		if json.Unmarshal([]byte(s), &whole) != nil || twice(whole) {
			return
		}
		if _, ok := whole.(map[string]any); !ok {
			return
		}
		raw, err := json.Marshal(whole) // which has no name twice
		if err != nil {
			t.Fatal(err)
		}
		var want, got branch
		err = json.Unmarshal(raw, &want)
		w := wrong{}
		reader{p, &w}.object(raw, p.top, reflect.ValueOf(&got).Elem(), "", 0)
		switch {
		case (err == nil) != (len(w.fields) == 0):
			t.Errorf("%s: encoding/json says %v, member by member it is %v", raw, err, w.fields)
		case err == nil && !cmp.Equal(want, got, cmp.AllowUnexported(branch{})):
			t.Errorf("%s\n%s", raw, cmp.Diff(want, got, cmp.AllowUnexported(branch{})))
		}
	})
}

// twice reports whether an object within v has two names that differ by their case, which
// encoding/json takes as one.
func twice(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, twice)
	case map[string]any:
		for name, member := range v {
			for other := range v {
				if other != name && strings.EqualFold(other, name) {
					return true
				}
			}
			if twice(member) {
				return true
			}
		}
	}
	return false
}

type (
	a       struct{ X, Y int }
	b       struct{ X, Z int }
	tagged1 struct {
		X int `json:"Y"`
	}
	named  struct{ V int }
	Public struct{ P int }
)

// The members of the body are those of encoding/json.
func TestBodyIsThatOfJSON(t *testing.T) {
	for _, v := range []any{
		struct{ a }{},
		struct {
			a
			b
		}{},
		struct {
			a
			tagged1
		}{},
		struct {
			a
			Y string `json:"X"`
		}{},
		struct {
			named `json:"named"`
			*Public
			Skipped int `json:"-"`
			//lint:ignore SA5008 it is the name -
			Dash    int `json:"-,"`
			private int
			Empty   int `json:",omitempty"`
		}{Public: new(Public), Empty: 1},
		struct{ time.Location }{},
	} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var members map[string]any
		if err := json.Unmarshal(raw, &members); err != nil {
			t.Fatal(err)
		}
		p, err := Of(reflect.TypeOf(v))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]any{}
		for _, m := range p.Body {
			got[m.Name] = members[m.Name]
		}
		if diff := cmp.Diff(members, got); diff != "" {
			t.Errorf("%T (-want +got)\n%s", v, diff)
		}
	}
}
