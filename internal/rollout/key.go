package rollout

// The key of a request that has not been entered yet, so that it can be entered in the shape of the
// side that serves. A key is hardly ever made of the body; one that is has to be asked for again,
// where reading is accounted for.

import (
	"errors"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/decision"
)

// KeyOfHead reports whether DecideByKey needs neither the path values nor the body.
func (s *Sides) KeyOfHead() bool { return pairs.KeyOfHead(s.Pair) }

// DecideByKey decides for r, as the mux was given it, or returns d as it is where the key is made
// of the body.
func (s *Sides) DecideByKey(d decision.Decision, r *http.Request) decision.Decision {
	if s.KeyOfHead() || r.Body == nil || r.Body == http.NoBody {
		return pairs.DecideByKey(s.Pair, d, r)
	}
	body, form, post, parts := r.Body, r.Form, r.PostForm, r.MultipartForm
	held := new(heldBody)
	r.Body = held
	key, ok := pairs.Key(s.Pair, r)
	r.Body, r.Form, r.PostForm, r.MultipartForm = body, form, post, parts
	if held.asked {
		return d
	}
	return pairs.DecideFor(s.Pair, d, key, ok)
}

var errHeld = errors.New("the body is not there yet")

// heldBody is a body that nobody gets, but which knows whether somebody wanted it.
type heldBody struct{ asked bool }

func (b *heldBody) Read([]byte) (int, error) {
	b.asked = true
	return 0, errHeld
}

func (b *heldBody) Close() error {
	b.asked = true
	return nil
}
