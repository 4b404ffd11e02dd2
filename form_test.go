package crossfade_test

import (
	"slices"
	"testing"

	"github.com/crossfade-go/crossfade"
)

func TestForm(t *testing.T) {
	first, second := crossfade.NewFile("1", "", []byte("one")), crossfade.NewFile("2", "", nil)
	f := crossfade.NewForm(
		crossfade.FormEntry{Name: "a", File: first},
		crossfade.FormEntry{Name: "a", Value: "x"},
		crossfade.FormEntry{Name: "b", Value: "y"},
		crossfade.FormEntry{Name: "a", Value: "z"},
		crossfade.FormEntry{Name: "a", File: second},
	)
	if n := len(slices.Collect(f.Entries())); n != 5 || f.Get("a") != "x" || f.Get("c") != "" {
		t.Errorf("%d entries, Get %q and %q", n, f.Get("a"), f.Get("c"))
	}
	if got := f.Values("a"); !slices.Equal(got, []string{"x", "z"}) || f.Values("c") != nil {
		t.Errorf("Values are the texts of the name, in order: %q", got)
	}
	if got, ok := f.File("a"); !ok || got != first {
		t.Errorf("File is the first file: %v", got)
	}
	if _, ok := f.File("b"); ok {
		t.Error("a text is not a file")
	}
	if got := f.Files("a"); !slices.Equal(got, []*crossfade.File{first, second}) {
		t.Errorf("Files are the files of the name, in order: %v", got)
	}
	var all []string
	for name, value := range f.All() {
		all = append(all, name+"="+value)
		if len(all) == 2 {
			break
		}
	}
	if !slices.Equal(all, []string{"a=x", "b=y"}) {
		t.Errorf("All yields the texts, until it is told to stop: %q", all)
	}
	var zero crossfade.Form
	if len(slices.Collect(zero.Entries())) != 0 || zero.Get("a") != "" {
		t.Error("the zero form is empty")
	}
}
