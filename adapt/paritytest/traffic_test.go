package paritytest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/adapt/paritytest"
	"github.com/crossfade-go/crossfade/fetch"
)

// told is what Read makes of a recording, a line each.
func told(r io.Reader, format string, traffic paritytest.Traffic) (lines []string) {
	for req, err := range traffic.Read(r, format) {
		var e *paritytest.EntryError
		switch {
		case err == nil:
			text := req.Method() + " " + req.URL().RequestURI()
			for name, value := range req.Headers().All() {
				if name != "Host" {
					text += " | " + strings.ToLower(name) + ": " + value
				}
			}
			if body, _ := req.Bytes(); len(body) > 0 {
				text += fmt.Sprintf(" | %q", body)
			}
			lines = append(lines, text)
		case errors.As(err, &e) && e.Skipped:
			lines = append(lines, "skipped: "+err.Error())
		case errors.As(err, &e):
			lines = append(lines, "unreadable: "+err.Error())
		default:
			lines = append(lines, "end: "+err.Error())
		}
	}
	return lines
}

// The files of each exporter, by hand after what they write, with what exporters and editors break.
func TestRecordings(t *testing.T) {
	own := `^\S+ (?P<host>\S+) \d+ (?P<method>[A-Z]+)=(?P<target>\S+) agent=\[(?P<user_agent>[^]]*)\] lang=\[(?P<http_accept_language>[^]]*)\]$`
	for _, c := range []struct {
		file, format string
		traffic      paritytest.Traffic
		want         []string
	}{
		{"chromium.har", "har", paritytest.Traffic{Unsafe: true, Hosts: []string{"SHOP.example"}}, []string{
			"GET /accounts/42?expand=tags | accept: application/json",
			`POST /accounts | content-type: application/json | "{\"name\":\"Ann\"}"`,
			"skipped: line 50, entry 3: wss: is not a request of HTTP",
			`unreadable: line 56, entry 4: its body of the type "multipart/form-data; boundary=----x" is not in the file, only the names and values of its parts`,
			"unreadable: line 61, entry 5: the URL of its request is a number",
			`unreadable: line 62, entry 6: its request cannot be read: invalid character '"' after object key:value pair`,
			`unreadable: line 63, entry 7: it is not JSON: '"' is where ',' should be`,
			"unreadable: line 64, entry 8: it is not an object",
			`skipped: line 65, entry 9: the host "cdn.example" is not among Hosts`,
		}},
		{"firefox.har", "har", paritytest.Traffic{Unsafe: true}, []string{
			"GET /accounts/7 | accept: */* | cookie: sid=s1",
			`PUT /accounts/7 | content-type: application/x-www-form-urlencoded | "name=Ann+Bo&x=%26"`,
			"unreadable: line 29, entry 3: its request has no method or no url",
		}},
		{"insomnia.har", "har", paritytest.Traffic{Unsafe: true}, []string{
			"GET /accounts?q=a+b&page=2 | cookie: sid=s2; lang=en | user-agent: insomnia/11.2.0",
			`PATCH /accounts/1 | content-type: application/x-www-form-urlencoded | "name=%C3%96%26"`,
			"unreadable: line 4, entry 3: its request has no method or no url",
		}},
		{"charles.har", "har", paritytest.Traffic{Unsafe: true}, []string{
			"HEAD /accounts/9 | x-trace: 1",
			`PUT /blobs/1 | content-type: application/octet-stream | "\x00\xff\x80"`,
			"unreadable: line 17, entry 3: its body is not base64: illegal base64 data at input byte 0",
			"unreadable: line 22, entry 4: header \"A B\": a header name is made of letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2)",
		}},
		{"mitmproxy.har", "har", paritytest.Traffic{}, []string{
			"GET /search?q=a%20b&empty= | cookie: sid=s3",
			"skipped: line 19, entry 2: DELETE is not a safe method",
			"end: line 25: the file ends in the middle of its JSON: it is not whole",
		}},
		{"playwright.har", "har", paritytest.Traffic{Unsafe: true}, []string{
			"OPTIONS /accounts | access-control-request-method: PUT | origin: https://app.example",
			"unreadable: line 16, entry 2: its body is not in the file",
			"skipped: line 23, entry 3: data: is not a request of HTTP",
			"unreadable: line 24, entry 4: its body is not in the file",
			`unreadable: line 30, entry 5: its body has 7 bytes in the file, and had "3": what is not text was lost`,
		}},
		{"combined.log", "combined", paritytest.Traffic{Hosts: []string{"localhost"}}, []string{
			`GET /accounts/42?expand=tags | referer: https://shop.example/ | user-agent: Mozilla/5.0 (X11; "quoted")`,
			"HEAD /accounts/7",
			"skipped: line 3: POST is not a safe method",
			`unreadable: line 4: "\x16\x03\x01\x02" is not a request line`,
			`unreadable: line 5: "-" is not a request line`,
			"unreadable: line 6: the line is not of the format",
			"GET /s%C3%BC%22 | user-agent: curl/8.5.0",
			"unreadable: line 8: its URL is not UTF-8",
			`skipped: line 9: the host "other.example" is not among Hosts`,
		}},
		{"nginx.json.log", "json", paritytest.Traffic{}, []string{
			"GET /accounts/42 | accept: application/json | x-api-version: 2",
			"GET /accounts?page=2",
			"GET /search?q=%22x%22",
			"skipped: line 5: DELETE is not a safe method",
			"unreadable: line 6: the line is not a JSON object: unexpected end of JSON input",
			`unreadable: line 7: "" is not a request line`,
			`unreadable: line 8: "a/b" is not a host`,
		}},
		{"own.log", own, paritytest.Traffic{Hosts: []string{"shop.example"}}, []string{
			"GET /accounts/42 | accept-language: de | user-agent: curl/8",
			"skipped: line 2: POST is not a safe method",
			"unreadable: line 3: the line is not of the format",
		}},
		{"commands.sh", "curl", paritytest.Traffic{Unsafe: true}, []string{
			"GET /accounts/42?expand=tags | accept: application/json | cookie: sid=s1; lang=en",
			`PUT /accounts/7 | content-type: application/json | "{\"name\":\"it's ü\\n\"}"`,
			"HEAD /accounts/9",
			`POST /accounts | accept: application/json | content-type: application/json | "{\"a\":1}"`,
			"GET /search?q=a&page=2&name=a+b",
			"GET /me | authorization: Basic YW5uOnNlY3JldA== | referer: https://shop.example/ | user-agent: tester",
			`unreadable: line 11: its body is in the file "secrets.txt", which is not read here`,
			"unreadable: line 12: '$' is for a shell to fill in",
			"unreadable: line 13: '$' is for a shell to fill in",
			`unreadable: line 14: "wget" is not a command of curl`,
			`unreadable: line 15: the option "--frobnicate" is not known here`,
			"unreadable: line 16: the option -F is not known here",
			"unreadable: line 17: it ends inside of quotes",
		}},
	} {
		t.Run(c.file, func(t *testing.T) {
			f, err := os.Open(filepath.Join("testdata", "traffic", c.file))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if diff := cmp.Diff(c.want, told(f, c.format, c.traffic)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is taken, and what is changed on the way.
func TestTraffic(t *testing.T) {
	log := strings.Join([]string{
		`{"request":"GET /accounts/42 HTTP/1.1"}`,
		`{"request":"GET /accounts/8f14e45f-ceea-467f-a83c-5b3b1c0f2d11/tags?cursor=01ARZ3NDEKTSV4RRFFQ69G5FAV&page=2&user_id=7 HTTP/1.1"}`,
		`{"request":"HEAD /accounts/42 HTTP/1.1"}`,
		`{"request":"GET /accounts/none HTTP/1.1"}`,
		`{"request":"PUT /accounts/42 HTTP/1.1"}`,
	}, "\n")
	ids := map[string]string{"42": "1", "7": "a/b", "8f14e45f-ceea-467f-a83c-5b3b1c0f2d11": "x y"}
	for name, c := range map[string]struct {
		format  string
		traffic paritytest.Traffic
		want    []string
	}{
		"an endpoint, with its HEAD": {"json", paritytest.Traffic{Only: []string{"GET /accounts/[id]"}}, []string{
			"GET /accounts/42",
			"skipped: line 2: GET /accounts/8f14e45f-ceea-467f-a83c-5b3b1c0f2d11/tags is not an endpoint of Only",
			"HEAD /accounts/42", "GET /accounts/none",
			"skipped: line 5: PUT /accounts/42 is not an endpoint of Only",
		}},
		"all methods of a pattern": {"json", paritytest.Traffic{Only: []string{"/accounts/42"}, Unsafe: true}, []string{
			"GET /accounts/42",
			"skipped: line 2: GET /accounts/8f14e45f-ceea-467f-a83c-5b3b1c0f2d11/tags is not an endpoint of Only",
			"HEAD /accounts/42",
			"skipped: line 4: GET /accounts/none is not an endpoint of Only",
			"PUT /accounts/42",
		}},
		"identifiers": {"json", paritytest.Traffic{IDs: ids}, []string{
			"GET /accounts/1",
			`skipped: line 2: IDs does not say what ["01ARZ3NDEKTSV4RRFFQ69G5FAV"] is in the data under test`,
			"HEAD /accounts/1", "GET /accounts/none",
			"skipped: line 5: PUT is not a safe method",
		}},
		"an edit, and no more than two": {"json", paritytest.Traffic{Most: 2, Edit: func(req *fetch.Request) *fetch.Request {
			if req.Method() == "HEAD" {
				return nil
			}
			return req.WithHeader("Authorization", "Bearer test")
		}}, []string{
			"GET /accounts/42 | authorization: Bearer test",
			"GET /accounts/8f14e45f-ceea-467f-a83c-5b3b1c0f2d11/tags?cursor=01ARZ3NDEKTSV4RRFFQ69G5FAV&page=2&user_id=7 | authorization: Bearer test",
		}},
		"a bad pattern":            {"json", paritytest.Traffic{Only: []string{"GET accounts", "x/:"}}, []string{"end: *"}},
		"no format":                {"jsn", paritytest.Traffic{}, []string{"end: *"}},
		"not a regular expression": {"(", paritytest.Traffic{}, []string{"end: *"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := told(strings.NewReader(log), c.format, c.traffic)
			if len(c.want) == 1 && c.want[0] == "end: *" && len(got) == 1 && strings.HasPrefix(got[0], "end: paritytest: ") {
				t.Log(got[0])
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	ids["01ARZ3NDEKTSV4RRFFQ69G5FAV"] = "next"
	got := told(strings.NewReader(log), "json", paritytest.Traffic{IDs: ids})
	if want := "GET /accounts/x%20y/tags?cursor=next&page=2&user_id=a%2Fb"; got[1] != want {
		t.Errorf("mapped to %s, want %s", got[1], want)
	}
}

// A test says what of a file it could not use, and is not silent where nothing is left.
func TestTrafficInTests(t *testing.T) {
	r := &recorder{TB: t}
	file := func(name string) string { return filepath.Join("testdata", "traffic", name) }
	for name, c := range map[string]struct {
		load   func() []*fetch.Request
		taken  int
		errors []string
	}{
		"a recording": {func() []*fetch.Request { return paritytest.HAR(r, file("firefox.har"), paritytest.Traffic{}) }, 1, nil},
		"a log": {func() []*fetch.Request {
			return paritytest.AccessLog(r, file("combined.log"), "combined", paritytest.Traffic{})
		}, 4, nil},
		"commands":           {func() []*fetch.Request { return paritytest.Curl(r, file("commands.sh"), paritytest.Traffic{}) }, 4, nil},
		"a file that is cut": {func() []*fetch.Request { return paritytest.HAR(r, file("mitmproxy.har"), paritytest.Traffic{}) }, 1, []string{"is not whole"}},
		"nothing left": {func() []*fetch.Request {
			return paritytest.HAR(r, file("firefox.har"), paritytest.Traffic{Only: []string{"/x"}})
		}, 0, []string{"2 entries were left out, 1 are unreadable"}},
		"no file":   {func() []*fetch.Request { return paritytest.HAR(r, file("none.har"), paritytest.Traffic{}) }, 0, []string{"none.har"}},
		"not a HAR": {func() []*fetch.Request { return paritytest.HAR(r, file("combined.log"), paritytest.Traffic{}) }, 0, []string{"not an HTTP Archive", "nothing in it"}},
		"a format that is not": {func() []*fetch.Request {
			return paritytest.AccessLog(r, file("combined.log"), "x", paritytest.Traffic{})
		}, 0, []string{"the format", "nothing in it"}},
	} {
		t.Run(name, func(t *testing.T) {
			r.errors = nil
			if got := c.load(); len(got) != c.taken {
				t.Errorf("%d requests, want %d", len(got), c.taken)
			}
			ok := len(r.errors) == len(c.errors)
			for i := range c.errors {
				ok = ok && strings.Contains(r.errors[i], c.errors[i])
			}
			if !ok {
				t.Errorf("reports %q, want %q", r.errors, c.errors)
			}
		})
	}
}

// What single exporters and servers do in ways of their own.
func TestWaysOfTheirOwn(t *testing.T) {
	har := func(request string) string { return `{"log":{"entries":[{"request":` + request + `}]}}` }
	for _, c := range []struct{ who, format, text, want string }{
		{"Firefox, a form behind its headers", "har", har(`{"method":"POST","url":"/f","headers":[{"name":"Content-Type","value":"application/x-www-form-urlencoded"},{"name":"Content-Length","value":"7"}],
			"postData":{"mimeType":"application/x-www-form-urlencoded","text":"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=b%20c"}}`),
			`POST /f | content-type: application/x-www-form-urlencoded | "a=b%20c"`},
		{"a text that only looks like that", "har", har(`{"method":"POST","url":"/f","headers":[{"name":"Content-Length","value":"18"}],"postData":{"mimeType":"text/plain","text":"Content-A: b\r\n\r\nxy"}}`),
			`POST /f | content-type: text/plain | "Content-A: b\r\n\r\nxy"`},
		{"Playwright, a form of which only the parts are there", "har", har(`{"method":"POST","url":"/f","headers":[{"name":"content-length","value":"7"}],
			"postData":{"mimeType":"application/x-www-form-urlencoded","text":"","params":[{"name":"a","value":"b c"}],"_file":"x"}}`), `POST /f | content-type: application/x-www-form-urlencoded | "a=b+c"`},
		{"Playwright, a body that is attached", "har", har(`{"method":"POST","url":"/f","headers":[],"bodySize":-1,"postData":{"mimeType":"application/json","text":"","params":[],"_sha1":"x.json"}}`),
			"unreadable: line 1, entry 1: its body is not in the file"},
		{"Caddy", "json", `{"ts":1.5,"msg":"handled request","request":{"proto":"HTTP/2.0","method":"GET","host":"x.example","uri":"/a?b=1","headers":{"Accept":["*/*"],"Accept-Encoding":["gzip"],"Odd":[1],"None":[]}},"status":200}`,
			"GET /a?b=1 | accept: */*"},
		{"Caddy, of itself", "json", `{"level":"info","msg":"serving initial configuration"}`, `unreadable: line 1: "" is not a request line`},
		{"Traefik", "json", `{"RequestHost":"x.example","RequestMethod":"GET","RequestPath":"/t?u=1","RequestProtocol":"HTTP/1.1","DownstreamStatus":200}`, "GET /t?u=1"},
		{"Envoy", "json", `{"method":"GET","path":"/e?x=1","authority":"x.example","user_agent":"q","response_code":200}`, "GET /e?x=1 | user-agent: q"},
		{"nginx with a path of another kind", "json", `{"request":"GET /n HTTP/1.1","path":"/var/log/nginx.log"}`, "GET /n"},
		{"Traefik, combined", "combined", `10.42.0.1 - - [28/Nov/2026:21:00:00 +0000] "GET /t HTTP/1.1" 200 5 "-" "curl" 12 "web@docker" "http://10.0.0.2:80" 2ms`, "GET /t | user-agent: curl"},
		{"options that change nothing", "curl", "curl -4 -# --http3 --tlsv1.2 --noproxy '*' --max-redirs 3 --fail-with-body /a", "GET /a"},
		{"options that are headers", "curl", "curl --oauth2-bearer t -r 0-9 /a", "GET /a | authorization: Bearer t | range: bytes=0-9"},
	} {
		if got := strings.Join(told(strings.NewReader(c.text), c.format, paritytest.Traffic{Unsafe: true}), "\n"); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.who, got, c.want)
		}
	}
}

// The command that a failed test prints is read back as the request that was sent.
func TestCurlReadsWhatIsPrinted(t *testing.T) {
	for _, body := range []string{"", "plain", "it's", "a\nb", "\x00\xff'\\$x", "ü`id`$(id) && curl x"} {
		req := fetch.NewRequest("PUT", "/x?q=%27&y=$z", fetch.RequestHeader("X-A", `a "b" 'c' \`), fetch.Body([]byte(body)))
		r := &recorder{TB: t}
		paritytest.Test{Method: "PUT", Pattern: "/x", Old: old(says(200, "x")), Next: next(says(200, "y")), Requests: []*fetch.Request{req}}.Run(r)
		i, j := strings.Index(r.errors[0], "curl -i"), strings.LastIndex(r.errors[0], "\nfetch.NewRequest")
		got := told(strings.NewReader(r.errors[0][i:j]), "curl", paritytest.Traffic{Unsafe: true})
		want := `PUT /x?q=%27&y=$z | content-type: application/x-www-form-urlencoded | x-a: a "b" 'c' \` + fmt.Sprintf(" | %q", body)
		if body == "" {
			want = `PUT /x?q=%27&y=$z | x-a: a "b" 'c' \`
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q is read back as %q\nwant %s", r.errors[0][i:j], got, want)
		}
	}
}

// flood is hostile input that goes on for as long as it is read: a start, then the same text.
type flood struct {
	start, again string
	left         int
}

func (f *flood) Read(p []byte) (int, error) {
	if f.start != "" {
		n := copy(p, f.start)
		f.start = f.start[n:]
		return n, nil
	}
	if f.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(f.again) <= len(p) {
		n += copy(p[n:], f.again)
	}
	f.left -= n
	return n, nil
}

// However long a value, a line or a word is, what is held of it is bounded.
func TestTrafficIsBounded(t *testing.T) {
	har := `{"log":{"entries":[`
	for name, c := range map[string]struct{ format, start, again string }{
		"an answer":       {"har", har + `{"response":{"content":{"text":"`, "xxxxxxxxxxxxxxxx"},
		"a request":       {"har", har + `{"request":{"url":"`, "xxxxxxxxxxxxxxxx"},
		"the name":        {"har", har + `{"`, "xxxxxxxxxxxxxxxx"},
		"deep":            {"har", har, "[[[[[[[[[[[[[[[["},
		"many entries":    {"har", har, `{"request":{}},`},
		"nothing of HAR":  {"har", "", "xxxxxxxxxxxxxxxx"},
		"a line":          {"combined", "", "xxxxxxxxxxxxxxxx"},
		"a line of JSON":  {"json", `{"request":"`, "xxxxxxxxxxxxxxxx"},
		"a word of curl":  {"curl", "curl '", "xxxxxxxxxxxxxxxx"},
		"words of curl":   {"curl", "curl ", "x               "},
		"many commands":   {"curl", "", "; curl x\n"},
		"an open comment": {"curl", "#", "xxxxxxxxxxxxxxxx"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			peak, n := uint64(0), 0
			size := 12 << 20
			if strings.HasPrefix(name, "many") {
				size = 256 << 10
			}
			for range (paritytest.Traffic{}).Read(&flood{c.start, c.again, size}, c.format) {
				if n++; n%10_000 == 1 {
					runtime.ReadMemStats(&after)
					peak = max(peak, after.HeapInuse)
				}
			}
			runtime.ReadMemStats(&after)
			if peak = max(peak, after.HeapInuse); peak > before.HeapInuse+9<<20 {
				t.Errorf("%d MiB more in use than before", (peak-before.HeapInuse)>>20)
			}
		})
	}
}

// Whatever the bytes, reading ends, and a request that is taken is one that can be made.
func FuzzTraffic(f *testing.F) {
	formats := []string{"har", "combined", "json", "curl"}
	files, err := filepath.Glob("testdata/traffic/*")
	if err != nil || len(files) == 0 {
		f.Fatal(err, files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for i := range formats {
			f.Add(i, text)
		}
	}
	f.Fuzz(func(t *testing.T, i int, text []byte) {
		format := formats[uint(i)%uint(len(formats))]
		lines := strings.Count(string(text), "\n") + 1
		for req, err := range (paritytest.Traffic{IDs: map[string]string{"42": "1"}}).Read(strings.NewReader(string(text)), format) {
			var e *paritytest.EntryError
			switch {
			case err == nil && (req.Err() != nil || req.Method() == http.MethodPost || strings.HasPrefix(req.URL().Path, "/accounts/42/")):
				t.Errorf("takes %s %s, %v", req.Method(), req.URL(), req.Err())
			case errors.As(err, &e) && (e.Line < 1 || e.Line > lines):
				t.Errorf("line %d of %d: %v", e.Line, lines, err)
			}
		}
	})
}
