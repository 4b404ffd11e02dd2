package migrate

// Skip says why a request that a plan wanted to shadow was not. Every such request is counted once:
// as skipped for one of these reasons, or as started. Those that may meet every request come first,
// where they are found soonest.
type Skip string

const (
	SkipSample      Skip = "sample"       // not in the sample
	SkipMethod      Skip = "method"       // not GET, HEAD or OPTIONS, and ShadowConfig.AllowUnsafe gives no reason
	SkipOverload    Skip = "overload"     // the process is short of CPU
	SkipOff         Skip = "off"          // the plan has changed, the pair was killed, has tripped or is shut down, or its shadows are off
	SkipUpgrade     Skip = "upgrade"      // a protocol upgrade
	SkipStream      Skip = "stream"       // a stream was asked for or answered, or the client waits with its body (Expect)
	SkipConditional Skip = "conditional"  // Range or If-…: the answer depends on validators, which may differ
	SkipBodySize    Skip = "body-size"    // the request body is larger than ShadowConfig.MaxBody
	SkipMemory      Skip = "memory"       // what shadows may keep in memory is taken by requests under way
	SkipFull        Skip = "full"         // no free slot when the request had been answered
	SkipBodyUnread  Skip = "body-unread"  // the serving side did not read the request body to its end
	SkipAnswerSize  Skip = "answer-size"  // the answer is larger than ShadowConfig.MaxBody
	SkipClientGone  Skip = "client-gone"  // the client left first
	SkipServerBroke Skip = "server-broke" // old panicked or broke off as the serving side, or answered because new had
)

var skips = []Skip{SkipSample, SkipMethod, SkipOverload, SkipOff, SkipUpgrade, SkipStream, SkipConditional,
	SkipBodySize, SkipMemory, SkipFull, SkipBodyUnread, SkipAnswerSize, SkipClientGone, SkipServerBroke}
