package migrate_test

import (
	"net/http"
	"net/http/httptest"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/internal/decision"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/guard"
)

// inside is what package rollout calls.
var inside = migrate.Internal(door.Key())

// decide makes the decision for a request, as rollout does.
func decide(p *migrate.Pair, r *http.Request) decision.Decision {
	d := inside.Decide(p)
	if d.ByKey {
		d = inside.DecideByKey(p, d, r)
	}
	return d
}

// served is the side that serves by a decision.
func served(d decision.Decision) guard.Side {
	if d.New {
		return guard.NewSide
	}
	return guard.OldSide
}

var fine = parity.Message{Status: 200}

func get() *http.Request { return httptest.NewRequest("GET", "/x", nil) }

// compare gives the pair the answers of old and new to one request, and control those of old to
// two.
func compare(p *migrate.Pair, old, next parity.Message) migrate.Result {
	d := decide(p, get())
	shadow := guard.NewSide
	if d.New {
		shadow = guard.OldSide
	}
	return inside.Compared(p, d, shadow, false, parity.Compare(old, next, inside.Rules(p)), nil)
}

func control(p *migrate.Pair, one, two parity.Message) { inside.Control(p, parity.Learn(one, two)) }
