package eventstream_test

import (
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/eventstream"
)

func TestAppend(t *testing.T) {
	for _, c := range []struct {
		rule string
		in   crossfade.Event
		want string
	}{
		{"an event of nothing is dispatched too", crossfade.Event{}, "data: \n\n"},
		{"all fields", crossfade.Event{ID: "1", Name: "n", Retry: 1500 * time.Millisecond, Data: "x"}, "id: 1\nevent: n\nretry: 1500\ndata: x\n\n"},
		{"each end of a line ends one", crossfade.Event{Data: "a\rb\nc\r\nd"}, "data: a\ndata: b\ndata: c\ndata: d\n\n"},
		{"a line break at the end is kept", crossfade.Event{Data: "a\n"}, "data: a\ndata: \n\n"},
		{"spaces stay", crossfade.Event{Data: " a "}, "data:  a \n\n"},
		{"an id and a name are one line, without NUL", crossfade.Event{ID: "1\r\ndata: x\x00", Name: "a\rb"}, "id: 1data: x\nevent: ab\ndata: \n\n"},
		{"a comment alone dispatches nothing", crossfade.Event{Comment: "a\r\nb"}, ": a\n: b\n\n"},
		{"a comment before an event", crossfade.Event{Comment: "a", Data: "x"}, ": a\ndata: x\n\n"},
		{"a retry below 1 is left out", crossfade.Event{Retry: -1, Data: "x"}, "data: x\n\n"},
	} {
		if got := string(eventstream.Append([]byte("before"), c.in)); got != "before"+c.want {
			t.Errorf("%s: %q, want %q", c.rule, got, "before"+c.want)
		}
	}
}

// FuzzAppend holds that an event never becomes two, and that its data is read as it was written, by
// the parser of the HTML Standard.
func FuzzAppend(f *testing.F) {
	f.Add("1", "n", "c", "a\r\nb")
	f.Add("\n\n", "\r\rdata: x", "\n", "\n\ndata: y\r\r")
	f.Fuzz(func(t *testing.T, id, name, comment, data string) {
		text := string(eventstream.Append(nil, crossfade.Event{ID: id, Name: name, Comment: comment, Data: data}))
		var got []string
		events := 0
		for line := range strings.SplitSeq(strings.TrimSuffix(ends.Replace(text), "\n"), "\n") {
			value, ok := strings.CutPrefix(line, "data: ")
			switch {
			case ok:
				got = append(got, value)
			case line == "":
				events++
			}
		}
		if events != 1 || len(got) > 0 && strings.Join(got, "\n") != ends.Replace(data) {
			t.Errorf("%q is %d events, with the data %q of %q", text, events, got, data)
		}
	})
}

var ends = strings.NewReplacer("\r\n", "\n", "\r", "\n")
