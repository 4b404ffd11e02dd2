package migrate

// Result is how a shadow run ended. Every run that was started and is not under way any more is
// counted once.
type Result string

const (
	ResultEqual     Result = "equal"     // the answers are equal by the rules
	ResultDifferent Result = "different" // they differ
	ResultNoise     Result = "noise"     // they differ only where old differs from itself, and only in values
	ResultControl   Result = "control"   // the run compared old with itself
	ResultBaseline  Result = "baseline"  // new had broken, and old ran to tell the guard whether it does better
	ResultPanic     Result = "panic"     // the candidate panicked, also with http.ErrAbortHandler
	ResultGoexit    Result = "goexit"    // the candidate called runtime.Goexit
	ResultTimeout   Result = "timeout"   // the candidate did not end in time; nothing was compared
)

var results = []Result{ResultEqual, ResultDifferent, ResultNoise, ResultControl, ResultBaseline, ResultPanic, ResultGoexit, ResultTimeout}
