// Package parity stands in for adapt/parity until that compiles.
package parity

type Message struct {
	Status int
	Err    string
	Body   []byte
}
type Noise struct{ Shape, Unordered []string }
type Rules struct{ Noise Noise }

func (Rules) Validate() error { return nil }

type Kind uint8

const (
	Failure Kind = 2
	Missing Kind = 3
	Value   Kind = 11
	Order   Kind = 9
)

func (k Kind) String() string   { return "kind" }
func (k Kind) Structural() bool { return k != Value && k != Order }

type Difference struct {
	Path, Class, Old, New, OldType, NewType, Hint string
	Kind                                          Kind
}
type Fingerprint struct {
	Class    string
	Old, New uint64
}
type Report struct {
	Diffs   []Difference
	Omitted int
	Noise   []Fingerprint
}

func (r Report) Equal() bool      { return len(r.Diffs) == 0 }
func (r Report) Redacted() Report { return r }

func Compare(old, next Message, rules Rules) Report { return Report{} }
