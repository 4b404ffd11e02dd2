package curl_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/curl"
)

func TestLine(t *testing.T) {
	for _, c := range []struct {
		what, method, target string
		lines                [][2]string
		body, want           string
	}{
		{"a path", "GET", "/a", nil, "", `curl -i -X GET 'http://localhost:8080/a'`},
		{"a whole target", "GET", "https://x.test/a?b='", nil, "", `curl -i -X GET 'https://x.test/a?b='\'''`},
		{"HEAD, which curl would wait for a body after", "HEAD", "/", nil, "", `curl -I 'http://localhost:8080/'`},
		{"headers and a body", "POST", "/", [][2]string{{"A", "1"}, {"A", "it's"}}, "{}", `curl -i -X POST -H 'A: 1' -H 'A: it'\''s' --data-binary '{}' 'http://localhost:8080/'`},
		{"a method for the shell", "A;B", "/", nil, "", `curl -i -X 'A;B' 'http://localhost:8080/'`},
		{"bytes that a terminal would not show", "POST", "/", nil, "a\x00\n\\'\xff", `curl -i -X POST --data-binary $'a\x00\x0a\\\'\xff' 'http://localhost:8080/'`},
	} {
		if got := curl.Line(c.method, c.target, c.lines, []byte(c.body)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
}
