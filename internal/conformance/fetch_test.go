package conformance

// The cases of the Fetch, URL and XHR Standards: operations and what comes of them. Here they are
// read and given their scope; the other fetch_ files carry them out, each kind of case by its own
// interpreter.

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/fetch"
)

var fetchStandard = reference{
	name: "Fetch Standard",
	dir:  "fetch",
	out: []rule{
		{"browser", "Profile `browser`: forbidden header names protect users of browsers; a server sets cookies and reads Host."},
		{"client-only", "Profile `client-only`, `duplex`, and Response.error(): members that only fetch() on a client has a use for (DESIGN, section 4)."},
		{"constructor", "Profile `constructor`: TRACE, TRACK and CONNECT. Here NewRequest also calls a mux in process, which must represent them as the wire does."},
		{"live", "Live iteration over a list that changes (DESIGN, section 4): values here are immutable, an iteration cannot see a change."},
		{"length", "The Fetch Standard's \"extract a length\" from several Content-Length lines: net/http reads the length of a message, and refuses one whose lines differ."},
		{"WebIDL", "Conversions of JavaScript values: code points beyond U+00FF in byte strings (Go's strings are bytes), pairs of another length than two, statuses that are not integers."},
		{"immutable guard", "The guard `immutable`, under which mutators throw: here every value is immutable, and a With… returns a changed copy."},
		{"locked stream", "A stream that somebody holds a lock on: an io.Reader has no lock. A body that is used up is ErrBodyUsed."},
		{"relative URL", "A relative redirect is allowed (facts of Next.js, section 6.4), and the path of a request needs no base URL: both are what goes over the wire."},
		{"malformed escape", "A malformed escape in the path of a request: net/http refuses the request line, and *url.URL cannot hold it."},
		{"control characters", "Header values with control characters other than TAB, CR, LF and NUL, which the Standard lets pass: HTTP/2 carries none of them, so here each is refused where the header is made (DESIGN, section 3, Headers)."},
		{"IDNA", "Hosts beyond ASCII: mapping them takes tables that the standard library does not have."},
	},
	norms: []rule{
		{"name case", "Headers are listed with canonical names (Content-Type), as in Go; the Standard lists them in lower case."},
		{"reading a bad name", "get and has of a name that is not a token throw; here such a header is just absent, because reading has no error in Go. Changing one is refused."},
		{"client members", "`type`, `url` and `redirected` of a Response are constants on a server and left out."},
		{"immutable", "`immutable: true`: instead of throwing, With… leaves the original as it was."},
		{"Blob", "There is no Blob: its type is the extracted MIME type in lower case, its content that of Bytes."},
	},
	run: runFetch,
}

// fetchCase has what all kinds have in common.
type fetchCase struct {
	ID, Name, Profile  string
	Live               json.RawMessage
	LiveIterator, Wide bool
}

func runFetch(t *testing.T, b *book) {
	interpreters := map[string]func(t *testing.T, raw json.RawMessage) verdict{
		"headers":         headersCase,
		"request":         requestCase,
		"response":        responseCase,
		"urlsearchparams": paramsCase,
		"formdata":        formCase,
		"mime-and-length": mimeCase,
	}
	files, err := filepath.Glob(filepath.Join(*cases, "fetch", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases of fetch in %s: %v", *cases, err)
	}
	for _, file := range files {
		interpret := interpreters[strings.TrimSuffix(filepath.Base(file), ".json")]
		if interpret == nil {
			t.Errorf("%s: no interpreter for its cases", file)
			continue
		}
		var content struct{ Cases []json.RawMessage }
		readJSON(t, file, &content)
		for _, raw := range content.Cases {
			var c fetchCase
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatalf("%s: %v in %s", file, err, raw)
			}
			summary := c.Name
			if summary == "" {
				summary = string(raw)
			}
			b.run(t, c.ID, summary, func(t *testing.T) verdict {
				switch {
				case c.Profile == "browser", c.Profile == "client-only", c.Profile == "constructor":
					return verdict{out: c.Profile}
				case c.Live != nil || c.LiveIterator:
					return verdict{out: "live"}
				}
				v := interpret(t, raw)
				if v.diff != "" && strings.HasSuffix(file, "headers.json") && control.Match(raw) {
					return verdict{out: "control characters"}
				}
				return v
			})
		}
	}
}

// control finds control characters in JSON that no header may have here, though the Standard allows
// them.
var control = regexp.MustCompile(`(?i)\\u00(0[1-8bcef]|1[0-9a-f]|7f)|\\[bf]`)

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// decode reads a case strictly: a member that an interpreter does not know would be compared by
// nobody.
func decode(t *testing.T, raw json.RawMessage, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("the runner does not understand the case: %v\n%s", err, raw)
	}
}

// class is the JavaScript class that an error stands for; "" for none.
func class(err error) string {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return ""
	case errors.Is(err, fetch.ErrRange):
		return "RangeError"
	case errors.As(err, &syntax):
		return "SyntaxError"
	default:
		return "TypeError"
	}
}

// outcome is what an operation returned or threw.
type outcome struct {
	Value  any    `json:"v"`
	Throws string `json:"throws"`
}

func (v *verdict) norm(name string) {
	if !slices.Contains(v.norms, name) {
		v.norms = append(v.norms, name)
	}
}

// differ adds a difference to the verdict.
func (v *verdict) differ(what string, want, got any) {
	if diff := cmp.Diff(want, got); diff != "" {
		v.diff += fmt.Sprintf("%s (-Standard +here):\n%s", what, diff)
	}
}

// byteString is a byte string of a case: each character is one byte. One beyond U+00FF stays as it
// is, for the other side to refuse.
func byteString(s string) string { return latin1(s) }

// wide reports whether s has a character beyond U+00FF.
func wide(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 0xFF }) >= 0
}
