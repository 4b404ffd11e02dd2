package status_test

import (
	"slices"
	"testing"

	"github.com/crossfade-go/crossfade/internal/reference"
	"github.com/crossfade-go/crossfade/internal/status"
)

// sendStatus and an error page put the phrase into the body.
func TestPhraseVectors(t *testing.T) {
	var vectors []struct {
		ID     string
		App    struct{ Stack []struct{ Do [][]any } }
		Expect struct {
			Status int
			Body   string
		}
		JS bool
	}
	reference.Read(t, "express/res.sendStatus.json", &vectors)
	asked := 0
	for _, v := range vectors {
		if v.JS || v.Expect.Body == "" {
			continue
		}
		asked++
		code := int(v.App.Stack[0].Do[0][1].(float64))
		if got := status.Phrase(code); got != v.Expect.Body {
			t.Errorf("%s: Phrase(%d) = %q, want %q", v.ID, code, got, v.Expect.Body)
		}
	}
	if asked < 9 {
		t.Errorf("only %d vectors asked", asked)
	}
}

// npm statuses knows so many codes. If net/http learns another one, Phrase must not say it.
func TestPhrasesThatAreKnown(t *testing.T) {
	var known []int
	for code := range 1000 {
		if status.Phrase(code) != "" {
			known = append(known, code)
		}
	}
	want := []int{100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308,
		400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426,
		428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 509, 510, 511}
	if !slices.Equal(known, want) {
		t.Errorf("known are %v, want %v", known, want)
	}
	for code, want := range map[int]string{413: "Payload Too Large", 414: "URI Too Long", 416: "Range Not Satisfiable",
		418: "I'm a Teapot", 509: "Bandwidth Limit Exceeded", 451: "Unavailable For Legal Reasons"} {
		if got := status.Phrase(code); got != want {
			t.Errorf("Phrase(%d) = %q, want %q", code, got, want)
		}
	}
}

func TestSets(t *testing.T) {
	null := map[int]bool{101: true, 103: true, 204: true, 205: true, 304: true}
	redirect := map[int]bool{301: true, 302: true, 303: true, 307: true, 308: true}
	for code := -1; code < 1000; code++ {
		if got := status.NullBody(code); got != null[code] {
			t.Errorf("NullBody(%d) = %v: the Fetch Standard's null body statuses are 101, 103, 204, 205 and 304", code, got)
		}
		if got := status.Redirect(code); got != redirect[code] {
			t.Errorf("Redirect(%d) = %v: the Fetch Standard's redirect statuses are 301, 302, 303, 307 and 308", code, got)
		}
	}
}
