package migrate_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

func TestParseDocument(t *testing.T) {
	for text, want := range map[string]string{
		``:                                    "ends too soon",
		`{`:                                   "ends too soon",
		`{"version": 1, "pairs": {"a": {`:     "ends too soon",
		`[]`:                                  "cannot unmarshal array",
		`{"pairs": {}}`:                       `no "version"`,
		`{"version": 0, "pairs": {}}`:         `no "version"`,
		`{"version": -1, "pairs": {}}`:        "version",
		`{"version": 1.5, "pairs": {}}`:       "version",
		`{"version": 1e30, "pairs": {}}`:      "version",
		`{"version": 1}`:                      `no "pairs"`,
		`{"version": 1, "pairs": null}`:       `no "pairs"`,
		`{"version": 1, "pairs": []}`:         `no "pairs"`,
		`{"version": 1, "pears": {}}`:         `unknown field "pears"`,
		`{"version": 1, "pairs": {}} x`:       "more text follows",
		`{"version": 1, "pairs": {}}{}`:       "more text follows",
		"\xef\xbb\xbf{}":                      "invalid character",
		`{"version":1,"pairs":{"a":1,"a":2}}`: `"a" comes twice`,
	} {
		d := migrate.ParseDocument([]byte(text))
		if d.Err == nil || !strings.Contains(d.Err.Error(), want) || d.Version != 0 || d.Pairs != nil {
			t.Errorf("%s: %+v, want an error with %q and nothing else", text, d, want)
		}
	}
	for text, want := range map[string]string{
		`{"plan": {"stage": "bananas"}}`:              `"bananas"`,
		`{"plan": {"stage": "canary", "share": 7}}`:   "outside 0 to 1",
		`{"plan": {"stage": "old", "share": 0.5}}`:    "only Canary has a share",
		`{"plan": {"stage": "canary", "percent": 5}}`: `unknown field "percent"`,
		`{"plan": "old"}`:                             "cannot unmarshal",
		`{"holt": "x"}`:                               `unknown field "holt"`,
		`{"hold": "x", "release": "x"}`:               "holds and releases",
		`7`:                                           "cannot unmarshal number",
	} {
		d := migrate.ParseDocument([]byte(`{"version": 3, "pairs": {"bad": ` + text + `, "good": {"plan": {"stage": "live"}}}}`))
		if err := d.Pairs["bad"].Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", text, err, want)
		}
		if good := d.Pairs["good"]; d.Err != nil || good.Check() != nil || good.Plan == nil || good.Plan.Stage != migrate.Live {
			t.Errorf("%s: another directive suffers: %+v", text, d)
		}
	}
}

// Whatever text there is, a document that has nothing wrong is read back as it is written.
func FuzzDocument(f *testing.F) {
	f.Add(`{"version": 12, "pairs": {"GET /users/:id": {"plan": {"stage": "canary", "share": 0.2}, "by": "ada"}, "b": {"hold": "x", "release": "y"}}}`)
	f.Add(`{"version": 18446744073709551615, "pairs": {"": {}, "a": {"plan": null}}}`)
	f.Add(`{"version": 1, "pairs": {"a": {"plan": {"stage": "bananas"}}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		d := migrate.ParseDocument([]byte(text))
		for _, directive := range d.Pairs {
			if directive.Err != nil {
				return
			}
		}
		if d.Err != nil {
			return
		}
		again, err := json.Marshal(d)
		if err != nil {
			for _, directive := range d.Pairs {
				if directive.Check() != nil {
					return
				}
			}
			t.Fatalf("%q: it cannot be written: %v", text, err)
		}
		if diff := cmp.Diff(d, migrate.ParseDocument(again), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q is read back as %s (-want +got):\n%s", text, again, diff)
		}
	})
}

func TestFollowConfigTellsEveryMistake(t *testing.T) {
	err := migrate.FollowConfig{Stale: -1, Dwell: -1, FleetTrip: migrate.Quorum{Least: -1, Share: 2}}.Check()
	for _, want := range []string{"Stale", "Dwell", "share of 2", "needs Peers"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not speak of %q", err, want)
		}
	}
	if err := (migrate.FollowConfig{}).Check(); err != nil {
		t.Errorf("the zero value: %v", err)
	}
}

func TestQuorum(t *testing.T) {
	for _, c := range []struct {
		q       migrate.Quorum
		n, want int
	}{{migrate.Quorum{}, 100, 0}, {migrate.Quorum{Least: 3}, 100, 3}, {migrate.Quorum{Least: 3, Share: 0.01}, 100, 3}, {migrate.Quorum{Least: 3, Share: 0.01}, 1000, 10},
		{migrate.Quorum{Share: 0.01}, 1, 1}, {migrate.Quorum{Share: 0.5}, 5, 3}} {
		if got := c.q.Of(c.n); got != c.want {
			t.Errorf("%+v of %d replicas: %d, want %d", c.q, c.n, got, c.want)
		}
	}
}
