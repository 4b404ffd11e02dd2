package header_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/header"
)

func TestFields(t *testing.T) {
	type fields = header.Fields
	given := fields{{"A", "1"}, {"Cookie", "x=1"}, {"B", "2"}, {"A", "3"}, {"Cookie", "y=2"}}
	before := slices.Clone(given)
	for _, c := range []struct {
		rule string
		make func() (fields, error)
		want fields
		err  bool
	}{
		{"With takes the place of the first", func() (fields, error) { return given.With("a", "4") }, fields{{"A", "4"}, {"Cookie", "x=1"}, {"B", "2"}, {"Cookie", "y=2"}}, false},
		{"With of a new name is the last", func() (fields, error) { return given.With("c", " 5 ") }, append(slices.Clone(given), header.Field{Name: "C", Value: "5"}), false},
		{"WithAdded keeps the others", func() (fields, error) { return given.WithAdded("a", "4") }, append(slices.Clone(given), header.Field{Name: "A", Value: "4"}), false},
		{"Without takes all of the names", func() (fields, error) { return given.Without("a", "cookie") }, fields{{"B", "2"}}, false},
		{"With refuses a name", func() (fields, error) { return given.With("a b", "") }, given, true},
		{"WithAdded refuses a value", func() (fields, error) { return given.WithAdded("a", "1\n2") }, given, true},
		{"Without refuses a name", func() (fields, error) { return given.Without("") }, given, true},
		{"Checked sorts, cleans, and leaves out what is refused", func() (fields, error) {
			return header.Checked(http.Header{"b": {" 2 ", "3"}, "A": {"1"}, "C": {"1\x00"}})
		}, fields{{"A", "1"}, {"B", "2"}, {"B", "3"}}, true},
		{"FieldsOf sorts by name", func() (fields, error) { return header.FieldsOf(http.Header{"B": {"2", "1"}, "A": {"3"}}), nil }, fields{{"A", "3"}, {"B", "2"}, {"B", "1"}}, false},
	} {
		got, err := c.make()
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != c.err {
			t.Errorf("%s: %v (-want +got)\n%s", c.rule, err, diff)
		}
		if diff := cmp.Diff(before, given); diff != "" {
			t.Fatalf("%s: what was given has changed (-before +after)\n%s", c.rule, diff)
		}
	}
	for name, want := range map[string]string{"a": "1, 3", "b": "2", "cookie": "x=1; y=2", "c": ""} {
		if got := given.Get(name); got != want || given.Has(name) != (want != "") {
			t.Errorf("Get(%q) is %q, want %q; Has is %v", name, got, want, given.Has(name))
		}
	}
	if diff := cmp.Diff([]string{"1", "3"}, given.Values("a")); diff != "" || given.Values("c") != nil {
		t.Errorf("values (-want +got)\n%s", diff)
	}
}
