// Package planopenfeature follows flags of OpenFeature: one object flag for each pair, named like
// it, whose value is a directive of migrate.Document with a version.
//
//	{"version": 3, "plan": {"stage": "canary", "share": 0.2}, "by": "ada"}
//
//	client := openfeature.NewClient("shop")
//	err := mux.Follow(ctx, planopenfeature.New(client, mux.Migrations()), migrate.FollowConfig{Cache: …})
//
// Each change of a flag raises its version, by one or more. The document that the mux follows has
// the sum of the versions of all flags, so it is the same in every replica, and a flag that goes
// back to an older value is noticed. A pair without a flag keeps what it has. Do not delete a flag;
// give it another plan.
//
// The flags are evaluated when the provider says that they have changed, and every 20 seconds, but
// never for a request. A flag that decides for each request would cost a hundred times as much as
// the decision, put somebody's code and perhaps a remote call on the path of all traffic, and draw
// the canary anew with another provider, whose shares need not grow from the same people. And the
// guard needs one plan that stays for a while. So flags say how much goes to new, and
// migrate.Config.Key says who.
package planopenfeature

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/open-feature/go-sdk/openfeature"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// New returns the source of the flags of these pairs, as of mux.Migrations. It evaluates without a
// context of its own: targeting by user or host would make replicas disagree.
func New(client *openfeature.Client, pairs iter.Seq[*migrate.Pair]) migrate.Source {
	return &source{client, pairs}
}

type source struct {
	client *openfeature.Client
	pairs  iter.Seq[*migrate.Pair]
}

const (
	poll     = 20 * time.Second
	patience = 5 * time.Second // for all flags
)

var events = []openfeature.EventType{openfeature.ProviderConfigChange, openfeature.ProviderReady, openfeature.ProviderStale, openfeature.ProviderError}

// Watch implements migrate.Source. Only the end of ctx ends it.
func (s *source) Watch(ctx context.Context, put func(migrate.Document)) error {
	changed := make(chan struct{}, 1)
	hint := func(openfeature.EventDetails) {
		select {
		case changed <- struct{}{}:
		default: // a look is due already
		}
	}
	for _, event := range events {
		s.client.AddHandler(event, &hint)
		defer s.client.RemoveHandler(event, &hint)
	}
	look := time.NewTicker(poll)
	defer look.Stop()
	for {
		d := s.look(ctx)
		if ctx.Err() != nil {
			return nil
		}
		put(d)
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-look.C:
		}
	}
}

// look evaluates all flags.
func (s *source) look(ctx context.Context) migrate.Document {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	d := migrate.Document{Pairs: make(map[string]migrate.Directive)}
	for p := range s.pairs {
		name := p.Name()
		value, err := s.client.ObjectValueDetails(ctx, name, nil, openfeature.EvaluationContext{})
		if value.ErrorCode == openfeature.FlagNotFoundCode {
			continue
		}
		var version uint64
		if err == nil {
			version, d.Pairs[name], err = directive(value.Value)
		}
		if err != nil {
			return migrate.Document{Err: fmt.Errorf("planopenfeature: the flag %q: %w", name, err)}
		}
		d.Version += version
	}
	if d.Version == 0 {
		return migrate.Document{Err: errors.New("planopenfeature: no pair has a flag with a version above 0")}
	}
	return d
}

// directive reads the value of a flag. The error is for one without a version; what is wrong with
// the rest is the matter of this pair alone.
func directive(value any) (uint64, migrate.Directive, error) {
	object, ok := value.(map[string]any)
	if !ok {
		return 0, migrate.Directive{}, fmt.Errorf("its value is a %T, not an object", value)
	}
	rest := make(map[string]any, len(object))
	for name, member := range object {
		if name != "version" {
			rest[name] = member
		}
	}
	version, err := json.Marshal(object["version"])
	var n uint64
	if err != nil || object["version"] == nil || json.Unmarshal(version, &n) != nil {
		return 0, migrate.Directive{}, errors.New(`it has no "version"; that is a number which grows with each change`)
	}
	text, err := json.Marshal(map[string]any{"version": 1, "pairs": map[string]any{"": rest}})
	if err != nil {
		return 0, migrate.Directive{}, err
	}
	return n, migrate.ParseDocument(text).Pairs[""], nil
}
