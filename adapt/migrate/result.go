package migrate

// Result is how a shadow run ended. Every run that was started and is not under way any more is counted once.
type Result uint8

const (
	ResultEqual     Result = iota // the answers are equal by the rules
	ResultDifferent               // they differ
	ResultNoise                   // they differ only where old differs from itself, and only in values
	ResultControl                 // the run compared old with itself
	ResultPanic                   // the candidate panicked, also with http.ErrAbortHandler
	ResultGoexit                  // the candidate called runtime.Goexit
	ResultTimeout                 // the candidate did not end in time; nothing was compared
	results         = iota
)

var resultNames = [results]string{"equal", "different", "noise", "control", "panic", "goexit", "timeout"}

// String is a word for logs and metric labels.
func (r Result) String() string { return resultNames[min(r, results-1)] }

// MarshalText makes the result a word in JSON, also as the key of a map.
func (r Result) MarshalText() ([]byte, error) { return []byte(r.String()), nil }
