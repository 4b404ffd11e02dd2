package pattern_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/pattern"
)

// written prints segments in brackets, whatever they were read from.
func written(segments []pattern.Segment) string {
	var b strings.Builder
	for _, s := range segments {
		switch s.Kind {
		case pattern.Literal:
			text := strings.NewReplacer(":", `\:`, "*", `\*`).Replace(s.Text)
			if strings.HasPrefix(text, "[") {
				text = `\` + text
			}
			b.WriteString("/" + text)
		case pattern.Param:
			b.WriteString("/[" + s.Text + "]")
		case pattern.CatchAll:
			b.WriteString("/[..." + s.Text + "]")
		case pattern.OptionalCatchAll:
			b.WriteString("/[[..." + s.Text + "]]")
		}
	}
	return b.String()
}

// FuzzParse: what is accepted can be printed and read again, and matches its own example; what is
// refused says where.
func FuzzParse(f *testing.F) {
	for _, tt := range mistakes {
		f.Add(tt.in)
	}
	for _, s := range []string{"/", "/a/:id/*rest", "/p-[id]/[[...r]]", `/v1\:batch/é/%41/`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := pattern.Parse(s)
		if err != nil {
			errs := syntaxErrors(err)
			last := 0
			for _, e := range errs {
				if e.Rule == "" || e.Pattern != s || e.Offset < last || e.Offset > len(s) || !strings.Contains(s, e.Text) {
					t.Errorf("Parse(%q): %+v after offset %d", s, e, last)
				}
				last = e.Offset
				_ = e.Error()
			}
			if len(errs) == 0 {
				t.Errorf("Parse(%q): %v", s, err)
			}
			return
		}
		again, err := pattern.Parse(written(p.Segments))
		if err != nil {
			t.Fatalf("Parse(%q) prints as %q: %v", s, written(p.Segments), err)
		}
		if diff := cmp.Diff(p.Segments, again.Segments); diff != "" || again.Key() != p.Key() || pattern.Compare(p, again) != 0 {
			t.Errorf("Parse(%q) prints as %q (-want +got):\n%s", s, written(p.Segments), diff)
		}
		example, ok := pattern.Overlap(p, again)
		if !ok {
			t.Fatalf("%q does not overlap itself", s)
		}
		if values, ok := p.Match(example); !ok || len(values) != len(p.Names()) {
			t.Errorf("%q matches its example %q: %v, %q", s, example, ok, values)
		}
		if path, _ := pathname.Canonical(example); path != example {
			t.Errorf("the example %q of %q is normalised to %q, so no request has it", example, s, path)
		}
	})
}

// FuzzRelations: a path that both patterns match proves that they overlap, and that no tree takes
// both; a path that one of them matches alone proves the difference.
func FuzzRelations(f *testing.F) {
	f.Add("/a/:b", "/:a/b", "/a/b")
	f.Add("/[[...r]]", "/a/", "/a/")
	f.Add("/a/*r", "/a/:b/[[...r]]", "/a//")
	f.Fuzz(func(t *testing.T, s1, s2, path string) {
		a, err := pattern.Parse(s1)
		if err != nil {
			return
		}
		b, err := pattern.Parse(s2)
		if err != nil {
			return
		}
		_, inA := a.Match(path)
		_, inB := b.Match(path)
		_, overlap := pattern.Overlap(a, b)
		if inA && inB && (!overlap || pattern.Fits(a, b)) {
			t.Errorf("%q and %q both match %q: Overlap %v, Fits %v", s1, s2, path, overlap, pattern.Fits(a, b))
		}
		if inA && !inB && a.Key() == b.Key() {
			t.Errorf("%q alone matches %q, not %q, and the keys are equal", s1, path, s2)
		}
	})
}
