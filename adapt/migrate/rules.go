package migrate

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// The rules of many pairs. A scope's are those of all pairs in it, so whether one does anything is
// a question to all of them.

// addRules returns the rules of both; what both say is said once.
func addRules(a, b parity.Rules) parity.Rules {
	return parity.Rules{
		Ignore: union(a.Ignore, b.Ignore), Shape: union(a.Shape, b.Shape), Exact: union(a.Exact, b.Exact),
		Unordered: union(a.Unordered, b.Unordered), Within: union(a.Within, b.Within),
		Expect: union(a.Expect, b.Expect), Noise: a.Noise.Merge(b.Noise),
	}
}

func union[T comparable](a, b []T) []T {
	all := slices.Clip(a)
	for _, v := range b {
		if !slices.Contains(a, v) {
			all = append(all, v)
		}
	}
	return all
}

// stale returns the rules that were of no use to any of the pairs that have them and have compared
// answers.
func stale(of []*Pair) []string {
	useful := make(map[string]bool)
	for _, p := range of {
		p.evidence.mu.Lock()
		compared, own := p.evidence.compared, p.evidence.stale
		p.evidence.mu.Unlock()
		if compared == 0 {
			continue
		}
		for _, rule := range labels(p.config.Rules) {
			useful[rule] = useful[rule] || !slices.Contains(own, rule)
		}
	}
	var list []string
	for rule, any := range useful {
		if !any {
			list = append(list, rule)
		}
	}
	slices.Sort(list)
	return list
}

// labels name the rules as parity.Report.Stale does.
func labels(r parity.Rules) (list []string) {
	for field, v := range reflect.ValueOf(r).Fields() {
		if v.Kind() != reflect.Slice {
			continue // Noise, which nobody wrote
		}
		for i := range v.Len() {
			path := v.Index(i)
			if path.Kind() == reflect.Struct {
				path = path.FieldByName("Path")
			}
			list = append(list, field.Name+" "+strconv.Quote(path.String()))
		}
	}
	return list
}
