// Package etag makes the entity tags that Express and Next.js put on buffered bodies, and decides
// whether a conditional request is still fresh.
//
// All functions are pure and safe for concurrent use; a tag costs one allocation, its string.
package etag

import (
	"crypto/sha1"
	"encoding/base64"
	"strconv"
	"unicode/utf8"
)

// Weak returns the tag that Express sends by default: W/ and [Strong].
func Weak(b []byte) string { return express(b, `W/"`) }

// Strong returns the tag of npm etag 1.8.1 for a body: its length in hexadecimal, a hyphen, and the
// first 27 characters of its SHA-1 in base64. SHA-1 names the body here and protects nothing.
func Strong(b []byte) string { return express(b, `"`) }

func express(b []byte, open string) string {
	sum := sha1.Sum(b)
	var room [64]byte
	tag := append(room[:0], open...)
	tag = strconv.AppendInt(tag, int64(len(b)), 16)
	tag = append(tag, '-')
	tag = base64.RawStdEncoding.AppendEncode(tag, sum[:])
	tag = append(tag, '"')
	return string(tag)
}

// NextJS returns the tag that Next.js API routes send: the 64-bit FNV-1a hash of the body's UTF-16
// code units with the upper 12 bits folded into the lower ones, and the number of units, both in
// base 36. Ill-formed UTF-8, which JavaScript text cannot hold, is hashed as U+FFFD.
func NextJS(b []byte) string {
	const offset, prime = 0xcbf29ce484222325, 0x100000001b3
	hash, units := uint64(offset), len(b)
	for i := 0; i < len(b); {
		if c := b[i]; c < utf8.RuneSelf {
			hash = (hash ^ uint64(c)) * prime
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		i += size
		if r < 0x10000 {
			hash = (hash ^ uint64(r)) * prime
			units -= size - 1
			continue
		}
		r -= 0x10000
		hash = (hash ^ uint64(0xD800+r>>10)) * prime
		hash = (hash ^ uint64(0xDC00+r&0x3FF)) * prime
		units -= size - 2
	}
	var room [32]byte
	tag := append(room[:0], '"')
	tag = strconv.AppendUint(tag, hash&(1<<52-1)^hash>>52, 36)
	tag = strconv.AppendInt(tag, int64(units), 36)
	tag = append(tag, '"')
	return string(tag)
}
