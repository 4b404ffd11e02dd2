package engine

// The head of an answer: fixed when the handler writes it, with the type that net/http would guess,
// and apart from the trailers, which are known when the handler has returned.

import (
	"net/http"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/header"
)

// sniffed is how much of a body its type is guessed of, as by net/http.
const sniffed = 512

// snapshot fixes the head; the handler may go on changing its header map.
func (b *Body) snapshot(code int) {
	b.status = code
	b.Fields = header.AppendFields(b.Fields[:0], b.header)
	_, typed := b.header["Content-Type"]
	b.guess = !typed && b.header.Get("Content-Encoding") == ""
	if b.chunked = slices.ContainsFunc(b.Fields, func(f header.Field) bool { return trailing(f.Name) }); b.chunked {
		b.Fields = slices.DeleteFunc(b.Fields, func(f header.Field) bool {
			early := strings.HasPrefix(f.Name, http.TrailerPrefix)
			if early {
				b.early = append(b.early, f)
			}
			return early
		})
	}
}

// trailers reports whether there are some, or the head announces them.
func (b *Body) trailers() bool {
	for name, values := range b.header {
		if trailing(name) && len(values) > 0 {
			return true
		}
	}
	return false
}

func trailing(name string) bool {
	return name == "Trailer" || strings.HasPrefix(name, http.TrailerPrefix)
}

// Announced reports whether the head has announced trailers, or has some.
func (b *Body) Announced() bool { return b.chunked }

// Early are the trailers that were there before the head: net/http counts no body that has some.
func (b *Body) Early() []header.Field { return b.early }

// Trailers returns the trailers of the answer, once the handler has returned; nil for none.
func (b *Body) Trailers() (late http.Header) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.done {
		return nil
	}
	add := func(name string) {
		if values := b.header[name]; len(values) > 0 {
			if late == nil {
				late = make(http.Header)
			}
			late[name] = slices.Clone(values)
		}
	}
	for name := range b.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			add(name)
		}
	}
	for _, line := range b.header["Trailer"] {
		for name := range header.Tokens(line) {
			add(http.CanonicalHeaderKey(name))
		}
	}
	return late
}

// guessType gives the head the type that net/http would guess of what is held and of p, which comes
// next. Without a byte there is nothing to guess.
func (b *Body) guessType(p []byte) {
	if !b.guess || len(b.text)+len(b.held)+len(p) == 0 {
		return
	}
	b.guess = false
	first := append([]byte(b.text), b.held...)
	if len(first) < sniffed {
		first = append(first, p[:min(len(p), sniffed-len(first))]...)
	}
	i, _ := slices.BinarySearchFunc(b.Fields, "Content-Type", func(f header.Field, name string) int { return strings.Compare(f.Name, name) })
	b.Fields = slices.Insert(b.Fields, i, header.Field{Name: "Content-Type", Value: http.DetectContentType(first)})
}
