package parity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

func BenchmarkCompare(b *testing.B) {
	var rows []string
	for i := range 8 {
		rows = append(rows, fmt.Sprintf(`{"id":%d,"name":"Cocktail %d","price":12.50,"tags":["sour","classic"],"at":"2024-01-02T03:04:05Z"}`, i, i))
	}
	body := `{"items":[` + strings.Join(rows, ",") + `],"total":8,"next":null}`
	head := []string{"Content-Type: application/json", "Vary: Origin", "Cache-Control: no-store", "Date: Sun, 06 Nov 1994 08:49:37 GMT"}
	small := answer(body, head...)
	spaced := answer(strings.ReplaceAll(body, ",", ", "), head...)
	dated := answer(body, append(head[:3:3], "Date: Sun, 06 Nov 1994 08:49:38 GMT")...)
	changed := answer(strings.Replace(body, "Cocktail 5", "Cocktail V", 1), head...)
	rules := parity.Rules{Shape: []string{"body.items[*].at"}, Ignore: []string{"body.next"}}
	large := answer("["+strings.Repeat(body+",", 1000)+"0]", head...)
	largeSpaced := answer("["+strings.Repeat(body+", ", 1000)+"0]", head...)
	for _, bb := range []struct {
		name      string
		old, next parity.Message
		rules     parity.Rules
	}{
		{"identical", small, small, parity.Rules{}},
		{"other date", small, dated, parity.Rules{}},
		{"other white space", small, spaced, parity.Rules{}},
		{"one difference", small, changed, parity.Rules{}},
		{"identical under rules", small, small, rules},
		{"large", large, largeSpaced, parity.Rules{}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(bb.old.Body)))
			for b.Loop() {
				parity.Compare(bb.old, bb.next, bb.rules)
			}
		})
	}
}
