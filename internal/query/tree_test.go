package query_test

import (
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/linear"
	"github.com/crossfade-go/crossfade/internal/query"
)

// Many pairs for one place, for many, deep and wide: time and memory grow with the text.
func TestA17ManyPairs(t *testing.T) {
	for name, pair := range map[string]string{
		"one name":               "a=1&",
		"one name, empty":        "a&",
		"no name":                "&",
		"a list":                 "a[]=1&",
		"one place of a list":    "a[0]=1&",
		"a member of a list":     "a[][b]=1&",
		"a string and a key":     "a[b]=1&a=2&",
		"an index that is large": "a[9999999]=1&a=1&",
		"deep":                   "a" + strings.Repeat("[b]", 32) + "=1&",
		"brackets in brackets":   "a" + strings.Repeat("[", 30) + "=1&",
		"escapes":                "%5B%5d%41%=%41&",
	} {
		for kind, parse := range map[string]func(raw string, n int){
			"urlencoded": func(raw string, n int) { query.Brackets{Array: n, Params: 2 * n}.Parse(raw) },
			"extended":   func(raw string, n int) { query.Brackets{Depth: 32, Array: n, Params: 2 * n, Strict: true}.Parse(raw) },
			"query":      func(raw string, n int) { query.Extended(raw) },
			"simple":     func(raw string, n int) { query.Simple(raw) },
			"pairs": func(raw string, n int) {
				query.First(raw, "z")
				query.Values(raw, "a")
				for range query.All(raw) {
				}
			},
		} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				linear.Check(t, 500, func(n int) func() {
					raw := strings.Repeat(pair, n)
					return func() { parse(raw, n) }
				})
			})
		}
	}
}

// A single pair may be as long as its sender likes.
func TestA17LongNames(t *testing.T) {
	for name, piece := range map[string]string{
		"open brackets": "[", "closed ones": "]", "pairs of brackets": "[]", "keys": "[a]", "escapes": "%5B", "bytes that are not UTF-8": "\xff", "plus": "+",
	} {
		linear.Check(t, 2000, func(n int) func() {
			raw := "a" + strings.Repeat(piece, n) + "=1"
			return func() {
				query.Brackets{Depth: 32, Array: 1}.Parse(raw)
				query.Extended(raw)
				query.First(raw, raw)
			}
		})
		if t.Failed() {
			t.Fatal(name)
		}
	}
}
