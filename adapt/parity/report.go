package parity

// Kind says in what way two answers differ at a place. Swapping the answers swaps Missing and Extra
// and changes no other kind. Zero is not a kind; in an [Expectation] it stands for any.
type Kind uint8

// The kinds of difference.
const (
	KindStatus        Kind = iota + 1 // the status codes
	KindFailure                       // one answer broke, or both did in different ways
	KindMissing                       // in the old answer only
	KindExtra                         // in the new answer only
	KindType                          // another type, such as a number that became a string
	KindNullVsMissing                 // null in one answer, absent in the other
	KindNullVsEmpty                   // null in one answer, [] or {} or "" in the other
	KindLength                        // arrays, event streams or lines of another number
	KindOrder                         // the same elements in another order
	KindValue                         // another value of the same type
	KindShape                         // values that a rule or noise lets differ, but of another lexical class
	KindMediaType                     // Content-Type
	KindText                          // content compared as text
	KindBytes                         // content compared as bytes
	KindSyntax                        // only one side is what its Content-Type says
	KindLimit                         // beyond a bound, so not known to be equal
	KindUnmet                         // a difference that Rules.Expect demands is not there
	KindBadRule                       // a rule that cannot be read or applied
)

var kindNames = [...]string{
	"any", "status", "failure", "missing", "extra", "type", "null-vs-missing", "null-vs-empty", "length", "order",
	"value", "shape", "media-type", "text", "bytes", "syntax", "limit", "unmet", "bad-rule",
}

// String returns the name of the kind, as in "null-vs-empty": fit for a metric label.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// structural reports whether a difference of this kind can never be noise. Random values and random
// order are noise; a missing member, another type, status or length are not, however often the old
// handler disagrees with itself.
func (k Kind) structural() bool { return k != KindValue && k != KindOrder }

// Difference is one place at which two answers differ.
type Difference struct {
	// Path is the place: body.items[3].price. Names may be data of the answer.
	Path string
	// Class is the path with elements and the names which may be data replaced by wildcards:
	// body.items[*].price, body.byEmail.*. It is a path for [Rules], bounded, and what to count by.
	Class string
	Kind  Kind // in what way they differ there
	// Old and New show the two sides in one line, shortened around the first difference.
	Old, New string
	// OldType and NewType tell what stands there: a JSON type, "text", "bytes", "absent", of a
	// status the code.
	OldType, NewType string
	// Hint says what is often behind such a difference. It holds positions and lengths, but no
	// values.
	Hint string
}

// Fingerprint is a hash of the two values at a place that is compared by shape because it is noise.
// One comparison cannot see that the new side always answers the same; a caller that keeps the last
// fingerprint per class can. Not cryptographic: keep it in the process.
type Fingerprint struct {
	Class    string // the difference's
	Old, New uint64 // hashes of the two sides
}

// Report is what a comparison found. The zero value is a comparison without differences. It shares
// no memory with the messages and is bounded whatever they are.
type Report struct {
	// Diffs are the differences in the order of the parts: status, error, headers, cookies,
	// trailers, body.
	Diffs []Difference
	// Omitted is the number of differences beyond the first hundred.
	Omitted int
	// Forgiven is the number of places that differ and for which a rule lets them.
	Forgiven int
	// Expected is the number of differences that Rules.Expect demanded and got.
	Expected int
	// Partial says that the recording of one side was cut, so that only its beginning was compared.
	Partial bool
	// Stale names the rules whose place is in neither answer. A rule whose place may lie in what
	// only one of them has is not among them. Over several comparisons a rule is stale that is
	// stale in all of them.
	Stale []string
	// Noise holds fingerprints of values at learned places, the first of each class.
	Noise []Fingerprint
}

// Equal reports whether no difference was found. Stale rules and Partial are the caller's to judge.
func (r Report) Equal() bool { return len(r.Diffs) == 0 }

// Redacted returns the report without values: Class for Path and types for sides, fit for logs and
// events. Names that look like field names stay (see [Difference.Class]); fingerprints do not.
func (r Report) Redacted() Report {
	diffs := make([]Difference, len(r.Diffs))
	for i, d := range r.Diffs {
		d.Path, d.Old, d.New = d.Class, d.OldType, d.NewType
		diffs[i] = d
	}
	r.Diffs, r.Noise = diffs, nil
	return r
}
