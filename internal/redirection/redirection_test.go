package redirection

import "testing"

func TestBody(t *testing.T) {
	for accept, want := range map[string][2]string{
		"":                   {"text/plain; charset=utf-8", "Found. Redirecting to /a?b&c"},
		"*/*":                {"text/plain; charset=utf-8", "Found. Redirecting to /a?b&c"},
		"text/html, */*;q=1": {"text/html; charset=utf-8", "<!DOCTYPE html><head><title>Found</title></head><body><p>Found. Redirecting to /a?b&amp;c</p></body>"},
		"image/png":          {"", ""},
	} {
		var lines []string
		if accept != "" {
			lines = []string{accept}
		}
		if contentType, body := Body(lines, 302, "/a?b&c"); contentType != want[0] || body != want[1] {
			t.Errorf("Accept %q: %q %q", accept, contentType, body)
		}
	}
	if _, body := Body(nil, 399, "/"); body != "399. Redirecting to /" {
		t.Errorf("a status without a phrase: %q", body)
	}
}
