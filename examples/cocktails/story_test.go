package main

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The story goes as it is told, stage by stage, and every client gets the right
// answer all through it.
func TestStory(t *testing.T) {
	if testing.Short() {
		t.Skip("sends 4,800 requests")
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"-story", "-pace", "0s"}, &out, io.Discard); err != nil {
		t.Errorf("the story ended with %v", err)
	}
	const (
		byOld   = `600 requests: 600 answered by old, 0 by new; 600 right, 0 with a 5xx\.`
		byNew   = `600 requests: 0 answered by old, 600 by new; 600 right, 0 with a 5xx\.`
		byBoth  = `600 requests: [1-9]\d* answered by old, [1-9]\d* by new; 600 right, 0 with a 5xx\.`
		noneIs  = `shadows ran: [1-9]\d* compared old with new, of which 0 differ, `
		pair    = `pair="GET /api/cocktails/:id"`
		someone = `600 requests: \d+ answered by old, \d+ by new; 600 right, 0 with a 5xx\.`
	)
	rest := out.String()
	for _, line := range []string{
		`^GET /api/cocktails/:id moves from the old shape to the new one`,
		`1\. What is left, before`,
		`by traffic: 0 % of the requests`,
		`GET +/api/cocktails/:id +migrating +old +0 +0 +- +- +0 of 0 `,
		`\n    GET /api/cocktails/:id\n`,
		`The pair "GET /api/cocktails/:id" is at "old"\.`,

		`2\. New runs in the shadow, and is wrong`,
		`pair\.Set\(migrate\.Plan{Stage: migrate\.Shadow}, "ada"\)`,
		byOld,
		`[1-9]\d* compared old with new, of which [1-9]\d* differ`,
		`level=WARN msg="migration mismatch" ` + pair + ` plan=shadow count=1 shadow=new differences="\[body\.likes type 0→\\"0\\"\]"`,
		`1 difference\n +body\.likes +type +- 0 +\+ "0"\n +the same number, written as a string on one side`,

		`3\. New is fixed, and still in the shadow`,
		byOld, noneIs,

		`4\. A canary: new serves 10 % of the sessions`,
		`Set\(migrate\.Plan{Stage: migrate\.Canary, Share: 0\.1}, "ada"\)`,
		byBoth, noneIs,

		`5\. A canary: new serves 50 % of the sessions`,
		`Share: 0\.5}`,
		byBoth, noneIs,

		`6\. A storm of errors, and the guard rolls back`,
		someone,
		`level=ERROR msg="migration trip" ` + pair + ` from="canary 50 %" plan=old wanted="canary 50 %" rule=errors new="\d+ of \d+" old="0 of \d+"`,
		`The plan in force is "old" now, although "canary 50 %" is wanted\.`,
		`Share: 0\.75}, "ramp"\)\n    // migrate: the plan is stored, not in force: old serves until Reset`,

		`7\. Somebody has looked, and resets`,
		`pair\.Reset\("ada"\)`,
		`level=INFO msg="migration reset" ` + pair + ` from=old plan="canary 75 %" by=ada`,
		byBoth,

		`8\. New serves all`,
		`Stage: migrate\.Live}`,
		byNew, noneIs,

		`9\. Finished`,
		`Stage: migrate\.New}`,
		byNew,

		`10\. What is left, after`,
		`GET +/api/cocktails/:id +migrating +new +\d+ +\d+ .* \d+ of \d+ `,
		`The pair "GET /api/cocktails/:id" is at "new"\.`,
		`\+   r\.Fetch\.GET\("/:id", a\.newCocktail\)`,
		`The end: 4800 requests: \d+ answered by old, \d+ by new; 4800 right, 0 with a 5xx\.`,
	} {
		at := regexp.MustCompile(line).FindStringIndex(rest)
		if at == nil {
			t.Fatalf("the story does not say, at its place: %s\nIt is:\n%s", line, &out)
		}
		rest = rest[at[1]:]
	}
}

// A story that does not go as it is told ends with an error that says where.
func TestStoryThatGoesWrong(t *testing.T) {
	s, err := newStory(t.Context(), io.Discard, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer s.app.store.Close()
	err = s.serve(t.Context(), 15*time.Second,
		func(context.Context) { s.new.plant(wrongType) },
		s.live)
	if err == nil || !strings.Contains(err.Error(), "chapter 1 did not go as told: ") || !strings.Contains(err.Error(), " of 600 answers were right") {
		t.Errorf("clients got wrong answers, and the story ends with %v", err)
	}
}

// Who breaks the story off is told so.
func TestStoryBrokenOff(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	shadow := writer(func(p []byte) (int, error) {
		if strings.Contains(string(p), "migrate.Shadow") {
			cancel()
		}
		return len(p), nil
	})
	if err := run(ctx, []string{"-story", "-pace", "1h"}, shadow, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("the story ended with %v", err)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
