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
		``:                                "ends too soon",
		`{`:                               "ends too soon",
		`{"version": 1, "pairs": {"a": {`: "ends too soon",
		`[]`:                              "cannot unmarshal array",
		`{"pairs": {}}`:                   `no "version"`,
		`{"version": 0, "pairs": {}}`:     `no "version"`,
		`{"version": -1, "pairs": {}}`:    "version",
		`{"version": 1.5, "pairs": {}}`:   "version",
		`{"version": 1e30, "pairs": {}}`:  "version",
		`{"version": 9007199254740992, "pairs": {}}`: "the highest one",
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
		`{"plan": {"stage": "canary", "percent": 5}}`: `unknown field "percent"`,
		`{"plan": "old"}`:                             "cannot unmarshal",
		`{"holt": "x"}`:                               `a directive has "plan" (with "stage" and "share"), "hold", "release" and "by": json: unknown field "holt"`,
		`7`:                                           "cannot unmarshal number",
	} {
		d := migrate.ParseDocument([]byte(`{"version": 3, "pairs": {"bad": ` + text + `, "good": {"plan": {"stage": "live"}}}}`))
		if err := d.Pairs["bad"].Err; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", text, err, want)
		}
		if good := d.Pairs["good"]; d.Err != nil || good.Err != nil || good.Plan == nil || good.Plan.Stage != migrate.Live {
			t.Errorf("%s: another directive suffers: %+v", text, d)
		}
	}
}

// No document is written in the place of the one after which there is no other.
func TestHighestVersion(t *testing.T) {
	text, err := json.Marshal(migrate.Document{Version: 1<<53 - 1})
	if d := migrate.ParseDocument(text); err != nil || d.Err != nil || d.Version != 1<<53-1 {
		t.Errorf("the highest version: %s, %v, read as %+v", text, err, d)
	}
	if text, err := json.Marshal(migrate.Document{Version: 1 << 53}); err == nil || !strings.Contains(err.Error(), "the highest one") {
		t.Errorf("one higher: %s, %v", text, err)
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
			t.Fatalf("%q: it cannot be written: %v", text, err)
		}
		if diff := cmp.Diff(d, migrate.ParseDocument(again), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q is read back as %s (-want +got):\n%s", text, again, diff)
		}
	})
}
