package media_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/reference"
)

// serialised is the type as text, or "" for none.
func serialised(t media.Type, ok bool) string {
	if !ok {
		return ""
	}
	return t.String()
}

// The rules are those of the MIME Sniffing Standard's "parse a MIME type"; most cases are in
// web-platform-tests too.
var parseCases = []struct{ rule, in, want string }{
	{"the essence is lower-cased, a value is not", "TEXT/HTML;CHARSET=GBK", "text/html;charset=GBK"},
	{"white space around the type is stripped", "\t\r\n text/html \t", "text/html"},
	{"white space before a semicolon belongs to nothing", "text/html ;charset=gbk", "text/html;charset=gbk"},
	{"white space before a name is skipped", "text/html; \t\r\ncharset=gbk", "text/html;charset=gbk"},
	{"white space before the equals sign spoils the name", "text/html;charset =gbk", "text/html"},
	{"white space before a value belongs to it", "text/html;charset= gbk", `text/html;charset=" gbk"`},
	{"white space after a value is stripped", "text/html;charset=gbk \t", "text/html;charset=gbk"},
	{"the first of repeated parameters counts", "text/html;charset=gbk;CharSet=utf-8", "text/html;charset=gbk"},
	{"a parameter without a value is skipped", "text/html;test;charset=gbk", "text/html;charset=gbk"},
	{"an empty value is skipped", "text/html;test=;charset=gbk", "text/html;charset=gbk"},
	{"a quoted empty value counts", `text/html;test="";charset=gbk`, `text/html;test="";charset=gbk`},
	{"empty parameters are skipped", "text/html ; ; ;;charset=gbk", "text/html;charset=gbk"},
	{"single quotes are part of a value", "text/html;charset='gbk'", "text/html;charset='gbk'"},
	{"quotes are taken off", `text/html;charset="gbk"`, "text/html;charset=gbk"},
	{"a closing quote may be missing", `text/html;charset="gbk`, "text/html;charset=gbk"},
	{"what follows the closing quote is skipped", `text/html;charset="gbk"x;a=b`, "text/html;charset=gbk;a=b"},
	{"a semicolon may be quoted", `text/html;x=";";charset=gbk`, `text/html;x=";";charset=gbk`},
	{"escapes are undone and made anew", `text/html;x="\a\"\\b"`, `text/html;x="a\"\\b"`},
	{"a backslash at the end is itself", `x/x;test="\`, `x/x;test="\\"`},
	{"a value that is not a token is quoted", "text/html;charset=gbk(", `text/html;charset="gbk("`},
	{"a quote inside a bare value is itself", `text/html;charset=gbk"`, `text/html;charset="gbk\""`},
	{"bytes from 0x80 on may stand in a value", "text/html;test=\xFF;charset=gbk", "text/html;test=\"\xFF\";charset=gbk"},
	{"control characters may not", "text/html;test=\x01;x=\x7F;charset=gbk", "text/html;charset=gbk"},
	{"a tab may", "text/html;x=a\tb", "text/html;x=\"a\tb\""},
	{"a name must be a token", "text/html;é=x;(=y;=z;charset=gbk", "text/html;charset=gbk"},
	{"nothing is not a type", "", ""},
	{"white space is not a type", "\t", ""},
	{"a type needs a slash", "bogus", ""},
	{"a type needs a subtype", "bogus/", ""},
	{"a type needs a subtype that is not white space", "bogus/ ", ""},
	{"a type needs a type", "/bogus", ""},
	{"a subtype has no slash", "bogus/bogus/;", ""},
	{"a type is a token", "{/}", ""},
	{"a subtype is a token", "text/html(;doesnot=matter", ""},
	{"a type has no white space inside", "text /html", ""},
	{"a type is ASCII", "é/é", ""},
}

func TestParse(t *testing.T) {
	for _, c := range parseCases {
		if got := serialised(media.Parse(c.in)); got != c.want {
			t.Errorf("%s: Parse(%q) = %q, want %q", c.rule, c.in, got, c.want)
		}
	}
}

func TestTypeAccessors(t *testing.T) {
	typ, ok := media.Parse(`Multipart/Form-Data; Boundary="a b"; Boundary=c`)
	if !ok || typ.Essence() != "multipart/form-data" || typ.Param("boundary") != "a b" || typ.Param("charset") != "" {
		t.Errorf("essence %q, boundary %q, charset %q", typ.Essence(), typ.Param("boundary"), typ.Param("charset"))
	}
	var zero media.Type
	if zero.String() != "" || zero.Essence() != "" || zero.Param("charset") != "" {
		t.Errorf("the zero value is not a type at all: %q", zero)
	}
}

// Without a bound, a header of a megabyte would be searched for repeated names 10^10 times.
func TestParseIgnoresParametersBeyondABound(t *testing.T) {
	long := "a/b" + strings.Repeat(";x=y", 1000) // one name
	if got := serialised(media.Parse(long)); got != "a/b;x=y" {
		t.Errorf("repeated name: %.40q", got)
	}
	var many strings.Builder
	many.WriteString("a/b")
	for i := range 1000 {
		many.WriteString(";p" + strings.Repeat("x", i%37+1) + strings.Repeat("y", i/37) + "=1")
	}
	if got := serialised(media.Parse(many.String())); strings.Count(got, ";") != 64 {
		t.Errorf("%d parameters kept, want 64", strings.Count(got, ";"))
	}
	if _, params, _ := media.Lenient(many.String(), false, nil); len(params) != 64 {
		t.Errorf("Lenient keeps %d parameters, want 64", len(params))
	}
}

func TestExtractVectors(t *testing.T) {
	var file struct {
		Cases []struct {
			ID            string
			Headers       []string
			ContentLength bool
			Want          any
		}
	}
	reference.Read(t, "fetch/mime-and-length.json", &file)
	for _, c := range file.Cases {
		var got any
		if typ, ok := media.Extract(c.Headers); c.ContentLength {
			continue // net/http has read it
		} else if ok {
			got = typ.String()
		}
		if diff := cmp.Diff(c.Want, got); diff != "" {
			t.Errorf("%s: %q (-want +got)\n%s", c.ID, c.Headers, diff)
		}
	}
	if len(file.Cases) < 40 {
		t.Errorf("only %d cases", len(file.Cases))
	}
}

func TestExtract(t *testing.T) {
	for _, c := range []struct {
		rule string
		in   []string
		want string
	}{
		{"the first charset of an essence is carried on, not the last", []string{"a/b;charset=1", "a/b;charset=2", "a/b"}, "a/b;charset=1"},
		{"another essence forgets the charset", []string{"a/b;charset=1", "c/d", "a/b"}, "a/b"},
		{"a comma splits outside quotes only", []string{`a/b;x="c/d,e/f", g/h`}, "g/h"},
		{"nothing valid is not a type", []string{"a", "*/*", ""}, ""},
	} {
		if got := serialised(media.Extract(c.in)); got != c.want {
			t.Errorf("%s: Extract(%q) = %q, want %q", c.rule, c.in, got, c.want)
		}
	}
}

// What Parse returns is written and read again without a change.
func FuzzParse(f *testing.F) {
	for _, c := range parseCases {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		typ, ok := media.Parse(s)
		if !ok {
			return
		}
		again, ok := media.Parse(typ.String())
		if !ok || again.String() != typ.String() || again.Essence() != typ.Essence() {
			t.Errorf("%q is written as %q and read again as %q", s, typ, again)
		}
		if one, ok := media.Extract([]string{typ.String()}); typ.Essence() != "*/*" && (!ok || one.String() != typ.String()) {
			t.Errorf("%q: a single valid line is extracted as %q", typ, one)
		}
	})
}

// Setting a charset twice is setting it once, and the last one counts.
func FuzzWithCharset(f *testing.F) {
	for _, c := range parseCases {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := media.WithCharset(s, "utf-8")
		if twice := media.WithCharset(once, "utf-8"); twice != once {
			t.Errorf("%q: %q, then %q", s, once, twice)
		}
		if again := media.WithCharset(media.WithCharset(s, "latin1"), "utf-8"); again != once {
			t.Errorf("%q: by way of latin1 %q, directly %q", s, again, once)
		}
	})
}
