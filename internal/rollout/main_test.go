package rollout

import (
	"net/http"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// newPair is a pair without handlers: what is tested here is what happens around them.
func newPair(t testing.TB, c migrate.Config) *Sides {
	t.Helper()
	p, err := migrate.NewPair(c)
	if err != nil {
		t.Fatal(err)
	}
	return &Sides{Pair: p}
}

// decision is the one for a request that no mux has begun.
func (s *Sides) decision(r *http.Request) decision.Decision {
	d := pairs.Decide(s.Pair)
	if d.ByKey {
		d = pairs.DecideByKey(s.Pair, d, r)
	}
	return d
}

func byHeader(r *http.Request) (string, bool) { key := r.Header.Get("Key"); return key, key != "" }

func withKey(key string) *http.Request {
	r := get()
	r.Header.Set("Key", key)
	return r
}
