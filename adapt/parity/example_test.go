package parity_test

import (
	"fmt"
	"net/http"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

func recorded(body string) parity.Message {
	return parity.Message{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}

func ExampleCompare() {
	old := recorded(`{"id": 7, "price": 12.50, "tags": null, "owner": {"name": "Ann"}}`)
	next := recorded(`{"price":12.5,"id":7,"tags":[],"owner":{"name":"ann"}}`)

	fmt.Println(parity.Compare(old, next, parity.Rules{}))
	// Output:
	// 2 differences
	//   body.owner.name  value          - "Ann"  + "ann"
	//                    only letter case differs
	//   body.tags        null-vs-empty  - null  + []
	//                    a nil slice in Go marshals to null, an empty one to []
}

func ExampleRules() {
	rules := parity.Rules{
		Ignore:    []string{"body.debug"},
		Shape:     []string{"body.items[*].id"},
		Unordered: []string{"body.items"},
		Within:    []parity.Tolerance{{Path: "body.total", Abs: 0.01}},
		Expect:    []parity.Expectation{{Path: "body.version", Old: "1", New: "2", Why: "the new API says so"}},
	}
	if err := rules.Validate(); err != nil {
		fmt.Println(err)
	}
	old := recorded(`{"version": 1, "total": 1.10, "items": [{"sku": "a", "id": "x1"}, {"sku": "b", "id": "x2"}]}`)
	next := recorded(`{"version": 2, "total": 1.09, "items": [{"sku": "b", "id": ""}, {"sku": "a", "id": "y1"}]}`)

	fmt.Println(parity.Compare(old, next, rules))
	// Output:
	// 1 difference (1 expected, 1 forgiven by rules)
	//   body.items[1].id  shape  - "x2"  + ""
	//                     text became empty
	// stale rules, whose place is in neither answer:
	//   Ignore "body.debug"
}

// A mistake in a path is never silent.
func ExampleRules_Validate() {
	fmt.Println(parity.Rules{Ignore: []string{"items.0.id", "body.items.0.id", "header.Set-Cookie"}}.Validate())
	// Output:
	// parity: Ignore "items.0.id": a path begins with one of status, error, header, trailer, cookie, body, as in body.items[*].id or header.etag
	// parity: Ignore "body.items.0.id": ".0": an element is written [0], a name of digits ["0"]
	// parity: Ignore "header.Set-Cookie": cookies stand at cookie.<name>, not at header.set-cookie
}

// Two answers of the old handler show what is noise; the new one is then held to the shape of it.
func ExampleLearn() {
	noise := parity.Learn(
		recorded(`{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","name":"Ann"}`),
		recorded(`{"id":"6ba7b811-9dad-11d1-80b4-00c04fd430c8","name":"Ann"}`))
	fmt.Print(noise)

	old := recorded(`{"id":"6ba7b812-9dad-11d1-80b4-00c04fd430c8","name":"Ann"}`)
	next := recorded(`{"id":"00000000-0000-0000-0000-000000000000","name":"Ann"}`)
	fmt.Println(parity.Compare(old, next, parity.Rules{Noise: noise}))
	// Output:
	// Shape: []string{
	// 	"body.id",
	// },
	// 1 difference
	//   body.id  shape  - "6ba7b812-9dad-11d1-80b4-00c04fd430c8"  + "00000000-0000-0000-0000-000000000000"
	//            uuid became zero uuid
}

// What goes into a log names places and types, no values, and no names that may be data.
func ExampleReport_Redacted() {
	old := recorded(`{"byEmail":{"ann@example.com":{"age":41}}}`)
	next := recorded(`{"byEmail":{"ann@example.com":{"age":"41"}}}`)

	fmt.Println(parity.Compare(old, next, parity.Rules{}).Redacted())
	// Output:
	// 1 difference
	//   body.byEmail.*.age  type  - number  + string
	//                       the same number, written as a string on one side
}
