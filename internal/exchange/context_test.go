package exchange

import (
	"context"
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/crossfade-go/crossfade/internal/outbound"
)

// Code that asks for the end of a request when it is over learns that its answer was complete:
// net/http has ended the context by then with no other cause than where the client leaves.
func TestCauseAfterTheEnd(t *testing.T) {
	for how, answer := range map[string]func(x *Exchange){
		"at once":   func(x *Exchange) { x.SendWhole(x.W.Header(), 200, "body", nil) },
		"by writes": func(x *Exchange) { x.Write([]byte("body")) },
		"by a conversion, which has asked for a child": func(x *Exchange) {
			inner := new(Exchange)
			inner.Fork(x, Inner, x.W, x.R)
			inner.Context().Done()
			x.SendWhole(x.W.Header(), 200, "body", nil)
		},
	} {
		for _, gone := range []bool{false, true} {
			parent, leave := context.WithCancel(t.Context())
			x := new(Exchange)
			x.Begin(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(parent), newEnv())
			want := outbound.ErrAnswerComplete
			if gone {
				want = ErrClientGone
				x.Context().Done()
				leave()
				<-x.Context().Done()
			}
			answer(x)
			x.Release()
			leave()
			<-x.Context().Done()
			if got := context.Cause(x.Context()); !errors.Is(got, want) {
				t.Errorf("answered %s, the client gone before: %v: the cause is %v", how, gone, got)
			}
		}
	}
}
