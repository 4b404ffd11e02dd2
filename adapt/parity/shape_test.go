package parity_test

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
)

// sameShape asks whether two strings are of one lexical class, and returns what the report says if
// not.
func sameShape(x, y string) (bool, string) {
	a, _ := json.Marshal(x)
	b, _ := json.Marshal(y)
	r := parity.Compare(jsonAnswer(string(a)), jsonAnswer(string(b)), parity.Rules{Shape: []string{"body"}})
	if r.Equal() {
		return true, ""
	}
	return false, r.Diffs[0].Hint
}

func TestLexicalClasses(t *testing.T) {
	classes := map[string][]string{
		"empty":                  {""},
		"uuid":                   {"6ba7b810-9dad-11d1-80b4-00c04fd430c8", "6BA7B811-9DAD-11D1-80B4-00C04FD430C8"},
		"zero uuid":              {"00000000-0000-0000-0000-000000000000"},
		"ulid":                   {"01ARZ3NDEKTSV4RRFFQ69G5FAV", "01BX5ZZKBKACTAV9WEVGEMMVRZ"},
		"hex of 40":              {"da39a3ee5e6b4b0d3255bfef95601890afd80709", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80700"},
		"hex of 64":              {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		"url":                    {"https://a.example/x", "http://b"},
		"jwt":                    {"eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln_-"},
		"e-mail":                 {"ann@example.com", "b.c+d@e.fg"},
		"date-time":              {"2024-01-02T03:04:05Z", "2024-01-02T03:04:05.999+01:00"},
		"zero time":              {"0001-01-01T00:00:00Z"},
		"date-time without zone": {"2024-01-02T03:04:05", "2024-01-02T03:04:05.1"},
		"date-time with a space": {"2024-01-02 03:04:05"},
		"date":                   {"2024-01-02"},
		"http date":              {"Sun, 06 Nov 1994 08:49:37 GMT"},
		"text":                   {"x", "12", "deadbeef", "6ba7b810-9dad-11d1-80b4-00c04fd430cg", "6ba7b810x9dad-11d1-80b4-00c04fd430c8", "not a date-time at all", "a@b", "@", "eyJ.x", "81ARZ3NDEKTSV4RRFFQ69G5FAV"},
	}
	for class, texts := range classes {
		for other, others := range classes {
			for _, x := range texts {
				for _, y := range others {
					same, hint := sameShape(x, y)
					want := ""
					if class != other {
						want = class + " became " + other
					}
					if same != (class == other) || hint != want {
						t.Errorf("%q and %q: %q, want %q", x, y, hint, want)
					}
				}
			}
		}
	}
}

// Two values of one generator must never be of two classes, or noise is reported now and then.
func TestGeneratorsStayInTheirClass(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	random := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	at := func() time.Time { return time.Unix(r.Int64N(4e9)+1, r.Int64N(1e9)).UTC() }
	generators := map[string]func() string{
		"uuid": func() string {
			b := random(16)
			return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
		},
		"short hex":     func() string { return hex.EncodeToString(random(4)) },
		"span id":       func() string { return hex.EncodeToString(random(8)) },
		"trace id":      func() string { return hex.EncodeToString(random(16)) },
		"sha-1":         func() string { return hex.EncodeToString(random(20)) },
		"base64":        func() string { return base64.StdEncoding.EncodeToString(random(18)) },
		"base64url":     func() string { return base64.RawURLEncoding.EncodeToString(random(12)) },
		"crypto/rand":   func() string { return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random(16)) },
		"decimal":       func() string { return strconv.FormatUint(r.Uint64()>>r.IntN(60), 10) },
		"RFC 3339":      func() string { return at().Format(time.RFC3339) },
		"RFC 3339 nano": func() string { return at().Format(time.RFC3339Nano) },
		"HTTP date":     func() string { return at().Format("Mon, 02 Jan 2006 15:04:05 GMT") },
		"toISOString":   func() string { return at().Format("2006-01-02T15:04:05.000Z") },
		"SQL":           func() string { return at().Format("2006-01-02 15:04:05.999999") },
	}
	for name, generate := range generators {
		first := generate()
		for range 3000 {
			if next := generate(); next != "" {
				if same, hint := sameShape(first, next); !same {
					t.Errorf("%s: %q and %q: %s", name, first, next, hint)
					break
				}
			}
		}
	}
}
