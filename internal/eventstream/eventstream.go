// Package eventstream writes server-sent events as bytes (HTML Standard, section "Server-sent
// events").
package eventstream

import (
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade"
)

var oneLine = strings.NewReplacer("\r", "", "\n", "", "\x00", "")

// Append appends the event in its wire form, with the blank line that dispatches it.
func Append(b []byte, e crossfade.Event) []byte {
	if e.Comment != "" {
		for line := range lines(e.Comment) {
			b = append(append(append(b, ": "...), line...), '\n')
		}
		if e.ID == "" && e.Name == "" && e.Data == "" && e.Retry == 0 {
			return append(b, '\n')
		}
	}
	if e.ID != "" {
		b = append(append(append(b, "id: "...), inLine(e.ID)...), '\n')
	}
	if e.Name != "" {
		b = append(append(append(b, "event: "...), inLine(e.Name)...), '\n')
	}
	if e.Retry > 0 {
		b = append(strconv.AppendInt(append(b, "retry: "...), e.Retry.Milliseconds(), 10), '\n')
	}
	if strings.IndexByte(e.Data, '\n') < 0 && strings.IndexByte(e.Data, '\r') < 0 { // one line
		return append(append(append(b, "data: "...), e.Data...), "\n\n"...)
	}
	for line := range lines(e.Data) {
		b = append(append(append(b, "data: "...), line...), '\n')
	}
	return append(b, '\n')
}

// lines yields the lines of s without their ends: CR LF, CR and LF all end a line, because the
// parser of an event stream takes each as one.
func lines(s string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for {
			i := lineEnd(s)
			if i < 0 {
				yield(s)
				return
			}
			if !yield(s[:i]) {
				return
			}
			if s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n' {
				i++
			}
			s = s[i+1:]
		}
	}
}

// lineEnd is where the first line of s ends, -1 for the only one. The loop is twice as fast as
// strings.IndexAny on lines as short as those of events.
func lineEnd(s string) int {
	for i := range len(s) {
		if c := s[i]; c == '\n' || c == '\r' {
			return i
		}
	}
	return -1
}

// inLine is s without what would end its line.
func inLine(s string) string {
	for i := range len(s) {
		if s[i] < ' ' {
			return oneLine.Replace(s)
		}
	}
	return s
}
