package negotiate_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/negotiate"
	"github.com/crossfade-go/crossfade/internal/reference"
)

type kind struct {
	header string
	pick   func(lines []string, offers ...string) string
	list   func(lines []string) []string
}

var kinds = map[string]kind{
	"types":     {"Accept", negotiate.Types, negotiate.TypeList},
	"charsets":  {"Accept-Charset", negotiate.Charsets, negotiate.CharsetList},
	"encodings": {"Accept-Encoding", negotiate.Encodings, negotiate.EncodingList},
	"languages": {"Accept-Language", negotiate.Languages, negotiate.LanguageList},
}

// answer is what accepts returns: an offer, "" for false, or a list.
func (k kind) answer(lines, offers []string) any {
	if len(offers) > 0 {
		return k.pick(lines, offers...)
	}
	list := []any{}
	for _, name := range k.list(lines) {
		list = append(list, name)
	}
	return list
}

func TestObserved(t *testing.T) {
	var file struct {
		Cases []struct {
			Kind   string
			Header *string
			Offers []string
			Want   any
		}
	}
	reference.Read(t, "observed/negotiate.json", &file)
	for _, c := range file.Cases {
		var lines []string
		if c.Header != nil {
			lines = []string{*c.Header}
		}
		if diff := cmp.Diff(c.Want, kinds[c.Kind].answer(lines, c.Offers)); diff != "" {
			t.Errorf("%s: %q for offers %q (-want +got)\n%s", c.Kind, lines, c.Offers, diff)
		}
	}
	if len(file.Cases) < 300 {
		t.Errorf("only %d cases", len(file.Cases))
	}
}

type vector struct {
	ID  string
	App struct {
		Stack []struct{ Do [][2]json.RawMessage }
	}
	Request struct {
		Headers [][2]string
		Body    *string
	}
	Expect struct{ Body string }
}

// args are the arguments of the call whose value the handler answers with.
func (v vector) args(t *testing.T) (args []string) {
	var call struct {
		Args []json.RawMessage `json:"$"`
	}
	if err := json.Unmarshal(v.App.Stack[0].Do[0][1], &call); err != nil {
		t.Fatalf("%s: %v", v.ID, err)
	}
	for _, raw := range call.Args[1:] {
		var one string
		var list []string
		if json.Unmarshal(raw, &one) == nil {
			args = append(args, one)
		} else if json.Unmarshal(raw, &list) == nil {
			args = append(args, list...)
		}
	}
	return args
}

func (v vector) lines(header string) (lines []string) {
	for _, h := range v.Request.Headers {
		if strings.EqualFold(h[0], header) {
			lines = append(lines, h[1])
		}
	}
	return lines
}

// body is the JSON that the handler answers with: "" is false.
func body(answer any) string {
	if answer == "" {
		answer = false
	}
	b, _ := json.Marshal(answer)
	return string(b)
}

func TestAcceptsVectors(t *testing.T) {
	for file, k := range map[string]kind{
		"express/req.accepts.json":          kinds["types"],
		"express/req.acceptsCharsets.json":  kinds["charsets"],
		"express/req.acceptsEncodings.json": kinds["encodings"],
		"express/req.acceptsLanguages.json": kinds["languages"],
	} {
		var vectors []vector
		reference.Read(t, file, &vectors)
		for _, v := range vectors {
			if got := body(k.answer(v.lines(k.header), v.args(t))); got != v.Expect.Body {
				t.Errorf("%s: %s, want %s", v.ID, got, v.Expect.Body)
			}
		}
		if len(vectors) < 5 {
			t.Errorf("%s: only %d vectors", file, len(vectors))
		}
	}
}

func TestIsVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/req.is.json", &vectors)
	for _, v := range vectors {
		contentType := strings.Join(v.lines("Content-Type"), ", ")
		if got := body(negotiate.Is(contentType, v.Request.Body != nil, v.args(t)...)); got != v.Expect.Body {
			t.Errorf("%s: %s, want %s", v.ID, got, v.Expect.Body)
		}
	}
	if len(vectors) < 18 {
		t.Errorf("only %d vectors", len(vectors))
	}
}

func TestIsObserved(t *testing.T) {
	var file struct {
		Cases []struct {
			ContentType string
			Types       []string
			Want        string
		}
	}
	reference.Read(t, "observed/negotiate-is.json", &file)
	for _, c := range file.Cases {
		if got := negotiate.Is(c.ContentType, true, c.Types...); got != c.Want {
			t.Errorf("%q is one of %q: %q, want %q", c.ContentType, c.Types, got, c.Want)
		}
	}
	if len(file.Cases) < 100 {
		t.Errorf("only %d cases", len(file.Cases))
	}
}

func TestIsWithoutABody(t *testing.T) {
	if got := negotiate.Is("application/json", false, "json"); got != "" {
		t.Errorf("a request without a body has no type: %q", got)
	}
}

func TestSeveralLinesAreOneList(t *testing.T) {
	lines := []string{"text/html;q=0.5", "application/json"}
	if got := negotiate.Types(lines, "html", "json"); got != "json" {
		t.Errorf("Types = %q, want json", got)
	}
	if diff := cmp.Diff([]string{"application/json", "text/html"}, negotiate.TypeList(lines)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestMembersAreBounded(t *testing.T) {
	header := []string{strings.Repeat("a,", 300)}
	if n := len(negotiate.CharsetList(header)); n != 256 {
		t.Errorf("%d members are read, want 256", n)
	}
}

// Nothing panics; what is picked was offered; what the header lists is picked when it is offered
// alone; and without a header the first offer wins where everything is acceptable.
func FuzzPick(f *testing.F) {
	var file struct {
		Cases []struct {
			Header *string
			Offers []string
		}
	}
	reference.Read(f, "observed/negotiate.json", &file)
	for _, c := range file.Cases {
		if c.Header != nil {
			f.Add(*c.Header, strings.Join(c.Offers, "|"))
		}
	}
	f.Fuzz(func(t *testing.T, header, joined string) {
		offers := strings.Split(joined, "|")
		for name, k := range kinds {
			got := k.pick([]string{header}, offers...)
			if got != "" && !slices.Contains(offers, got) {
				t.Errorf("%s: %q was not offered", name, got)
			}
			if !strings.ContainsAny(header, "qQ") && name != "types" { // with q a second member can take a name back
				for _, accepted := range k.list([]string{header}) {
					if got := k.pick([]string{header}, accepted); got != accepted {
						t.Errorf("%s: %q lists %q and picks %q of it", name, header, accepted, got)
					}
				}
			}
			if name == "encodings" || offers[0] == "" || slices.Contains(offers, "*") {
				continue
			}
			if got := k.pick(nil, offers...); got != offers[0] {
				t.Errorf("%s: without a header %q is picked of %q", name, got, offers)
			}
		}
		if got := negotiate.Is(header, true, offers...); got != "" && negotiate.Is(header, true) == "" {
			t.Errorf("%q has no type and matches %q", header, got)
		}
	})
}

func BenchmarkTypes(b *testing.B) {
	accept := []string{"text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"}
	b.ReportAllocs()
	for b.Loop() {
		negotiate.Types(accept, "text", "html")
	}
}

func BenchmarkIs(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		negotiate.Is("application/json; charset=utf-8", true, "urlencoded", "json")
	}
}
