package reqres_test

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/reqres"
)

// What is inside a QueryObject is a QueryObject too, also in lists; all of it marshals as Express
// sends it.
func TestQueryObject(t *testing.T) {
	var got []any
	through(t, reqres.Settings{ExtendedQuery: true}, func(req *reqres.Request, res *reqres.Response) error {
		o := req.QueryObject()
		inner, _ := o.Get("a").(*reqres.QueryObject)
		list, _ := o.Get("l").([]any)
		element, _ := list[0].(*reqres.QueryObject)
		got = append(got, inner.Get("b"), element.Get("c"), list[1], o.Get("none"))
		for name, value := range o.All() {
			b, err := json.Marshal(value)
			got = append(got, name, string(b), err)
		}
		return res.JSON(o)
	}, httptest.NewRequest("GET", "/?l[][c]=3&l[]=x&a[b]=2&1=y", nil))
	want := []any{"2", "3", "x", nil, "1", `"y"`, nil, "l", `[{"c":"3"},"x"]`, nil, "a", `{"b":"2"}`, nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, empty := range []*reqres.QueryObject{nil, new(reqres.QueryObject)} {
		b, err := empty.MarshalJSON()
		if empty.Get("a") != nil || string(b) != "{}" || err != nil {
			t.Errorf("%v: %v, %s, %v", empty, empty.Get("a"), b, err)
		}
		for range empty.All() {
			t.Error("an empty one yields something")
		}
	}
}
