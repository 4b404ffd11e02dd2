package parity

import (
	"bytes"
	"strconv"
)

// Hints say what is often behind a difference, so that a reader need not find out twice. They hold
// no values.

func numberHint(x, y []byte) string {
	if len(x) > 400 || len(y) > 400 {
		return ""
	}
	a, err := strconv.ParseFloat(string(x), 64)
	b, err2 := strconv.ParseFloat(string(y), 64)
	if err == nil && err2 == nil && a == b {
		return "one number as a float64, which is what JavaScript reads, but not as written"
	}
	return ""
}

func stringHint(x, y []byte) string {
	switch {
	case len(x) == 0 || len(y) == 0:
		return ""
	case bytes.Equal(bytes.TrimSpace(x), bytes.TrimSpace(y)):
		return "only the white space around it differs"
	case len(x) == len(y) && bytes.EqualFold(x, y):
		return "only letter case differs"
	}
	if a, ok := parseTime(x); ok {
		if b, ok := parseTime(y); ok && a.Equal(b) {
			return "one instant, written in two ways"
		}
	}
	return ""
}

// textHint tells where two texts part.
func textHint(x, y []byte, at int) string {
	switch {
	case at == len(x) && at == len(y):
		return goesOn
	case bytes.Equal(bytes.TrimRight(x, "\n"), bytes.TrimRight(y, "\n")):
		return "only the newline at the end differs; http.Error and json.Encoder write one"
	}
	line := 1 + bytes.Count(x[:at], []byte{'\n'})
	return "first on line " + strconv.Itoa(line) + ", byte " + strconv.Itoa(at) + " of " + strconv.Itoa(len(x)) + " and " + strconv.Itoa(len(y))
}

// goesOn is said of a recording that was cut where the other side ended.
const goesOn = "one side goes on where the other ends"

func bytesHint(x, y []byte, at int) string {
	if at == len(x) && at == len(y) {
		return goesOn
	}
	return "first at byte " + strconv.Itoa(at) + " of " + strconv.Itoa(len(x)) + " and " + strconv.Itoa(len(y))
}
