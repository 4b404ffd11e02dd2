package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/outbox"
)

// blocked returns an outbox whose function has begun with one event and hangs, and a function that
// lets it go on and returns what it was given afterwards, with the losses it was told.
func blocked(t *testing.T) (*outbox.Outbox[string], func() (got []string, lost []uint64)) {
	var got []string
	var losses []uint64
	release := make(chan struct{})
	o := outbox.New(func(e string, lost uint64) {
		<-release
		got, losses = append(got, e), append(losses, lost)
	})
	o.Put("first", outbox.Detail)
	synctest.Wait()
	return o, func() ([]string, []uint64) {
		close(release)
		if err := o.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		return got[1:], losses[1:]
	}
}

func sum(all []uint64) (n uint64) {
	for _, one := range all {
		n += one
	}
	return n
}

// Alarms and changes never wait behind details, and are not dropped for them.
func TestDetailsTakeNoRoomFromChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, release := blocked(t)
		for range 300 {
			o.Put("detail", outbox.Detail)
		}
		o.Put("trip", outbox.Alarm)
		o.Put("set", outbox.Change)
		o.Put("kill", outbox.Alarm)
		got, lost := release()
		if diff := cmp.Diff([]string{"trip", "set", "kill", "detail"}, got[:4]); diff != "" || len(got) != 3+256 {
			t.Errorf("%d events, the first (-want +got):\n%s", len(got), diff)
		}
		if lost[0] != 300-256 || sum(lost[1:]) != 0 || o.Dropped() != lost[0] {
			t.Errorf("the losses told are %v, and %d are counted", lost[:4], o.Dropped())
		}
	})
}

// Of many changes the last are kept, and every alarm.
func TestLastStateAndAlarmsAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, release := blocked(t)
		want := []string{}
		for i := range 1000 {
			if i%100 == 50 {
				o.Put(fmt.Sprint("alarm ", i), outbox.Alarm)
				want = append(want, fmt.Sprint("alarm ", i))
			} else {
				o.Put(fmt.Sprint("change ", i), outbox.Change)
			}
		}
		got, lost := release()
		var alarms []string
		for _, e := range got {
			if e[0] == 'a' {
				alarms = append(alarms, e)
			}
		}
		if diff := cmp.Diff(want, alarms); diff != "" {
			t.Errorf("alarms (-want +got):\n%s", diff)
		}
		if len(got) != 64 || got[63] != "change 999" || sum(lost) != 1000-64 {
			t.Errorf("%d events, the last %q, %d told lost", len(got), got[len(got)-1], sum(lost))
		}
	})
}

// Where only alarms wait, the newest are kept.
func TestNothingButAlarms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, release := blocked(t)
		for i := range 100 {
			o.Put(fmt.Sprint(i), outbox.Alarm)
		}
		if got, lost := release(); len(got) != 64 || got[0] != "36" || got[63] != "99" || sum(lost) != 36 {
			t.Errorf("%d events, %v … %v, %d told lost", len(got), got[0], got[len(got)-1], sum(lost))
		}
	})
}

// A loss is told once.
func TestLossIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, release := blocked(t)
		for range 65 {
			o.Put("x", outbox.Change)
		}
		if _, lost := release(); lost[0] != 1 || sum(lost[1:]) != 0 {
			t.Errorf("told %v", lost)
		}
		o.Put("x", outbox.Change)
		if _, lost := o.Wait(t.Context()), o.Dropped(); lost != 1 {
			t.Errorf("%d counted", lost)
		}
	})
}

func TestFunctionThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, fail := range map[string]func(){"panics": func() { panic("x") }, "exits": runtime.Goexit} {
			calls := 0
			o := outbox.New(func(int, uint64) { calls++; fail() })
			for i := range 3 {
				o.Put(i, outbox.Rank(i))
			}
			if err := o.Wait(t.Context()); err != nil || calls != 3 {
				t.Errorf("a function that %s got %d of 3 events; Wait: %v", name, calls, err)
			}
			o.Put(4, outbox.Change)
			synctest.Wait()
			if calls != 4 {
				t.Errorf("a function that %s is not called any more", name)
			}
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, release := blocked(t)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := o.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Wait beside a function that blocks: %v", err)
		}
		release()
		none := outbox.New[int](nil)
		none.Put(1, outbox.Alarm)
		if err := none.Wait(ctx); err != nil {
			t.Errorf("an outbox without a function waits: %v", err)
		}
	})
}
