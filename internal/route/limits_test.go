package route

import (
	"reflect"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade"
)

// Each limit that an inner scope leaves out is the outer one's; what nobody has set is the default.
func TestInner(t *testing.T) {
	outer := crossfade.Limits{Body: 1, Stream: 2, Parts: 3, PartHeader: 4, FormMemory: 5, Form: 6, ReadTimeout: 7, WriteTimeout: 8}
	if got := Inner(crossfade.Limits{}, outer); got != outer {
		t.Errorf("inherited %+v", got)
	}
	for i := range reflect.TypeFor[crossfade.Limits]().NumField() {
		var inner crossfade.Limits
		reflect.ValueOf(&inner).Elem().Field(i).SetInt(-1)
		want := outer
		reflect.ValueOf(&want).Elem().Field(i).SetInt(-1)
		if got := Inner(inner, outer); got != want {
			t.Errorf("with %s of its own: %+v", reflect.TypeFor[crossfade.Limits]().Field(i).Name, got)
		}
	}
	want := crossfade.Limits{Body: 1 << 20, Parts: 1000, PartHeader: 16 << 10, FormMemory: 1 << 20, Form: 1 << 20}
	if got := Resolved(crossfade.Limits{}); got != want {
		t.Errorf("the defaults are %+v", got)
	}
	want = crossfade.Limits{Body: 9, Parts: -1, PartHeader: 16 << 10, FormMemory: 9, Form: 7, WriteTimeout: time.Second}
	if got := Resolved(crossfade.Limits{Body: 9, Parts: -1, Form: 7, WriteTimeout: time.Second}); got != want {
		t.Errorf("resolved %+v", got)
	}
	if Default.Logger() == nil {
		t.Error("no logger")
	}
}
