package migrate_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

func TestStagesAreWords(t *testing.T) {
	for stage, word := range map[migrate.Stage]string{migrate.Old: "old", migrate.Shadow: "shadow", migrate.Canary: "canary", migrate.Live: "live", migrate.New: "new"} {
		if got := stage.String(); got != word {
			t.Errorf("String of stage %d is %q, want %q", stage, got, word)
		}
		var back migrate.Stage
		if err := back.UnmarshalText([]byte(word)); err != nil || back != stage {
			t.Errorf("UnmarshalText(%q) = %v, %v", word, back, err)
		}
	}
	for _, wrong := range []string{"", "Old", "ramp", "old ", "0"} {
		s := migrate.Live
		if err := s.UnmarshalText([]byte(wrong)); err == nil || s != migrate.Live {
			t.Errorf("UnmarshalText(%q) = %v and leaves %v, want an error and no change", wrong, err, s)
		}
	}
	if _, err := migrate.Stage(9).MarshalText(); err == nil {
		t.Error("a stage that does not exist was marshalled")
	}
	if got := migrate.Stage(9).String(); got != "Stage(9)" {
		t.Errorf("String of stage 9 is %q", got)
	}
}

func TestPlanIsReadFromJSON(t *testing.T) {
	var p migrate.Plan
	if err := json.Unmarshal([]byte(`{"stage":"canary","share":0.05}`), &p); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(migrate.Plan{Stage: migrate.Canary, Share: 0.05}, p); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
	text, err := json.Marshal(migrate.Plan{Stage: migrate.Live})
	if err != nil || string(text) != `{"stage":"live"}` {
		t.Errorf("Marshal = %s, %v", text, err)
	}
}

func TestPlanString(t *testing.T) {
	for _, c := range []struct {
		plan migrate.Plan
		want string
	}{
		{migrate.Plan{}, "old"},
		{migrate.Plan{Stage: migrate.New}, "new"},
		{migrate.Plan{Stage: migrate.Canary, Share: 0.05}, "canary 5 %"},
		{migrate.Plan{Stage: migrate.Canary, Share: 0.0001}, "canary 0.01 %"},
		{migrate.Plan{Stage: migrate.Canary, Share: 0.29}, "canary 29 %"},
		{migrate.Plan{Stage: migrate.Canary}, "canary 0 %"},
		{migrate.Plan{Stage: migrate.Canary, Share: 1}, "canary 100 %"},
	} {
		if got := c.plan.String(); got != c.want {
			t.Errorf("%#v is %q, want %q", c.plan, got, c.want)
		}
	}
}

func TestPlanValidate(t *testing.T) {
	for _, c := range []struct {
		plan migrate.Plan
		want string // part of the error; empty is none
	}{
		{migrate.Plan{}, ""},
		{migrate.Plan{Stage: migrate.Canary}, ""},
		{migrate.Plan{Stage: migrate.Canary, Share: 1}, ""},
		{migrate.Plan{Stage: migrate.Canary, Share: 0.0001}, ""},
		{migrate.Plan{Stage: migrate.Canary, Share: 5}, "5 percent is 0.05"},
		{migrate.Plan{Stage: migrate.Canary, Share: -0.1}, "outside 0 to 1"},
		{migrate.Plan{Stage: migrate.Canary, Share: math.NaN()}, "outside 0 to 1"},
		{migrate.Plan{Stage: migrate.Canary, Share: math.Inf(1)}, "outside 0 to 1"},
		{migrate.Plan{Stage: migrate.Canary, Share: 0.00001}, "smallest step"},
		{migrate.Plan{Stage: migrate.Live, Share: 0.5}, "only Canary has a share"},
		{migrate.Plan{Stage: 5}, "not a stage"},
	} {
		err := c.plan.Validate()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("Validate(%v) = %v, want %q", c.plan, err, c.want)
		}
		// A pair takes what Validate takes, and nothing else.
		_, made := migrate.NewPair(migrate.Config{Plan: c.plan, Key: byHeader})
		if (made == nil) != (err == nil) {
			t.Errorf("NewPair with %v: %v, but Validate: %v", c.plan, made, err)
		}
		if set := newPair(t, migrate.Config{Key: byHeader}).Set(c.plan, "test"); (set == nil) != (err == nil) {
			t.Errorf("Set(%v): %v, but Validate: %v", c.plan, set, err)
		}
	}
}

func TestCanaryNeedsKey(t *testing.T) {
	canary := migrate.Plan{Stage: migrate.Canary, Share: 0.5}
	if _, err := migrate.NewPair(migrate.Config{Name: "GET /x", Plan: canary}); !errors.Is(err, migrate.ErrNoKey) || !strings.Contains(err.Error(), "GET /x") {
		t.Errorf("NewPair: %v, want ErrNoKey that names the pair", err)
	}
	p := newPair(t, migrate.Config{Plan: migrate.Plan{Stage: migrate.Shadow}})
	if err := p.Set(canary, "test"); !errors.Is(err, migrate.ErrNoKey) {
		t.Errorf("Set: %v, want ErrNoKey", err)
	}
	if got := p.Plan(); got.Stage != migrate.Shadow {
		t.Errorf("a refused Set changed the plan to %v", got)
	}
}
