package media_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/media"
)

func TestLenientList(t *testing.T) {
	type member struct {
		Kind   string
		Params []media.Param
	}
	var got []member
	for rest := ` Text/HTML ; Level="1,2" ;q=0.5 , ,gzip;q="\"" , x;a="b,c`; rest != ""; {
		var m member
		m.Kind, m.Params, rest = media.Lenient(rest, true, nil)
		got = append(got, m)
	}
	want := []member{
		{"Text/HTML", []media.Param{{Name: "level", Value: "1,2"}, {Name: "q", Value: "0.5"}}},
		{Kind: ""},
		{"gzip", []media.Param{{Name: "q", Value: `"`}}},
		{Kind: "x"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
