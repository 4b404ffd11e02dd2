package reqres_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

// A flavor is a whole framework; what refines it leaves the rest as it is there.
func TestSettings(t *testing.T) {
	for _, tt := range []struct {
		rule     string
		settings reqres.Settings
		redirect string // status and whether the body is Express's
		tag      string // what the tag begins with
		parsed   bool   // before the handler ran
	}{
		{"Express by default", reqres.Settings{}, "302 Found. Redirecting to /x", `W/"`, false},
		{"Express by name", reqres.Settings{Flavor: reqres.Express}, "302 Found. Redirecting to /x", `W/"`, false},
		{"Express with a strong tag", reqres.Settings{ETag: reqres.StrongETag}, "302 Found. Redirecting to /x", `"`, false},
		{"Express without a tag", reqres.Settings{ETag: reqres.NoETag}, "302 Found. Redirecting to /x", "", false},
		{"Express with another code", reqres.Settings{RedirectCode: 303}, "303 See Other. Redirecting to /x", `W/"`, false},
		{"Express that parses first", reqres.Settings{ParseBody: reqres.ParseFirst}, "302 Found. Redirecting to /x", `W/"`, true},
		{"Next.js", reqres.Settings{Flavor: reqres.NextJS}, "307 /x", `"`, true},
		{"Next.js' tag is strong", reqres.Settings{Flavor: reqres.NextJS, ETag: reqres.StrongETag}, "307 /x", `"`, true},
		{"Next.js without a tag", reqres.Settings{Flavor: reqres.NextJS, ETag: reqres.NoETag}, "307 /x", "", true},
		{"Next.js with another code", reqres.Settings{Flavor: reqres.NextJS, RedirectCode: 302}, "302 /x", `"`, true},
		{"Next.js with bodyParser: false", reqres.Settings{Flavor: reqres.NextJS, ParseBody: reqres.ParseWhenAsked}, "307 /x", `"`, false},
	} {
		rec := through(t, tt.settings, func(_ *reqres.Request, res *reqres.Response) error { return res.Redirect("/x") }, httptest.NewRequest("GET", "/", nil))
		if got := fmt.Sprint(rec.Code, " ", rec.Body); got != tt.redirect {
			t.Errorf("%s: redirects with %q, want %q", tt.rule, got, tt.redirect)
		}
		rec = through(t, tt.settings, func(_ *reqres.Request, res *reqres.Response) error { return res.Send("hi") }, httptest.NewRequest("GET", "/", nil))
		if tag := rec.Header().Get("ETag"); !strings.HasPrefix(tag, tt.tag) || (tag == "") != (tt.tag == "") {
			t.Errorf("%s: the tag is %s, want %s…", tt.rule, tag, tt.tag)
		}
		ran := false
		malformed := httptest.NewRequest("POST", "/", strings.NewReader("{"))
		malformed.Header.Set("Content-Type", "application/json")
		through(t, tt.settings, func(_ *reqres.Request, res *reqres.Response) error { ran = true; return res.End() }, malformed)
		if ran == tt.parsed {
			t.Errorf("%s: with a malformed body the handler runs: %t", tt.rule, ran)
		}
	}
}

// Every mistake in the settings is reported by New.
func TestSettings_mistakes(t *testing.T) {
	_, err := adapt.Config{ReqRes: reqres.Settings{Flavor: reqres.NextJS, ETag: 9, ParseBody: 9, ExtendedQuery: true, RedirectCode: 200}}.New()
	_, another := adapt.Config{ReqRes: reqres.Settings{Flavor: 9}}.New()
	var got []string
	for line := range strings.Lines(fmt.Sprint(err, "\n", another)) {
		_, text, _ := strings.Cut(strings.TrimSpace(line), "reqres.Settings: ")
		got = append(got, text)
	}
	want := []string{
		"the ETag 9 is not one of FlavorETag, StrongETag and NoETag",
		"the ParseBody 9 is not one of FlavorParsing, ParseFirst and ParseWhenAsked",
		"ExtendedQuery is Express's; with the Flavor NextJS, QueryObject is req.query as it is there",
		"the RedirectCode 200 is not the status of a redirection, 300 to 399",
		"the Flavor 9 is neither Express nor NextJS",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
