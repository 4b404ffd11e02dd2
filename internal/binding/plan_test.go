package binding_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/binding"
)

type (
	inner struct {
		N int `query:"n"`
	}
	list     []list
	linked   struct{ Next *linked }
	shadowed struct {
		inner
		A string `json:"a"`
	}
)

// Everything that is wrong is said at once, with the type and the field.
func TestMistakes(t *testing.T) {
	type wrong struct {
		Two      string         `path:"two" query:"two"`
		Empty    string         `query:""`
		Header   string         `header:"X Y"`
		Cookie   string         `cookie:"a;b"`
		hidden   string         `query:"hidden"`
		Map      map[string]int `query:"map"`
		Bytes    []byte         `query:"bytes"`
		Deep     **int          `query:"deep"`
		Cookies  []string       `cookie:"cookies"`
		Path     *string        `path:"path"`
		First    int            `query:"same"`
		Second   int            `query:"same"`
		Other    int            `header:"same"`
		Needed   int            `query:"needed" required:"yes"`
		Both     int            `query:"both" required:"true" default:"1"`
		Maybe    *int           `query:"maybe" required:"true"`
		Default  int            `query:"default" default:"many"`
		Defaults []int          `query:"defaults" default:"1"`
		None     *int           `query:"none" default:"1"`
		Always   string         `path:"always" default:"x"`
		Object   time.Location  `json:"object" default:"{}"`
		Inside   inner
		*inner
	}
	_ = wrong{}.hidden
	const want = `Two has the tags path and query: a member comes from one part of the request
Empty has the tag query:"", which is not a name
Header has the tag header:"X Y", which is not a name
Cookie has the tag cookie:"a;b", which is not a name
hidden has the tag query, but nobody can set it: begin its name with a capital letter
Map has the tag query:"map": a string cannot become a map[string]int: give the type a method UnmarshalText
Bytes has the tag query:"bytes": a string cannot become a []uint8: give the type a method UnmarshalText
Deep has the tag query:"deep": a string cannot become a *int: give the type a method UnmarshalText
Cookies is a list, and of several cookies with one name only the first counts
Path is a pointer, for what may be absent, and a path parameter never is
Needed has the tag required:"yes", which is neither true nor false
Both is required, and has a default, which is for what may be absent
Maybe is required, and a pointer, which is for what may be absent
Default has the tag default:"many": expected a whole number, got "many"
Defaults has a default, which only a single value that may be absent can have
None has a default, which only a single value that may be absent can have
Always has a default, which only a single value that may be absent can have
Object has a default, which only a single value that may be absent can have
Inside is a member of the body, so that the tags path, query, header and cookie within it are not read: embed it
inner is an embedded pointer, whose tags are not read: embed the binding_test.inner itself
Second is the second member with the tag query:"same"`
	_, err := binding.Of(reflect.TypeFor[wrong]())
	if diff := cmp.Diff(want, strings.ReplaceAll(err.Error(), "binding_test.wrong.", "")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		rule           string
		t              reflect.Type
		params, body   string
		hasBody, forms bool
		err            string
	}{
		{"nothing", reflect.TypeFor[struct{}](), "", "", false, false, ""},
		{"what is embedded", reflect.TypeFor[shadowed](), "n", "a", true, true, ""},
		{"a pointer", reflect.TypeFor[*shadowed](), "n", "a", true, true, ""},
		{"a pointer to a pointer", reflect.TypeFor[**shadowed](), "", "", false, false, "a request cannot become a *binding_test.shadowed: take a struct"},
		{"a struct in itself", reflect.TypeFor[linked](), "", "Next", true, false, ""},
		{"a list of itself", reflect.TypeFor[list](), "", "", true, false, ""},
		{"a whole body", reflect.TypeFor[map[string]any](), "", "", true, false, ""},
		{"what reads itself", reflect.TypeFor[time.Time](), "", "", true, false, ""},
		{"a function", reflect.TypeFor[func()](), "", "", false, false, "a request cannot become a func(): take a struct"},
		{"an interface", reflect.TypeFor[http.Handler](), "", "", false, false, "a request cannot become a http.Handler: take a struct"},
	} {
		p, err := binding.Of(c.t)
		text := ""
		if err != nil {
			text = err.Error()
		}
		got := []any{names(p.Params), names(p.Body), p.HasBody, p.Forms, text}
		if diff := cmp.Diff([]any{c.params, c.body, c.hasBody, c.forms, c.err}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.rule, diff)
		}
		if again, _ := binding.Of(c.t); again != p {
			t.Errorf("%s: a second plan was made", c.rule)
		}
	}
}

func names(members []*binding.Member) string {
	var all []string
	for _, m := range members {
		all = append(all, m.Name)
	}
	return strings.Join(all, " ")
}
