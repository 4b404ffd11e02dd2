package jsontext_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/internal/jsontext"
	"github.com/crossfade-go/crossfade/internal/reference"
)

var syntaxCases = []struct{ in, want string }{
	{`{"age":}`, `line 1, column 8: expected a value, got '}'`},
	{``, `line 1, column 1: expected a value, got the end of the text`},
	{"\uFEFF", `line 1, column 1: expected a value, got the end of the text`},
	{" \n\t", `line 2, column 2: expected a value, got the end of the text`},
	{"{\n  'a': 1}", `line 2, column 3: expected a key in double quotes, got "'"`},
	{`{"a":1,}`, `line 1, column 8: expected a key in double quotes, got '}'`},
	{`{"a" 1}`, `line 1, column 6: expected ':' after the key, got '1'`},
	{`{"a":1 "b"`, `line 1, column 8: expected ',' or '}', got '"'`},
	{`{"a`, `line 1, column 4: expected the rest of a string, got the end of the text`},
	{`[1,]`, `line 1, column 4: expected a value, got ']'`},
	{`[01]`, `line 1, column 3: expected ',' or ']', got '1'`},
	{"[\"日本\r\n\"]", `line 1, column 5: expected the rest of a string (line breaks and tabs are written \n and \t), got '\r'`},
	{`"\x41"`, `line 1, column 3: expected an escape (one of \" \\ \/ \b \f \n \r \t \u), got 'x'`},
	{`"\u12G4"`, `line 1, column 6: expected a hexadecimal digit, got 'G'`},
	{`-x`, `line 1, column 2: expected a digit, got 'x'`},
	{`1.`, `line 1, column 3: expected a digit, got the end of the text`},
	{`1e+`, `line 1, column 4: expected a digit, got the end of the text`},
	{`[tru]`, `line 1, column 5: expected the word true, got ']'`},
	{`NaN`, `line 1, column 1: expected a value, got 'N'`},
	{`nul`, `line 1, column 4: expected the word null, got the end of the text`},
	{`fALSE`, `line 1, column 2: expected the word false, got 'A'`},
	{`{} x`, `line 1, column 4: expected nothing after the value, got 'x'`},
	{"\uFEFF\uFEFF{}", `line 1, column 1: expected a value, got '\ufeff'`},
	{"[\x00]", `line 1, column 2: expected a value, got '\x00'`},
	{"\xFF", `line 1, column 1: expected a value, got '�'`},
	{strings.Repeat("[", 10001), `line 1, column 10001: nested more than 10000 levels deep`},
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range syntaxCases {
		var v any
		err := jsontext.Unmarshal([]byte(c.in), &v)
		e, ok := err.(*jsontext.Error)
		if !ok || e.Message != "invalid JSON at "+c.want {
			t.Errorf("%.40q: %v, want invalid JSON at %s", c.in, err, c.want)
			continue
		}
		var syntax *json.SyntaxError
		if !errors.As(err, &syntax) || e.Error() != e.Message {
			t.Errorf("%.40q: the error wraps encoding/json's and reads as its message: %v", c.in, err)
		}
	}
}

func TestTypeErrors(t *testing.T) {
	type target struct {
		Age    int64            `json:"age"`
		Small  int8             `json:"small"`
		Count  uint16           `json:"count"`
		Ratio  float32          `json:"ratio"`
		Name   string           `json:"name"`
		OK     *bool            `json:"ok"`
		List   []int            `json:"list"`
		Pair   [2]string        `json:"pair"`
		Bytes  []byte           `json:"bytes"`
		Map    map[string]int   `json:"map"`
		ByID   map[int64]string `json:"byID"`
		Inner  struct{ X int }  `json:"inner"`
		Addr   netip.Addr       `json:"addr"`
		Number json.Number      `json:"number"`
		Time   time.Time        `json:"time"`
		Quoted int              `json:"quoted,string"`
		Err    error            `json:"err"`
	}
	for _, c := range []struct{ in, want string }{
		{`{"age":"x"}`, `field "age": expected a number, got a string`},
		{`{"age":1.5}`, `field "age": expected a whole number from -9223372036854775808 to 9223372036854775807, got 1.5`},
		{`{"small":128}`, `field "small": expected a whole number from -128 to 127, got 128`},
		{`{"count":-1}`, `field "count": expected a whole number from 0 to 65535, got -1`},
		{`{"ratio":1e400}`, `field "ratio": expected a number nearer to 0, got 1e400`},
		{`{"age":1` + strings.Repeat("0", 99) + `}`, `field "age": expected a whole number from -9223372036854775808 to 9223372036854775807, got 10000000000000000000000000000000…`},
		{`{"name":1}`, `field "name": expected a string, got a number`},
		{`{"name":{}}`, `field "name": expected a string, got an object`},
		{`{"ok":"true"}`, `field "ok": expected a boolean, got a string`},
		{`{"list":{}}`, `field "list": expected an array, got an object`},
		{`{"list":[1,true]}`, `field "list": expected a number, got a boolean`},
		{`{"pair":"x"}`, `field "pair": expected an array, got a string`},
		{`{"bytes":1}`, `field "bytes": expected a string in base64, got a number`},
		{`{"map":[]}`, `field "map": expected an object, got an array`},
		{`{"byID":{"x":""}}`, `field "byID": expected a whole number from -9223372036854775808 to 9223372036854775807, got x`},
		{`{"inner":{"X":"1"}}`, `field "inner.X": expected a number, got a string`},
		{`{"addr":[]}`, `field "addr": expected a string, got an array`},
		{`{"number":true}`, `field "number": expected a number, got a boolean`},
		{`{"err":1}`, `field "err": expected another kind of value, got a number`},
		{`{"addr":"x"}`, `invalid value: ParseAddr("x"): unable to parse IP`},
		{`{"time":7}`, `invalid value: Time.UnmarshalJSON: input is not a JSON string`},
		{`{"bytes":"*"}`, `invalid value: illegal base64 data at input byte 0`},
		{`{"quoted":"x"}`, `a value does not have the form that is expected of it`},
		{"[\n1]", `line 1, column 1: expected an object, got an array`},
	} {
		err := jsontext.Unmarshal([]byte(c.in), new(target))
		if e, ok := err.(*jsontext.Error); !ok || e.Message != c.want || e.Err == nil {
			t.Errorf("%.40s: %v, want %s", c.in, err, c.want)
		}
	}
	err := jsontext.Unmarshal([]byte("[1,\n {}]"), new([]int))
	want := &jsontext.Error{Message: "line 2, column 2: expected a number, got an object", Reason: "expected a number, got an object"}
	e, _ := err.(*jsontext.Error)
	if e == nil {
		t.Fatalf("got %v", err)
	}
	e.Err = nil
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUnmarshal(t *testing.T) {
	for _, c := range []struct {
		rule, in string
		want     any
	}{
		{"one byte order mark is skipped", "\uFEFF {}", map[string]any{}},
		{"a maximal subpart of ill-formed UTF-8 is one U+FFFD", "\"a\xE2\x80b\xFF\"", "a\uFFFDb\uFFFD"},
		{"a lone surrogate is U+FFFD", `"\ud800"`, "\uFFFD"},
		{"the last of repeated keys counts", `{"a":1,"a":2}`, map[string]any{"a": 2.0}},
		{"white space may follow", "1 \r\n\t", 1.0},
	} {
		var got any
		if err := jsontext.Unmarshal([]byte(c.in), &got); err != nil {
			t.Errorf("%s: %v", c.rule, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.rule, diff)
		}
	}
}

func TestTheProgramsMistakeIsNotTheClients(t *testing.T) {
	for _, dst := range []any{nil, 1, (*int)(nil)} {
		err := jsontext.Unmarshal([]byte("1"), dst)
		if _, isClients := err.(*jsontext.Error); err == nil || isClients {
			t.Errorf("decoding into %T: %v", dst, err)
		}
	}
}

func TestStrict(t *testing.T) {
	for in, want := range map[string]bool{
		"{}": true, " \t\r\n[": true, "\uFEFF{": true, "": false, " ": false, "1": false, `"{"`: false, "\v{": false, "null": false,
	} {
		if got := jsontext.Strict([]byte(in)) == nil; got != want {
			t.Errorf("Strict(%q) = %v", in, got)
		}
	}
}

// express.json with its default options, on bodies that are sent as they are.
func TestExpressJSONVectors(t *testing.T) {
	var vectors []struct {
		ID  string
		App struct {
			Stack []map[string]any
		}
		Request struct {
			Headers [][2]string
			Body    any
		}
		Expect struct {
			Status int
			Body   string
		}
	}
	reference.Read(t, "express/express.json.json", &vectors)
	asked := 0
	for _, v := range vectors {
		text, ok := v.Request.Body.(string)
		if !ok || text == "" || v.App.Stack[0]["mw"] != "json" || v.App.Stack[0]["options"] != nil || len(v.Request.Headers) != 1 ||
			v.Request.Headers[0] != [2]string{"Content-Type", "application/json"} {
			continue
		}
		asked++
		body := []byte(text)
		var value any
		err := jsontext.Unmarshal(body, &value)
		accepted := jsontext.Strict(body) == nil && err == nil
		if accepted != (v.Expect.Status == 200) {
			t.Errorf("%s: accepted = %v, but the answer was %d", v.ID, accepted, v.Expect.Status)
		}
		if echo, _ := jsontext.Marshal(value); accepted && string(echo) != v.Expect.Body {
			t.Errorf("%s: %s, want %s", v.ID, echo, v.Expect.Body)
		}
	}
	if asked < 15 {
		t.Errorf("only %d vectors asked", asked)
	}
}

// What is accepted, what comes out, and where it ends are encoding/json's; the explanation is ours.
func FuzzUnmarshal(f *testing.F) {
	for _, c := range syntaxCases {
		if len(c.in) < 100 {
			f.Add(c.in)
		}
	}
	f.Add(`{"a":[1,-0.5e+3,true,false,null,"\u00e9\/"],"b":{}}`)
	f.Fuzz(func(t *testing.T, s string) {
		if strings.HasPrefix(s, "\uFEFF") || strings.ToValidUTF8(s, "") != s {
			return
		}
		var want, got any
		wantErr := json.Unmarshal([]byte(s), &want)
		err := jsontext.Unmarshal([]byte(s), &got)
		if (wantErr == nil) != (err == nil) {
			t.Fatalf("%q: encoding/json says %v, here %v", s, wantErr, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", s, diff)
		}
		var syntax *json.SyntaxError
		if !errors.As(wantErr, &syntax) {
			return
		}
		e := err.(*jsontext.Error)
		at := syntax.Offset - 1
		if strings.HasSuffix(e.Message, "the end of the text") {
			at = syntax.Offset
		}
		lines := strings.Split(s[:at], "\n")
		last := lines[len(lines)-1]
		place := fmt.Sprintf("invalid JSON at line %d, column %d: ", len(lines), utf8.RuneCountInString(last)+1)
		if !strings.HasPrefix(e.Message, place) {
			t.Errorf("%q: %q, encoding/json's %q is at byte %d", s, e, syntax, at)
		}
	})
}

func BenchmarkUnmarshal(b *testing.B) {
	data, _ := jsontext.Marshal(accounts(10))
	b.Run("jsontext", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v []account
			jsontext.Unmarshal(data, &v)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v []account
			json.Unmarshal(data, &v)
		}
	})
}
