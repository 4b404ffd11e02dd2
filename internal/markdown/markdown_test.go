package markdown_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/markdown"
)

func TestValues(t *testing.T) {
	for in, want := range map[string][2]string{
		"":               {"", ""},
		"GET /a/:id":     {"GET /a/:id", "`GET /a/:id`"},
		"a|b":            {`a\|b`, "`a\\|b`"},
		"a`b":            {"a\\`b", "`` a`b ``"},
		"``":             {"\\`\\`", "``` `` ```"},
		"a\n# b\r\x1b":   {`a \# b  `, "`a # b  `"},
		"<img src=x>":    {`\<img src=x\>`, "`<img src=x>`"},
		"[x](y) *z* _w_": {`\[x\](y) \*z\* \_w\_`, "`[x](y) *z* _w_`"},
		"\u202eabc":      {" abc", "` abc`"},
	} {
		if got := [2]string{markdown.Text(in), markdown.Code(in)}; got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	const want = "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |\n"
	if got := markdown.Table([]string{"a", "b"}, [][]string{{"1", "2"}, {"3", "4"}}); got != want {
		t.Errorf("a table is\n%s\nwant\n%s", got, want)
	}
}
