package migrate

import (
	"errors"
	"net/http"
	"time"
)

// ErrNoKey is returned by NewPair and Set for a Canary without Config.Key: without a key nobody could be kept on one side.
var ErrNoKey = errors.New("migrate: a canary needs Config.Key, which tells whose request this is (a user, a tenant, a session)")

// Config describes one pair. The zero value is useful: old serves until somebody calls Set.
type Config struct {
	Name   string // the salt of the buckets and the label in events; package adapt fills in "GET /pattern"
	Plan   Plan   // at start
	Key    func(*http.Request) (key string, ok bool)
	Shadow ShadowConfig
	Guard  GuardConfig

	// OnEvent receives what happens to the pair, one event at a time, on a goroutine of its own: it may be slow, block or
	// panic without harm to a request. Events that find 256 others waiting are dropped and counted. Nil means none.
	OnEvent func(Event)
}

// ShadowConfig bounds the shadow runs of one pair.
type ShadowConfig struct {
	MaxConcurrent int           // shadows at a time; 0 means a share of the pool of the process, max(1, GOMAXPROCS/4)
	MaxBody       int64         // of a request, and of each answer, kept for the comparison; 0 means 64 KiB
	Timeout       time.Duration // of the candidate; 0 means 10 s
	Sample        float64       // part of the eligible requests that run, 0 to 1; 0 means all, below 0 none
	AllowUnsafe   string        // a written reason why methods other than GET, HEAD and OPTIONS may run twice
}

// GuardConfig tunes the automatic roll-back.
type GuardConfig struct{ Off bool }
