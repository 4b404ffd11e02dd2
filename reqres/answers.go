package reqres

// What the immutable shape takes over of this one in a mux, so that a handler that has moved
// answers as before.

import (
	"bytes"
	"encoding/json"

	"github.com/crossfade-go/crossfade/internal/route"
)

// answers returns the settings as values that do not know this shape.
func (s *Settings) answers() *route.Answers {
	a := &route.Answers{JSON: "application/json; charset=utf-8", Redirect: s.redirectCode(), NextJS: s.nextJS()}
	if s.ETag != NoETag || s.ETagFunc != nil {
		a.Tag = func(text string, bytes []byte, raw bool) string {
			return s.tag(&content{text: text, bytes: bytes, isText: bytes == nil, isBuffer: raw})
		}
	}
	if s.JSONIndent != "" || s.JSONEscape {
		a.Respace = s.respace
	}
	return a
}

// respace writes JSON as res.JSON does. What is not JSON stays as it is.
func (s *Settings) respace(text []byte) []byte {
	var out bytes.Buffer
	if s.JSONIndent != "" && json.Indent(&out, text, "", s.indent()) == nil {
		text = out.Bytes()
	}
	if s.JSONEscape {
		var escaped bytes.Buffer
		json.HTMLEscape(&escaped, text)
		text = escaped.Bytes()
	}
	return text
}

// indent returns what a member of JSON is indented by, "" for none.
func (s *Settings) indent() string { return s.JSONIndent[:min(len(s.JSONIndent), maxIndent)] }
