package main

// How the story is told: text with its code, counts and quotations, and the list
// of what did not go as told.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// patience is how long the story waits for what happens beside the requests.
const patience = 20 * time.Second

type story struct {
	out     io.Writer
	pace    time.Duration // of one round of requests
	app     *app
	mux     *adapt.Mux
	new     *faulty
	traffic *traffic
	log     *chronicle

	number   int // of the chapter
	mark     int // where the log stood when it began
	total    tally
	failures uint64 // of new, in the storm
	wrong    []error
}

// newStory makes the service, with a new side that can be broken. The caller
// closes the store.
func newStory(ctx context.Context, out io.Writer, pace time.Duration) (*story, error) {
	log := new(chronicle)
	a, err := newApp(ctx, "", log.logger())
	if err != nil {
		return nil, err
	}
	s := &story{out: out, pace: pace, app: a, new: &faulty{app: a}, log: log}
	a.next = s.new.cocktail
	a.migration.KeepValues = true // cocktails are not a secret; by default reports have types in place of values
	// A story is told on a machine that does other things as well, too.
	a.migration.Shadow = migrate.ShadowConfig{MaxConcurrent: 2 * parallel, MaxSchedLatency: -1}
	if s.mux, err = a.mux(); err != nil {
		return nil, errors.Join(err, a.store.Close())
	}
	return s, nil
}

// serve lets the service run while the chapters are told, and returns what was
// not as told.
func (s *story) serve(ctx context.Context, timeout time.Duration, chapters ...func(context.Context)) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if s.traffic, err = newTraffic(ctx, "http://"+ln.Addr().String(), s.app); err != nil {
		return errors.Join(err, ln.Close())
	}
	serving, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serve(serving, s.app.server(s.mux, timeout), ln, s.mux) }()
	err = s.tell(ctx, chapters)
	s.traffic.http.CloseIdleConnections()
	end()
	return errors.Join(err, <-ended)
}

func (s *story) tell(ctx context.Context, chapters []func(context.Context)) error {
	fmt.Fprintf(s.out, `GET /api/cocktails/:id moves from the old shape to the new one, while %d people with
a session and %d without keep asking for it, %d at a time, at %s.
Watch it as ada, with the password lovelace: log in at %[4]s/web/,
then open %[4]s/admin/migrations/.
`, members, visitors, parallel, s.traffic.url)
	for _, chapter := range chapters {
		if chapter(ctx); ctx.Err() != nil {
			return fmt.Errorf("the story was broken off: %w", context.Cause(ctx))
		}
	}
	s.say("The end: %v. New failed %d times, in the storm, and old answered.", s.total, s.failures)
	return errors.Join(s.wrong...)
}

func (s *story) title(text string) {
	s.number++
	s.mark = s.log.len()
	fmt.Fprintf(s.out, "\n%d. %s\n", s.number, text)
}

// say prints a paragraph.
func (s *story) say(format string, args ...any) {
	fmt.Fprintf(s.out, "\n%s\n", fmt.Sprintf(format, args...))
}

// print prints text as it is, indented.
func (s *story) print(text string) {
	fmt.Fprintln(s.out)
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		fmt.Fprint(s.out, "    ", line)
	}
}

func (s *story) code(line string) { s.print(line) }

// quote prints what somebody else says, which must be something.
func (s *story) quote(who, what string) {
	s.expect(what != "", "%s nothing", who)
	s.say("%s:", who)
	s.print(what)
}

// expect notes what did not go as told.
func (s *story) expect(ok bool, format string, args ...any) bool {
	if !ok {
		err := fmt.Errorf("chapter %d did not go as told: "+format, append([]any{s.number}, args...)...)
		s.wrong = append(s.wrong, err)
		s.say("!! %v", err)
	}
	return ok
}

// set prints the call that it makes.
func (s *story) set(plan migrate.Plan) {
	if err := s.try(plan, ada); err != nil {
		s.expect(false, "Set: %v", err)
	}
}

func (s *story) try(plan migrate.Plan, by string) error {
	fields := "Stage: migrate." + strings.ToUpper(plan.Stage.String()[:1]) + plan.Stage.String()[1:]
	if plan.Share > 0 {
		fields += ", Share: " + strconv.FormatFloat(plan.Share, 'g', -1, 64)
	}
	call := fmt.Sprintf("pair.Set(migrate.Plan{%s}, %q)", fields, by)
	err := s.app.pair.Set(plan, by)
	if err != nil {
		call += "\n// " + err.Error()
	}
	s.code(call)
	return err
}

// seen is what a round of requests has come to.
type seen struct {
	tally
	compared, different uint64 // old with new, in the shadow
}

// round lets everybody ask, waits for the shadows, and holds the counts against
// what a client may expect: right answers, from the side that is due.
func (s *story) round(ctx context.Context, byNew func(person) bool) seen {
	return s.roundIn(ctx, s.pace, byNew)
}

func (s *story) roundIn(ctx context.Context, pace time.Duration, byNew func(person) bool) seen {
	was := s.app.pair.Snapshot()
	saw := seen{tally: s.traffic.ask(ctx, pace, byNew)}
	is := s.app.pair.Snapshot()
	for end := time.Now().Add(patience); is.Shadows.Reserved+is.Shadows.Running > 0 && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
		is = s.app.pair.Snapshot()
	}
	saw.compared, saw.different = is.Compared-was.Compared, is.Mismatch-was.Mismatch
	s.total = s.total.plus(saw.tally)

	s.say("%v.", saw.tally)
	if runs := is.Shadows.Started - was.Shadows.Started; runs > 0 {
		fmt.Fprintf(s.out, "%d shadows ran: %d compared old with new, of which %d differ, and %d old with itself.\n",
			runs, saw.compared, saw.different, is.Controls-was.Controls)
	}
	if ctx.Err() == nil {
		s.expect(saw.right == round && saw.failed == 0, "%d of %d answers were right, %d were a 5xx, the first wrong one was %q", saw.right, round, saw.failed, saw.first)
		s.expect(saw.strayed == 0, "%d answers came from the other side than was due", saw.strayed)
	}
	return saw
}

// legacy lists the endpoints whose old handlers still exist, and the pairs.
func (s *story) legacy() {
	var left []string
	for r := range s.mux.Legacy() {
		left = append(left, r.Method+" "+r.Pattern)
	}
	s.say("Old handlers exist for %d endpoints:", len(left))
	s.print(strings.Join(left, "\n"))
	for p := range s.mux.Migrations() {
		s.say("The pair %q is at %q.", p.Name(), p.Plan())
	}
}
