package exchange

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// Work counts for its request and for the host around it; who waits is told when there is none.
func TestWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := WithWork(t.Context())
		x, _ := first(new(int))
		x.R = x.R.WithContext(host)
		if WorkOf(t.Context()) != nil || WorkOf(host).Wait(host) != nil {
			t.Error("there is work that nobody has begun")
		}
		done := x.Working()
		for of, w := range map[string]*Work{"the request": x.work(), "the host": WorkOf(host)} {
			short, cancel := context.WithTimeout(host, time.Second)
			if err := w.Wait(short); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("to wait for %s ends with %v although there is work", of, err)
			}
			cancel()
		}
		waited := make(chan error, 2)
		for _, cause := range []error{outbound.ErrAnswerComplete, ErrClientGone} { // which do not cut work off
			go func() {
				ended, cancel := context.WithCancelCause(host)
				cancel(cause)
				waited <- x.work().Wait(ended)
			}()
		}
		late, cancel := context.WithTimeout(host, time.Minute)
		defer cancel()
		ended, end := context.WithCancelCause(late)
		end(ErrClientGone)
		if err := WorkOf(host).Wait(ended); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the deadline of a request that has ended: %v", err)
		}
		synctest.Wait()
		if len(waited) > 0 {
			t.Errorf("somebody has stopped to wait: %v", <-waited)
		}
		done()
		for range 2 {
			if err := <-waited; err != nil {
				t.Error(err)
			}
		}
	})
}
