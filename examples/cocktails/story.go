package main

// The story of a migration, told by the service itself: one endpoint goes all the
// way from old to new, past a difference and a storm of errors, while people keep
// asking for it. Nothing is staged but the two faults: mux, pair, shadows, guard
// and reports are those of the service, and each chapter is held against what it
// says. narrator.go prints and checks, traffic.go asks, faults.go breaks.
//
//	go run -C examples/cocktails . -story

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
)

// tellStory is the whole program with -story.
func tellStory(ctx context.Context, out io.Writer, pace, timeout time.Duration) error {
	s, err := newStory(ctx, out, pace)
	if err != nil {
		return err
	}
	return errors.Join(s.serve(ctx, timeout, s.chapters()...), s.app.store.Close())
}

// ada is who moves the endpoint: her name stands in the log.
const ada = "ada"

// storm is how long new fails at least: the guard takes two seconds and a half.
const storm = 5 * time.Second

func (s *story) chapters() []func(context.Context) {
	return []func(context.Context){
		s.before, s.shadow, s.fixed, s.canary(0.1), s.canary(0.5), s.storm, s.reset, s.live, s.finished, s.after,
	}
}

func (s *story) before(context.Context) {
	s.title("What is left, before")
	s.print(s.mux.Progress().String())
	s.legacy()
}

func (s *story) shadow(ctx context.Context) {
	s.title("New runs in the shadow, and is wrong")
	s.new.plant(wrongType)
	s.set(migrate.Plan{Stage: migrate.Shadow})
	s.say(`Old answers everybody. New gets a copy of the request when the answer is out, and
its own answer is compared and thrown away.`)
	saw := s.round(ctx, none)
	s.expect(saw.different > 0, "the shadow saw no difference")
	s.quote("the log says", s.log.await(ctx, `msg="migration mismatch"`, s.mark))

	found := s.app.pair.Mismatches()
	if s.expect(len(found) > 0, "no mismatch is kept") {
		report := found[len(found)-1].Report // the first one
		s.quote("pair.Mismatches() has the report", report.String())
		d := report.Diffs[0]
		s.expect(d.Path == "body.likes" && d.Kind == parity.KindType && d.Old != d.New && d.Hint != "",
			"the report does not tell what was planted")
	}
}

func (s *story) fixed(ctx context.Context) {
	s.title("New is fixed, and still in the shadow")
	s.new.plant(sound)
	s.say("The tag `json:\"likes,string\"` is now `json:\"likes\"`. A service would be deployed\nanew; the story changes its handler in place.")
	saw := s.round(ctx, none)
	s.expect(saw.compared > 0 && saw.different == 0, "%d of %d answers still differ", saw.different, saw.compared)
}

func (s *story) canary(share float64) func(context.Context) {
	return func(ctx context.Context) {
		plan := migrate.Plan{Stage: migrate.Canary, Share: share}
		s.title(fmt.Sprintf("A canary: new serves %v %% of the sessions", share*100))
		s.set(plan)
		s.say(`Whom new serves follows from the session and the name of the pair alone, in every
replica: %d of the %d sessions have a bucket below %.0f. Who is in stays in when
the share grows. Who has no session stays with old.`, s.traffic.members(share), members, share*10_000)
		saw := s.round(ctx, within(share))
		s.expect(saw.new > 0 && saw.old > 0, "a canary has two sides")
		s.expect(saw.different == 0, "%d answers differ", saw.different)
	}
}

func (s *story) storm(ctx context.Context) {
	s.title("A storm of errors, and the guard rolls back")
	s.say("From now on every call of new fails: planted, as if its database were gone.")
	s.new.plant(failing)
	was := s.app.pair.Snapshot()
	s.roundIn(ctx, max(s.pace, storm), nil)
	is := s.app.pair.Snapshot()

	s.quote("the log says, for each of them", s.log.await(ctx, "the old one answers", s.mark))
	s.quote("and then", s.log.await(ctx, `msg="migration trip"`, s.mark))
	failed := is.New[migrate.Failed] - was.New[migrate.Failed]
	instead := is.Fallbacks[migrate.FallbackRun] - was.Fallbacks[migrate.FallbackRun]
	s.say(`New failed %d requests until the guard had seen enough: for two seconds and a half
it fails far more often than old does at the same time. A shorter spell might be an
outage that new has noticed first. For %d of them old answered instead, as nothing of
new's answer was out yet. The plan in force is %q now, although %q is wanted.`, failed, instead, is.Plan, is.Wanted)
	s.failures += failed
	s.expect(is.Latched != nil && is.Latched.Reason == migrate.TripErrors, "the guard has not tripped")
	s.expect(failed > 0 && failed <= round, "it took the guard %d failures", failed)
	s.expect(instead == failed, "old answered for %d of %d failures", instead, failed)
	s.expect(is.Plan.Stage == migrate.Old, "the plan in force is %v", is.Plan)

	s.say("The roll-back is latched. A script that goes on with its ramp does not lift it:")
	err := s.try(migrate.Plan{Stage: migrate.Canary, Share: 0.75}, "ramp")
	s.expect(errors.Is(err, migrate.ErrHeld), "raising the share returned %v", err)
}

func (s *story) reset(ctx context.Context) {
	s.title("Somebody has looked, and resets")
	s.new.plant(sound)
	s.code(`pair.Reset("` + ada + `")`)
	if err := s.app.pair.Reset(ada); err != nil {
		s.expect(false, "%v", err)
	}
	s.quote("the log says", s.log.await(ctx, `msg="migration reset"`, s.mark))
	s.say("What is wanted is in force again, with what was asked for meanwhile, and the guard\nbegins anew.")
	s.round(ctx, within(s.app.pair.Plan().Share))
}

func (s *story) live(ctx context.Context) {
	s.title("New serves all")
	s.set(migrate.Plan{Stage: migrate.Live})
	s.say("Visitors, too. Old is the shadow now, and answers where new fails.")
	saw := s.round(ctx, all)
	s.expect(saw.compared > 0 && saw.different == 0, "%d of %d answers differ", saw.different, saw.compared)
}

func (s *story) finished(ctx context.Context) {
	s.title("Finished")
	s.set(migrate.Plan{Stage: migrate.New})
	s.say("Nothing is watched any more, and the pair costs an atomic load and a count.")
	saw := s.round(ctx, all)
	s.expect(saw.compared == 0, "%d answers were compared", saw.compared)
}

func (s *story) after(context.Context) {
	s.title("What is left, after")
	s.print(s.mux.Progress().String())
	s.legacy()
	s.say("The old handler still exists. The last step is in the code:")
	s.print(strings.Join([]string{
		`-   a.pair = r.Migrate("GET", "/:id", a.oldCocktail, a.newCocktail)`,
		`+   r.Fetch.GET("/:id", a.newCocktail)`,
	}, "\n"))
}

func none(person) bool { return false }
func all(person) bool  { return true }

func within(share float64) func(person) bool {
	return func(p person) bool { return p.in(share) }
}
