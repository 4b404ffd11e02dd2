package engine_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/internal/engine"
	"github.com/crossfade-go/crossfade/internal/outbound"
)

// The context of a handler ends with its body, and says why, whoever asks first and when.
func TestHandlerContext(t *testing.T) {
	type key struct{}
	cause := errors.New("the parent has ended")
	parent := func(t *testing.T) (context.Context, context.CancelCauseFunc) {
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "value"), time.Hour)
		t.Cleanup(cancel)
		return context.WithCancelCause(ctx)
	}
	ask := map[string]func(ctx context.Context){
		"nobody asks before": func(context.Context) {},
		"Done":               func(ctx context.Context) { ctx.Done() },
		"Err":                func(ctx context.Context) { _ = ctx.Err() },
		"a child":            func(ctx context.Context) { context.AfterFunc(ctx, func() {}) },
	}
	end := map[string]struct {
		how  func(a engine.Answer, cancel context.CancelCauseFunc)
		want error
	}{
		"the body is closed":    {func(a engine.Answer, _ context.CancelCauseFunc) { a.Body.Close() }, nil},
		"the parent ends":       {func(_ engine.Answer, cancel context.CancelCauseFunc) { cancel(cause) }, cause},
		"the answer is drained": {func(a engine.Answer, _ context.CancelCauseFunc) { a.Body.Drain(discard{}) }, outbound.ErrAnswerComplete},
	}
	for asked, ask := range ask {
		for ended, end := range end {
			t.Run(ended+"/"+asked, func(t *testing.T) {
				ctx, cancel := parent(t)
				defer cancel(nil)
				got := make(chan context.Context, 1)
				leave := make(chan struct{})
				a, err := run(ctx, ctx.Done(), func(ctx context.Context, w http.ResponseWriter) error {
					ask(ctx)
					flush(w)
					got <- ctx
					<-leave
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				inner := <-got
				if err := context.Cause(inner); err != nil {
					t.Errorf("ended at the beginning: %v", err)
				}
				if _, ok := inner.Deadline(); !ok || inner.Value(key{}) != "value" {
					t.Error("the deadline or the values of the parent are lost")
				}
				if ended == "the answer is drained" {
					close(leave)
				} else {
					defer close(leave)
				}
				end.how(a, cancel)
				if err := context.Cause(inner); err == nil || end.want != nil && err != end.want {
					t.Errorf("the cause is %v, want %v", err, end.want)
				}
				<-inner.Done()
				if err := inner.Err(); err != context.Canceled {
					t.Errorf("Err is %v, want context.Canceled", err)
				}
			})
		}
	}
}
