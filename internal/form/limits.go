package form

import (
	"cmp"
	"fmt"
)

// Limits bound what a multipart form may cost. A zero field means its default; a negative one means
// no limit.
type Limits struct {
	// Parts bounds the number of entries. Default 1,000.
	Parts int
	// Header bounds, in bytes, the header of one part. Default 16 KiB.
	Header int
	// Memory bounds, in bytes, what the files may hold in memory, beyond which they go to a
	// temporary file (on js and wasip1, which have none, it is an error). The names and texts
	// together have the same bound, without a file to go to. Default 1 MiB.
	Memory int64
	// Total bounds, in bytes, the whole body. Default 32 MiB.
	Total int64
}

func (l Limits) orDefault() Limits {
	return Limits{
		Parts:  cmp.Or(l.Parts, 1000),
		Header: cmp.Or(l.Header, 16<<10),
		Memory: cmp.Or(l.Memory, 1<<20),
		Total:  cmp.Or(l.Total, 32<<20),
	}
}

// LimitError says that a form is larger than it may be. The answer is 413.
type LimitError struct {
	// Limit is which one: "entries", "header", "memory" or "total".
	Limit string
	// Max is its value, in entries or bytes.
	Max int64
}

// Error says what of the form is too large, and how large it may be.
func (e *LimitError) Error() string {
	switch e.Limit {
	case "entries":
		return fmt.Sprintf("the form has more than %d entries", e.Max)
	case "header":
		return fmt.Sprintf("the header of a part of the form is larger than %d bytes", e.Max)
	case "memory":
		return fmt.Sprintf("the fields of the form are larger than %d bytes", e.Max)
	}
	return fmt.Sprintf("the form is larger than %d bytes", e.Max)
}

// SyntaxError says that a body is not multipart/form-data. The answer is 400.
type SyntaxError struct {
	// Part is the number of the part at fault, from 1, or 0 where the body is at fault before the
	// first one.
	Part int
	// Problem is what is wrong with it: a sentence without its subject.
	Problem string
}

// Error says which part is at fault, and why.
func (e *SyntaxError) Error() string {
	subject := "the body"
	if e.Part > 0 {
		subject = fmt.Sprintf("part %d", e.Part)
	}
	return "malformed multipart/form-data: " + subject + " " + e.Problem
}
