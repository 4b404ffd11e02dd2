package parity_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files from what the code says now")

// golden compares a text for humans with the file that was reviewed.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got+"\n"); diff != "" {
		t.Errorf("%s (-want +got); if it is meant, run the test with -update and read the change:\n%s", name, diff)
	}
}

func TestReportText(t *testing.T) {
	var many []string
	for i := range 60 {
		many = append(many, fmt.Sprintf(`{"price":%d,"name":"n"}`, i))
	}
	tests := []struct {
		name      string
		old, next parity.Message
		rules     parity.Rules
	}{
		{"equal", jsonAnswer(`{"a":1}`), jsonAnswer(`{"a":1.0}`), parity.Rules{}},
		{"migration",
			answer(`{"id":7,"total":"12.50","tags":null,"items":[{"sku":"a","price":-12.5},{"sku":"b","price":3}],"createdAt":"2024-05-06T07:08:09.000Z","big":9007199254740993,"roles":["admin","user"]}`,
				"Content-Type: application/json; charset=utf-8", "Vary: Origin, Accept-Encoding", `ETag: W/"4d-x"`, "Set-Cookie: sid=0b5e; Path=/; HttpOnly"),
			answer(`{"id":7,"total":12.50,"tags":[],"items":[{"sku":"a","price":"-12.5"},{"sku":"b","price":3}],"createdAt":"2024-05-06T07:08:09Z","big":9007199254740992,"roles":["user","admin"],"links":{ "self": "/x" }}`,
				"Content-Type: application/json", "Vary: Origin", "Set-Cookie: sid=; Path=/"),
			parity.Rules{Ignore: []string{"body.gone"}, Expect: []parity.Expectation{{Path: "body.links", Kind: parity.KindExtra}, {Path: "body.id", Why: "TICKET-12 renumbers them"}}}},
		{"many", jsonAnswer("[" + strings.Join(many, ",") + "]"), jsonAnswer("[" + strings.ReplaceAll(strings.Join(many, ","), `price":`, `price":1`) + "]"),
			parity.Rules{Ignore: []string{"body.a", "body.b", "body.c", "body.d", "body.e", "body.f", "body.g", "body.h", "body.i", "body.j"}}},
		{"text", answer("line one\nline two, which is long enough to be cut somewhere before its end comes\nline three\n", "Content-Type: text/plain"),
			answer("line one\nline two, which is long enough to be cut somewhere before its END comes\nline three\n", "Content-Type: text/plain"), parity.Rules{}},
		{"newline", answer("no such account\n", "Content-Type: text/plain"), answer("no such account", "Content-Type: text/plain"), parity.Rules{}},
		{"hostile", answer("a\x1b[31mred\u202e\x7f\n", "Content-Type: text/plain", "X-A: \x1b[0m\"q\""), answer("\a", "Content-Type: text/plain"), parity.Rules{}},
		{"bytes", answer("\x89PNG\r\n\x1a\nabcdefghijklmnop", "Content-Type: image/png"), answer("\x89PNG\r\n\x1a\nabcdEfghijklm", "Content-Type: image/png"), parity.Rules{}},
		{"broken", parity.Message{Status: 500, Err: "panic: runtime error: index out of range"}, answer(`{"error":"Internal Server Error"}`), parity.Rules{Ignore: []string{"body.x y"}}},
		{"personal", jsonAnswer(`{"byEmail":{"ann@example.com":{"age":41,"iban":"DE02"}},"u8412739":1}`), jsonAnswer(`{"byEmail":{"ann@example.com":{"age":42,"iban":null}},"u8412739":2}`), parity.Rules{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := parity.Compare(tt.old, tt.next, tt.rules)
			text := r.String()
			if n := strings.Count(text, "\n") + 1; n > 40 {
				t.Errorf("%d lines, more than 40", n)
			}
			golden(t, tt.name+".golden", text+"\n\nredacted: "+r.Redacted().String())
		})
	}
}

func TestReportMarkdown(t *testing.T) {
	message := func(status int, body string) parity.Message {
		return parity.Message{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
	}
	hostile := "<img src=x>|`*_[x](y)\\n# head"
	texts := []string{
		parity.Report{}.Markdown(),
		parity.Compare(message(200, `{"tags":[],"n":1}`), message(404, `{"tags":null,"n":2,"`+hostile+`":"`+hostile+`"}`), parity.Rules{Ignore: []string{"body.n", "body.gone"}}).Markdown(),
	}
	golden(t, "report.md.golden", strings.Join(texts, "\n---\n\n"))
}
