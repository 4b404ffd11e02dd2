// Package migrate is the operator's page of a migration: what a pair of an old and a new handler is
// told to do, what it reports, and how it is stopped. It knows no handlers and calls none: package
// adapt does, whose r.Migrate makes the [Pair].
//
// # The stages
//
// A [Pair] follows a [Plan]. Each step can be undone at once, in the running process:
//
//	Old     old serves
//	Shadow  old serves; new gets a copy of the request afterwards, its answer is compared and thrown away
//	Canary  new serves a share of the keys, old the others (and for those new may still be a shadow)
//	Live    new serves; old answers where new fails before it has begun, and runs as the shadow
//	New     new serves; delete the old handler
//
// # What holds a pair
//
// Three registers say what is in force. [Pair.Set] says what is wanted; [Pair.Kill] holds the pair
// on old whatever is wanted; a trip of the guard latches it there. While it is held or latched, old
// serves, and a Set is stored and returns [ErrHeld]. [Pair.Reset] alone lifts a Kill and a trip,
// and puts in force what is wanted by then. So a script that raises shares at night does not undo
// what a person has done, and nothing that it asks for is forgotten. Nothing in this package ever
// gives new more than somebody asked for.
//
// # One request
//
// Which side serves is decided once, when the request begins: with one atomic load, and in a canary
// one hash. A plan that changes meanwhile affects later requests only, except that no shadow starts
// after a Kill.
//
// In a canary the key of a request (Config.Key: a user, a tenant, a session) has a [Bucket] that
// depends on nothing but the key and the name of the pair. So everybody stays on one side, in every
// replica, with no shared state, and a growing share moves people only from old to new. A request
// without a key is served by old.
//
// # Shadows
//
// A shadow never delays or touches the answer that is served. Everything that the candidate (the
// side that runs as the shadow) needs is cloned before the serving side runs, the body is copied
// while that side reads it and never read ahead, and the candidate starts after the answer, on its
// own goroutine, if a slot is free: nothing queues. Only GET, HEAD and OPTIONS run twice, unless
// ShadowConfig.AllowUnsafe says why others may. Every request that was not shadowed is counted with
// its reason ([Skip]), so that the numbers of a [Snapshot] add up.
//
// Places that differ without cause (times, random identifiers) are learned by running old against
// itself, and are then compared by shape. Places at which new differs are counted, and the first,
// second, fourth, eighth … difference at a place becomes an event ([Mismatch]). Events and
// snapshots carry names of places, kinds and counts; values only with Config.KeepValues; keys
// never.
//
// # The guard
//
// The guard compares how often new and old fail, lose their clients and are slow at the same time,
// twice a second, and takes the pair back to old when new is worse beyond chance for more than
// about two seconds; an outage that hits both sides is not held against new. It learns how old does
// from what old serves, from what old answers in place of new, and at Live from the shadows of old,
// which run also where new has broken.
//
// The less old serves, the less it sees. Here is how many requests new serves until the guard
// trips, by its share: the median of 101 runs, at 100 requests a second for both sides (99 % is
// also Live with a hold-back of 1 %):
//
//	new fails, old fails   10 %   50 %    90 %   99 %
//	100 %      0.1 %         25    127     228    508
//	 10 %      1 %          161    370   2,236   never
//	  3 %      0.1 %        365    962   6,091   never
//
// It ignores differences below half a percentage point, or below one and a half times what old
// fails. In the first row the number is the two and a half seconds (GuardConfig.Dwell), not the
// statistics. internal/guard/SIMULATION.md has the whole table, with the healthy runs, none of
// which trips.
//
// Where nothing is heard of old the guard is blind: a method that must not run twice has neither a
// shadow nor a fallback at Live, unless GuardConfig.Holdback keeps some keys on old. [Snapshot]
// says at any time whether it is watching or blind, which share of failures it would notice, and
// why it is blind ([GuardView]); an event tells each change. While it is blind, only panics in a
// row trip, and failures of far more than one in five ([GuardConfig].Ceiling); not even those trip
// while old cannot answer at all ([BlindOldDead]), since there is nothing to go back to. A
// dependency that fails fast for new but slowly for old looks like new's fault.
//
// # Many replicas
//
// Plans of many replicas come from one [Document] with a version, which each of them follows
// (Mux.Follow) from a [Source]: a [File], a key of NATS or Redis, flags. The newest version
// decides, never a clock. A step towards Old is in force at once, a step towards New at most once
// per FollowConfig.Dwell, and never while the source is silent, broken or has gone back: then
// everything stays as it is. A directive can also hold a pair, and release what it holds; it lifts
// no Kill. [Followed] says what is wanted of a pair, and why that is not in force.
// FollowConfig.Cache keeps plans, kills, trips and holds over a restart.
//
// With [Peers] the replicas add up what they have counted, leaving out the worst of them. So a
// fault of new costs the fleet what it costs one replica, and one sick replica goes back alone. A
// trip of the fleet is a hold in the document, written by compare-and-set.
//
// # What one process cannot isolate
//
// A candidate runs beside the requests that somebody waits for. Panics (also of the runtime, such
// as an index out of range), runtime.Goexit, deep recursion, hanging, writing without end and
// changing its own copy of the request are contained. These are not;
// TestWhatOneProcessCannotIsolate of internal/promises shows what ends the process, each in one of
// its own:
//
//   - Fatal errors of the runtime end the process: concurrent map writes, stack overflow, out of
//     memory, unlock of an unlocked mutex. So do os.Exit, and a panic in a goroutine of its own
//     that the candidate has started: nobody but that goroutine can recover it. (A data race is
//     none of these, but may become one.)
//   - CPU, and memory: a candidate that computes takes the processors from others, and one that
//     allocates too much takes everything with it, and makes the garbage collector work for all.
//     Slots and ShadowConfig.MaxSchedLatency bound it without removing it.
//   - Locks, connection pools and rate limiters that both sides share; caches that the candidate
//     warms or evicts; metrics that it counts twice. [IsShadow] tells a handler that it runs for
//     nobody, [GuardTransport] keeps it from writing elsewhere.
//   - A goroutine cannot be ended from outside. A candidate that ignores its context is told
//     (KindStuck) and replaced, up to a bound; when that is reached for 30 seconds, the shadows of
//     the pair are switched off (KindShadowOff). No other pair misses what
//     one pair holds that way.
//   - State behind pointers in the context, which a middleware may write: ShadowConfig.Detach can
//     replace it.
//
// The second and the third point cost live requests this much, at the median and the 99th
// percentile in milliseconds: 16 clients that wait 2 ms between requests, on 2 cores (AMD EPYC, Go
// 1.26.8). Bounded is the default configuration, which gave the part of the requests in the third
// column a shadow and shed the others; unbounded has 1000 slots, no MaxSchedLatency, and a shadow
// for each.
//
//	the candidate               bounded: median  p99   shadows  unbounded: median  p99
//	none                                 0.3     1.4   0                   0.4     2.0
//	answers alike                        0.7     2.6   0.94                0.8     3.5
//	computes for 5 ms                    0.6     4.9   0.03                32      67
//	allocates 16 MiB                     0.9     4.1   0.11                14      50
//	holds a shared lock 5 ms             0.6     7.1   0.03                91      96
//	holds 1 of 2 connections 5 ms        0.3     0.7   0.03                41      43
//
// To get the figures again: go test ./internal/promises/migrations -run '^$' -bench
// LiveBesideCandidates -benchtime 5000x
package migrate
