package exchange

import (
	"net/http/httptest"
	"testing"
)

// What is to be cleaned up is cleaned up once, also when somebody asks for it after the request,
// and whether or not anything else was kept of the request.
func TestCleanup(t *testing.T) {
	answers := map[string]func(x *Exchange){
		"in one piece": func(x *Exchange) { x.SendWhole(x.W.Header(), 200, "body", nil) },
		"by writes":    func(x *Exchange) { x.Write([]byte("body")) },
		"not at all":   func(*Exchange) {},
	}
	for how, answer := range answers {
		for _, late := range []bool{false, true} {
			x := new(Exchange)
			x.Begin(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), newEnv())
			runs := 0
			if !late {
				x.Cleanup(func() { runs++ })
			}
			answer(x)
			x.Release()
			if late {
				x.Cleanup(func() { runs++ })
				if x.AfterAnswer(func(bool) {}) {
					t.Errorf("answered %s: AfterAnswer has promised to run what comes too late", how)
				}
			}
			x.Release()
			if runs != 1 {
				t.Errorf("answered %s, asked for after the request: %v: cleaned up %d times, want once", how, late, runs)
			}
		}
	}
}
