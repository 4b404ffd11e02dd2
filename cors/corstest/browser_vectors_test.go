package corstest_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/cors/corstest"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// The vectors are facts about browsers: from web-platform-tests and from the text of the standard.

type answer struct {
	Status  int
	Headers map[string][]string
}

func (a *answer) write(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.Headers)
	w.WriteHeader(a.Status)
}

type requestVector struct {
	Desc, Source, Method string
	Headers              [][2]string
	Upload               bool `json:"uploadListenerOrStreamBody"`
	Credentials          bool
}

func (v *requestVector) request() corstest.Request {
	h := make(http.Header)
	for _, pair := range v.Headers {
		h[pair[0]] = append(h[pair[0]], pair[1]) // as spelled: a script has no canonical keys
	}
	return corstest.Request{Method: v.Method, URL: "https://api.test/x", Header: h, Credentials: v.Credentials, Upload: v.Upload}
}

func TestBrowserOracle(t *testing.T) {
	type vector struct {
		requestVector
		Origin            string
		PreflightResponse *answer
		Response          *answer
		Success           bool
		ReadableHeaders   []string
	}
	for _, v := range reference.Cases[vector](t, "cors/browser-oracle.json") {
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := v.Response
			if r.Header.Get("Access-Control-Request-Method") != "" {
				a = v.PreflightResponse
			}
			if a == nil {
				t.Errorf("%s (%s): the browser sent %s, for which the case has no answer", v.Desc, v.Source, r.Method)
				return
			}
			a.write(w)
		})
		verdict := corstest.Browser{Origin: v.Origin}.May(server, v.request())
		if verdict.OK != v.Success {
			t.Errorf("%s (%s): shared = %t, want %t; console: %s", v.Desc, v.Source, verdict.OK, v.Success, verdict.Console)
		}
		if verdict.OK == (verdict.Console != "") {
			t.Errorf("%s (%s): shared = %t, but the console says %q", v.Desc, v.Source, verdict.OK, verdict.Console)
		}
		if v.ReadableHeaders == nil {
			continue
		}
		var readable []string
		for name := range verdict.Header {
			readable = append(readable, strings.ToLower(name))
		}
		slices.Sort(readable)
		if diff := cmp.Diff(v.ReadableHeaders, readable); diff != "" {
			t.Errorf("%s (%s): headers that the script can read (-want +got):\n%s", v.Desc, v.Source, diff)
		}
	}
}

func TestPreflightTrigger(t *testing.T) {
	type vector struct {
		requestVector
		Preflight                                               bool
		AccessControlRequestMethod, AccessControlRequestHeaders string
	}
	for _, v := range reference.Cases[vector](t, "cors/preflight-trigger.json") {
		r, preflight := corstest.Browser{Origin: "https://app.test"}.Preflight(v.request())
		if preflight != v.Preflight {
			t.Errorf("%s (%s): preflight = %t, want %t", v.Desc, v.Source, preflight, v.Preflight)
			continue
		}
		if !preflight {
			continue
		}
		want := http.Header{
			"Accept":                        {"*/*"},
			"Origin":                        {"https://app.test"},
			"Access-Control-Request-Method": {v.AccessControlRequestMethod},
		}
		if v.AccessControlRequestHeaders != "" {
			want["Access-Control-Request-Headers"] = []string{v.AccessControlRequestHeaders}
		}
		if diff := cmp.Diff(want, r.Header); diff != "" || r.Method != "OPTIONS" {
			t.Errorf("%s (%s): preflight is %s with headers (-want +got):\n%s", v.Desc, v.Source, r.Method, diff)
		}
	}
}
