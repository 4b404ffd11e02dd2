package cookie

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// A signed cookie has the form of npm cookie-parser and cookie-signature, so that an Express
// service and its successor accept each other's: "s:", the value, ".", and the HMAC-SHA256 of the
// value in base64 without padding.
const signed = "s:"

// Sign signs a value. Pass the result to Format. A client can read the value, but not change it;
// nor does the signature say for which cookie the value was made, or when. A secret should have 32
// random bytes.
func Sign(value, secret string) string {
	return signed + value + "." + signature(value, secret)
}

// Unsign returns the value of a signed cookie, as Get returned it, if the signature was made with
// one of the secrets. To rotate, put the new secret first, sign with it, and keep the old one
// behind it for as long as its cookies live. An empty secret verifies nothing, so that a forgotten
// setting does not let everybody in.
func Unsign(s string, secrets ...string) (string, bool) {
	s, ok := strings.CutPrefix(s, signed)
	dot := strings.LastIndexByte(s, '.')
	if !ok || dot < 0 {
		return "", false
	}
	value, given := s[:dot], []byte(s[dot+1:])
	for _, secret := range secrets {
		if secret != "" && hmac.Equal(given, []byte(signature(value, secret))) {
			return value, true
		}
	}
	return "", false
}

func signature(value, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(value))
	return base64.RawStdEncoding.EncodeToString(mac.Sum(nil))
}
