package text

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// CharsetError says that a body names a charset which is not decoded here. The answer for it is 415
// (Express: charset.unsupported). Label is the name as it was given.
type CharsetError struct{ Label string }

// Error names the charset, in capitals as body-parser does, and what could be sent instead.
func (e *CharsetError) Error() string {
	return fmt.Sprintf("unsupported charset %q: send UTF-8, UTF-16 or ISO-8859-1", strings.ToUpper(e.Label))
}

// DecodeCharset decodes b as the charset parameter of a Content-Type says, with the results of iconv-lite, which
// body-parser asks: UTF-8 (also for an empty label), UTF-16 with either byte order, little-endian where nothing
// says which, and ISO-8859-1, whose bytes 0x80 to 0x9F are control characters here and not those of windows-1252.
// Case and punctuation of the label do not count. One byte order mark is removed; an odd last byte of UTF-16 is
// dropped, a lone surrogate is U+FFFD.
// Every other label is a *CharsetError.
func DecodeCharset(b []byte, label string) (string, error) {
	if label == "" {
		return Decode(b), nil
	}
	switch punctuation.Replace(strings.ToLower(label)) {
	case "utf8", "unicode11utf8":
		return Decode(b), nil
	case "utf16le", "ucs2":
		return decodeUTF16(b, binary.LittleEndian), nil
	case "utf16be":
		return decodeUTF16(b, binary.BigEndian), nil
	case "utf16":
		if bytes.HasPrefix(b, []byte("\xFE\xFF")) {
			return decodeUTF16(b, binary.BigEndian), nil
		}
		return decodeUTF16(b, binary.LittleEndian), nil
	case "iso88591", "latin1", "l1", "csisolatin1", "isoir100", "cp819", "ibm819":
		return decodeLatin1(b), nil
	}
	return "", &CharsetError{Label: label}
}

// punctuation is what labels are written with and without.
var punctuation = strings.NewReplacer("-", "", "_", "", " ", "")

func decodeUTF16(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	if len(units) > 0 && units[0] == '\uFEFF' {
		units = units[1:]
	}
	return string(utf16.Decode(units))
}

func decodeLatin1(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for _, c := range b {
		out.WriteRune(rune(c))
	}
	return out.String()
}
