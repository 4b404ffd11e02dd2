package migrate_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/parity"
)

// filled is a configuration without a zero field; the test below fails when a new field is
// forgotten here.
func filled() migrate.Config {
	return migrate.Config{
		Name: "outer", Plan: migrate.Plan{Stage: migrate.Canary, Share: 0.5}, Key: byHeader,
		Rules: parity.Rules{Ignore: []string{"body.x"}}, KeepValues: true, Mismatches: 7, Fallback: migrate.FallbackDeclined,
		Shadow: migrate.ShadowConfig{MaxConcurrent: 3, MaxBody: 10, Timeout: time.Second, Sample: 0.5, Control: 0.5,
			MaxSchedLatency: time.Second, AllowUnsafe: "reason", Detach: func(ctx context.Context) context.Context { return ctx }},
		Guard: migrate.GuardConfig{Off: true, Margin: 0.1, Dwell: time.Second, Slower: 2, MaxPanics: 3, MaxMismatch: 0.5,
			Ceiling: 0.5, Holdback: 0.1, Refusals: true},
		OnEvent: func(migrate.Event) {},
	}
}

// eachField calls f with the path of every field that is not a struct of this package.
func eachField(v reflect.Value, path string, f func(path string, field reflect.Value)) {
	for i := range v.NumField() {
		field, name := v.Field(i), path+v.Type().Field(i).Name
		if field.Type() == reflect.TypeFor[migrate.ShadowConfig]() || field.Type() == reflect.TypeFor[migrate.GuardConfig]() {
			eachField(field, name+".", f)
			continue
		}
		f(name, field)
	}
}

func same(a, b reflect.Value) bool {
	if a.Kind() == reflect.Func {
		return a.Pointer() == b.Pointer()
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func fields(c migrate.Config) map[string]reflect.Value {
	m := map[string]reflect.Value{}
	eachField(reflect.ValueOf(c), "", func(path string, field reflect.Value) { m[path] = field })
	return m
}

func TestInherit(t *testing.T) {
	outer := fields(filled())
	for path, field := range outer {
		if field.IsZero() {
			t.Errorf("%s is zero in the outer configuration, so this test says nothing about it", path)
		}
	}
	for path, field := range fields(inside.Inherit(migrate.Config{Name: "inner"}, filled())) {
		switch {
		case path == "Name":
			if field.String() != "inner" {
				t.Errorf("the name became %q", field)
			}
		case !same(field, outer[path]):
			t.Errorf("%s is %v, want %v from outside", path, field, outer[path])
		}
	}
	// What is said inside stays, field by field.
	inner := migrate.Config{Mismatches: 1, Shadow: migrate.ShadowConfig{MaxBody: 99}, Guard: migrate.GuardConfig{Slower: 9}}
	got := inside.Inherit(inner, filled())
	if got.Mismatches != 1 || got.Shadow.MaxBody != 99 || got.Guard.Slower != 9 || got.Shadow.Timeout != time.Second || got.Guard.MaxPanics != 3 || got.Name != "" {
		t.Errorf("inside and outside mixed to %+v", got)
	}
	// D9: what differs in the whole service and what differs here are both forgiven.
	inner.Rules.Ignore, inner.Rules.Exact = []string{"body.y"}, []string{"body.z"}
	rules := inside.Inherit(inner, filled()).Rules
	if diff := cmp.Diff(parity.Rules{Ignore: []string{"body.x", "body.y"}, Exact: []string{"body.z"}}, rules); diff != "" {
		t.Errorf("rules of both scopes (-want +got):\n%s", diff)
	}
	if inner.Shadow.Timeout != 0 {
		t.Error("Inherit changed what it was given")
	}
}

func TestConfigMistakes(t *testing.T) {
	for _, c := range []struct {
		want   string
		config migrate.Config
	}{
		{"Fallback 7", migrate.Config{Fallback: 7}},
		{"Shadow.MaxConcurrent", migrate.Config{Shadow: migrate.ShadowConfig{MaxConcurrent: -1}}},
		{"Shadow.MaxBody", migrate.Config{Shadow: migrate.ShadowConfig{MaxBody: -1}}},
		{"Shadow.Timeout", migrate.Config{Shadow: migrate.ShadowConfig{Timeout: -1}}},
		{"Shadow.Sample", migrate.Config{Shadow: migrate.ShadowConfig{Sample: 50}}},
		{"Shadow.Sample", migrate.Config{Shadow: migrate.ShadowConfig{Sample: math.NaN()}}},
		{"Shadow.Control", migrate.Config{Shadow: migrate.ShadowConfig{Control: 2}}},
		{"Guard.Dwell", migrate.Config{Guard: migrate.GuardConfig{Dwell: -1}}},
		{"Guard.Slower", migrate.Config{Guard: migrate.GuardConfig{Slower: 0.5}}},
		{"Guard.Slower", migrate.Config{Guard: migrate.GuardConfig{Slower: math.NaN()}}},
		{"Guard.Ceiling", migrate.Config{Guard: migrate.GuardConfig{Ceiling: 1}}},
		{"Guard.Holdback", migrate.Config{Key: byHeader, Guard: migrate.GuardConfig{Holdback: 1}}},
		{"Config.Key", migrate.Config{Guard: migrate.GuardConfig{Holdback: 0.1}}},
		{"Guard.Margin", migrate.Config{Guard: migrate.GuardConfig{Margin: 1}}},
		{"Guard.MaxMismatch", migrate.Config{Guard: migrate.GuardConfig{MaxMismatch: 5}}},
		{"Ignore", migrate.Config{Rules: parity.Rules{Ignore: []string{"body["}}}},
		{"share 5", migrate.Config{Plan: migrate.Plan{Stage: migrate.Canary, Share: 5}}},
	} {
		c.config.Name = "GET /x"
		_, err := migrate.NewPair(c.config)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "GET /x") {
			t.Errorf("%s: %v, want an error that names the field and the pair", c.want, err)
		}
	}
	_, err := migrate.NewPair(migrate.Config{Plan: migrate.Plan{Stage: migrate.Canary}, Fallback: 9, Shadow: migrate.ShadowConfig{MaxBody: -1}})
	if !errors.Is(err, migrate.ErrNoKey) || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three mistakes gave %v", err)
	}
	if _, err := migrate.NewPair(filled()); err != nil {
		t.Errorf("a configuration with every field: %v", err)
	}
	if p := newPair(t, migrate.Config{}); decide(p, get()).New || p.Name() != "" {
		t.Error("the zero configuration does not serve old")
	}
}
