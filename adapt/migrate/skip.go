package migrate

// Skip says why a request that a plan wanted to shadow was not. Every request offered to TryShadow is counted once: as
// skipped for one of these reasons, or as started.
type Skip uint8

const (
	notSkipped      Skip = iota
	SkipOff              // the plan has changed, the pair was killed, has tripped or is shut down, or its shadows are off
	SkipMethod           // not GET, HEAD or OPTIONS, and ShadowConfig.AllowUnsafe gives no reason
	SkipUpgrade          // a protocol upgrade
	SkipStream           // a stream was asked for or answered, or the client waits with its body (Expect)
	SkipConditional      // Range or If-…: the answer depends on validators, which may differ
	SkipBodySize         // the request body is larger than ShadowConfig.MaxBody
	SkipSample           // not in the sample
	SkipOverload         // the process is short of CPU
	SkipFull             // no free slot
	SkipBodyUnread       // the serving side did not read the request body to its end
	SkipAnswerSize       // the answer is larger than ShadowConfig.MaxBody
	SkipClientGone       // the client left first
	SkipServerBroke      // the serving side panicked or broke off
	skips           = iota
)

var skipNames = [skips]string{"none", "off", "method", "upgrade", "stream", "conditional", "body-size", "sample",
	"overload", "full", "body-unread", "answer-size", "client-gone", "server-broke"}

// String is a word for logs and metric labels.
func (s Skip) String() string { return skipNames[min(s, skips-1)] }

// MarshalText makes the reason a word in JSON, also as the key of a map.
func (s Skip) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
