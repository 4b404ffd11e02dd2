package rollout

// When a request that the plan wants to shadow is not.

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/overload"
)

// unfit says before a request is served why it is not shadowed; "" means that it may be. The cheap
// questions come first, and the headers last. It reads the method, the header and the declared
// length, and keeps nothing.
func (s *Sides) unfit(d decision.Decision, r *http.Request) migrate.Skip {
	switch c := &pairs.Config(s.Pair).Shadow; {
	case !d.Shadow || !pairs.WantsShadows(s.Pair):
		return migrate.SkipOff
	case !pairs.Safe(r.Method) && (c.AllowUnsafe == "" || r.Method == http.MethodConnect):
		return migrate.SkipMethod
	case c.Sample < 1 && rand.Float64() >= c.Sample:
		return migrate.SkipSample
	case overload.Process.Exceeds(c.MaxSchedLatency, time.Now):
		return migrate.SkipOverload
	case r.Header["Upgrade"] != nil:
		return migrate.SkipUpgrade
	case r.Header["Expect"] != nil || strings.Contains(r.Header.Get("Accept"), "text/event-stream"):
		return migrate.SkipStream
	case conditional(r.Header):
		return migrate.SkipConditional
	case r.ContentLength > c.MaxBody:
		return migrate.SkipBodySize
	}
	return ""
}

var conditions = []string{"Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range"}

func conditional(h http.Header) bool {
	return slices.ContainsFunc(conditions, func(name string) bool { return h[name] != nil })
}
