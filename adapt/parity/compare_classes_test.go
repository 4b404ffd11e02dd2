package parity_test

import (
	"fmt"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// Where nothing is compared by closeness, being equal divides answers into classes: what equals one
// of them equals all of them. (ETag and Last-Modified, which count only beside identical bytes, and
// expiry dates, which may be five seconds apart, are such closeness, and so are rules.)
func TestEqualAnswersFormClasses(t *testing.T) {
	var all []parity.Message
	heads := []string{
		"", "Vary: a, B", "Vary: B, A", "Vary: a\nVary: b", "Vary: a", "vary: a,b",
		"Content-Type: application/json", "Content-Type: application/json; charset=utf-8", "Content-Type: Application/JSON;charset=UTF-8",
		"Content-Type: text/plain", "Content-Length: 3", "Date: now", "Date: then", "X-Request-Id: 1", "X-Request-Id: 2",
		"Set-Cookie: a=1; Path=/; HttpOnly", "Set-Cookie: a=1; HttpOnly; path=/", "Set-Cookie: a=1; Path=/", "Set-Cookie: b=1\nSet-Cookie: a=1; Path=/; HttpOnly",
		"Set-Cookie: a=1; Path=/; HttpOnly\nSet-Cookie: b=1", "Cache-Control: no-cache, private", "Cache-Control: private,no-cache", "X-A: 1", "X-A: 1\nX-A: 2", "X-A: 2\nX-A: 1",
	}
	contents := []string{
		`{"a":1,"b":[1,2]}`, `{ "b" : [1.0, 2e0], "a" : 1 }`, `{"a":1,"b":[2,1]}`, `{"a":"1","b":[1,2]}`, `{"a":1,"b":[1,2],"c":null}`, ``, `"\u0061"`, `"a"`, `not JSON`, `not  JSON`,
	}
	for _, head := range heads {
		for _, content := range contents {
			all = append(all, message(head, content))
		}
	}
	equal := make([][]bool, len(all))
	for i, a := range all {
		equal[i] = make([]bool, len(all))
		for j, b := range all {
			equal[i][j] = parity.Compare(a, b, parity.Rules{}).Equal()
		}
	}
	name := func(i int) string { return fmt.Sprintf("%v %q", all[i].Header, all[i].Body) }
	others := 0
	for i := range all {
		if !equal[i][i] {
			t.Fatalf("not equal to itself: %s", name(i))
		}
		for j := range all {
			if equal[i][j] != equal[j][i] {
				t.Fatalf("equal in one direction only:\n%s\n%s", name(i), name(j))
			}
			if !equal[i][j] || i == j {
				continue
			}
			others++
			for k := range all {
				if equal[j][k] && !equal[i][k] {
					t.Fatalf("the second equals both others, which differ:\n%s\n%s\n%s", name(i), name(j), name(k))
				}
			}
		}
	}
	if others < len(all) {
		t.Errorf("%d answers are equal to another one in only %d cases, which proves little", len(all), others)
	}
}
