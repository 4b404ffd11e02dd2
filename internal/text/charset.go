package text

import (
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
// body-parser asks: UTF-8 (also for an empty label), UTF-16 with either byte order, and ISO-8859-1, whose bytes
// 0x80 to 0x9F are control characters here and not those of windows-1252. Case and punctuation of the label do not
// count. One byte order mark is removed; an odd last byte of UTF-16 is dropped, a lone surrogate is U+FFFD.
// Every other label is a *CharsetError.
func DecodeCharset(b []byte, label string) (string, error) {
	if label == "" {
		return Decode(b), nil
	}
	switch fold(label) {
	case "utf8", "unicode11utf8":
		return Decode(b), nil
	case "utf16le", "ucs2":
		return decodeUTF16(b, binary.LittleEndian), nil
	case "utf16be":
		return decodeUTF16(b, binary.BigEndian), nil
	case "utf16":
		return decodeUTF16(b, byteOrder(b)), nil
	case "iso88591", "latin1", "l1", "csisolatin1", "isoir100", "cp819", "ibm819":
		return decodeLatin1(b), nil
	}
	return "", &CharsetError{Label: label}
}

// fold brings a label to the form in which iconv-lite looks it up: lower case, letters and digits
// only, without the year at the end of a label like "ISO_8859-1:1987".
func fold(label string) string {
	if i := len(label) - len(":1987"); i >= 0 && label[i] == ':' && strings.Trim(label[i+1:], "0123456789") == "" {
		label = label[:i]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + ('a' - 'A')
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, label)
}

// byteOrder finds the byte order of text that is labelled UTF-16 and no more: by its byte order
// mark, else by which order makes more of the first hundred characters ASCII, else little-endian.
func byteOrder(b []byte) binary.ByteOrder {
	little := 0
	for i := 0; i+1 < min(len(b), 200); i += 2 {
		switch first, second := b[i], b[i+1]; {
		case i == 0 && first == 0xFF && second == 0xFE:
			return binary.LittleEndian
		case i == 0 && first == 0xFE && second == 0xFF:
			return binary.BigEndian
		case first != 0 && second == 0:
			little++
		case first == 0 && second != 0:
			little--
		}
	}
	if little < 0 {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

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
