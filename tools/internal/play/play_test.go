package play_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/tools/internal/play"
	"github.com/google/go-cmp/cmp"
)

// An answer is what the library makes of the calls: nothing of it stands in this package.
func TestAnswers(t *testing.T) {
	type calls = []play.Call
	for _, c := range []struct {
		rule    string
		old     calls
		new     play.Call
		options calls
	}{
		{"text is HTML", calls{{"Send", []any{"x"}}}, play.Call{Name: "HTML", Args: []any{"x"}}, nil},
		{"text of a type is text", calls{{"Type", []any{"txt"}}, {"Send", []any{"x"}}}, play.Call{Name: "Text", Args: []any{"x"}}, nil},
		{"a status has its phrase", calls{{"SendStatus", []any{403}}}, play.Call{Name: "Text", Args: []any{"Forbidden"}}, calls{{"Status", []any{403}}}},
		{"a status alone has no body", calls{{"Status", []any{404}}, {"End", nil}}, play.Call{Name: "NewResponse"}, calls{{"Status", []any{404}}}},
		{"a redirection has its own status", calls{{"Status", []any{303}}, {"Redirect", []any{"/a b"}}}, play.Call{Name: "Redirect", Args: []any{"/a b"}}, nil},
		{"a reader is bytes", calls{{"Send", []any{play.Reader{}}}}, play.Call{Name: "Stream"}, calls{{"SetHeader", []any{"Content-Type", "application/octet-stream"}}}},
		{"bytes of a type have no charset", calls{{"Type", []any{"gif"}}, {"Send", []any{[]byte("x")}}}, play.Call{Name: "Bytes", Args: []any{[]byte("x")}}, calls{{"SetHeader", []any{"Content-Type", "image/gif"}}}},
		{"a cookie is a line", calls{{"Cookie", []any{"a", "b"}}, {"JSON", []any{1}}}, play.Call{Name: "JSON", Args: []any{1}}, calls{{"SetCookie", []any{"a", "b"}}}},
	} {
		if diff := cmp.Diff(play.Old(c.old), play.New(c.new, c.options)); diff != "" {
			t.Errorf("%s (-old +new):\n%s", c.rule, diff)
		}
	}
	text, bytes := play.Old(calls{{"Send", []any{"x"}}}), play.Old(calls{{"Send", []any{[]byte("x")}}})
	if text.Header.Get("Content-Type") == bytes.Header.Get("Content-Type") {
		t.Errorf("a text and the same bytes are both %s", text.Header.Get("Content-Type"))
	}
	if a := play.Old(calls{{"Nonsense", nil}}); a.Status != 500 {
		t.Errorf("a call that there is not: %v, want a failure", a)
	}
}
