package jsontext_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/jsontext"
)

// complaints are what Node 20 says.
var complaints = []struct{ text, want string }{
	{``, `Unexpected end of JSON input`},
	{`{`, `Expected property name or '}' in JSON at position 1`},
	{`{"a":1,}`, `Expected double-quoted property name in JSON at position 7`},
	{`{"a" 1}`, `Expected ':' after property name in JSON at position 5`},
	{`{"a":1 "b"`, `Expected ',' or '}' after property value in JSON at position 7`},
	{`[1 2]`, `Expected ',' or ']' after array element in JSON at position 3`},
	{`[1,`, `Unexpected end of JSON input`},
	{`{} x`, `Unexpected non-whitespace character after JSON at position 3`},
	{`[-]`, `No number after minus sign in JSON at position 2`},
	{`[1.]`, `Unterminated fractional number in JSON at position 3`},
	{`[1e]`, `Exponent part is missing a number in JSON at position 3`},
	{`[01]`, `Unexpected number in JSON at position 2`},
	{`["a`, `Unterminated string in JSON at position 3`},
	{"[\"a\tb\"]", `Bad control character in string literal in JSON at position 3`},
	{`["\x"]`, `Bad escaped character in JSON at position 3`},
	{`["\u12"]`, `Bad Unicode escape in JSON at position 6`},
	{`tru`, `Unexpected end of JSON input`},
	{`truth`, `Unexpected token 't', "truth" is not valid JSON`},
	{`NaN`, `"NaN" is not valid JSON`},
	{`["😀" x]`, `Expected ',' or ']' after array element in JSON at position 6`},
	{`<!DOCTYPE html><html>`, `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`},
	{`{"a":{"b":[1,2,{"c":}]}}`, `Unexpected token '}', ..."[1,2,{"c":}]}}" is not valid JSON`},
	{` [1, "\u00e9\n", -0.5e+3, {"a": null}] `, ``},
}

func TestComplaint(t *testing.T) {
	for _, tt := range complaints {
		if got := jsontext.Complaint(tt.text); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
	deep := strings.Repeat("[", 1<<20)
	if got, want := jsontext.Complaint(deep), "Nested more than 10000 levels deep"; !strings.Contains(got, want) {
		t.Errorf("a million brackets: got %s, want %s", got, want)
	}
	if got, want := jsontext.StrictComplaint("  true"), `Unexpected token 't', "  true" is not valid JSON`; got != want {
		t.Errorf("strict: got %s, want %s", got, want)
	}
}

// A complaint is made of exactly what is no JSON.
func FuzzComplaint(f *testing.F) {
	for _, tt := range complaints {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := jsontext.Complaint(s); (got == "") != json.Valid([]byte(s)) {
			t.Errorf("%q: %q, though json.Valid is %v", s, got, json.Valid([]byte(s)))
		}
		jsontext.StrictComplaint(s)
	})
}
