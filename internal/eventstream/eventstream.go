// Package eventstream writes server-sent events as bytes (HTML Standard, section "Server-sent
// events").
package eventstream

import (
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade"
)

var (
	// oneLine takes out what would end a line, or break an ID.
	oneLine = strings.NewReplacer("\r", "", "\n", "", "\x00", "")
	// ends are the ways to end a line: the parser of an event stream takes each as one.
	ends = strings.NewReplacer("\r\n", "\n", "\r", "\n")
)

// Append appends the event in its wire form, with the blank line that dispatches it.
func Append(b []byte, e crossfade.Event) []byte {
	if e.Comment != "" {
		for line := range strings.SplitSeq(ends.Replace(e.Comment), "\n") {
			b = append(append(append(b, ": "...), line...), '\n')
		}
		if e.ID == "" && e.Name == "" && e.Data == "" && e.Retry == 0 {
			return append(b, '\n')
		}
	}
	if e.ID != "" {
		b = append(append(append(b, "id: "...), oneLine.Replace(e.ID)...), '\n')
	}
	if e.Name != "" {
		b = append(append(append(b, "event: "...), oneLine.Replace(e.Name)...), '\n')
	}
	if e.Retry > 0 {
		b = append(strconv.AppendInt(append(b, "retry: "...), e.Retry.Milliseconds(), 10), '\n')
	}
	if strings.IndexByte(e.Data, '\n') < 0 && strings.IndexByte(e.Data, '\r') < 0 { // one line
		return append(append(append(b, "data: "...), e.Data...), "\n\n"...)
	}
	for line := range strings.SplitSeq(ends.Replace(e.Data), "\n") {
		b = append(append(append(b, "data: "...), line...), '\n')
	}
	return append(b, '\n')
}
