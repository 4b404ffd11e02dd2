package migrate

// When new fails, old may answer instead, as if new had never run. That holds only while nothing of
// new's answer is out, while old can be given the very request that new got, and while running a
// handler twice does no harm, which for a method that changes something only the new handler itself
// can promise, by ErrDecline.

// FallbackPolicy says which failures of new the old side answers for. The zero value is
// FallbackSafe.
type FallbackPolicy uint8

const (
	FallbackSafe     FallbackPolicy = iota // failures of GET, HEAD and OPTIONS, and ErrDecline for every method
	FallbackDeclined                       // ErrDecline only
	FallbackOff                            // none
)

// Fallback says whether old answered in place of new, and why not. It is counted for each request
// that new has failed.
type Fallback string

const (
	FallbackRun       Fallback = "run"       // old answered
	FallbackForbidden Fallback = "forbidden" // by the stage or the policy
	FallbackGone      Fallback = "gone"      // the client has left
	FallbackCommitted Fallback = "committed" // a part of new's answer is out
	FallbackUnsafe    Fallback = "unsafe"    // the method may have changed something already
	FallbackBody      Fallback = "body"      // the request body is not at hand any more
	FallbackLate      Fallback = "late"      // less than a fifth of the time for the request is left
	FallbackDead      Fallback = "dead"      // the old side cannot answer (adapt.App.Healthy)
)

var fallbacks = []Fallback{FallbackRun, FallbackForbidden, FallbackGone, FallbackCommitted, FallbackUnsafe, FallbackBody, FallbackLate, FallbackDead}
