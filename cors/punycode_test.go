package cors

import "testing"

// The first six are the samples of RFC 3492, section 7.1, in lower case; the encodings were made by
// Python's codec.
var punycode = map[string]string{
	"egbpdaj6bu4bxfgehfvwxn":           "ليهمابتكلموشعربي؟",
	"ihqwcrb4cv8a8dqg056pqjye":         "他们为什么不说中文",
	"proprostnemluvesky-uyb24dma41a":   "pročprostěnemluvíčesky",
	"4dbcagdahymbxekheh6e0a7fei0b":     "למההםפשוטלאמדבריםעברית",
	"b1abfaaepdrnnbgefbadotcwatmq2g4l": "почемужеонинеговорятпорусски",
	"d9juau41awczczp":                  "そのスピードで",
	"bcher-kva":                        "bücher",
	"i-7iq":                            "i❤",
	"ida":                              "ñ",
	"x-iv3s":                           "😀x",
}

func TestPunycode(t *testing.T) {
	for encoded, want := range punycode {
		if got, ok := decodePunycode(encoded); string(got) != want || !ok {
			t.Errorf("%q decodes to %q, %t; want %q", encoded, string(got), ok, want)
		}
		if !isPunycode(encoded) {
			t.Errorf("%q (%s) is refused", encoded, want)
		}
	}
	for encoded, why := range map[string]string{
		"":           "it is empty",
		"f":          "a number is cut off",
		"a":          "it is a control character, U+0080",
		"999999b":    "no code point is that large",
		"bcher-Kva":  "hosts are in lower case",
		"b_cher-k_a": "_ is not a digit",
		"abc-":       "it is ASCII and needs no encoding",
		"a-wbb":      "it begins with a combining mark",
		"b-5da":      "Äb has an upper-case letter",
		"abc-zda":    "it has a no-break space",
	} {
		if isPunycode(encoded) {
			t.Errorf("%q is accepted, although %s", encoded, why)
		}
	}
}

func FuzzPunycode(f *testing.F) {
	for encoded := range punycode {
		f.Add(encoded)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if label, ok := decodePunycode(s); ok && len(label) > len(s) {
			t.Errorf("%q decodes to %d characters", s, len(label))
		}
	})
}
