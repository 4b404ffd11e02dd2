// Package markdown writes values into GitHub's Markdown, where nothing in them means anything: they
// stay one line, in their cell, without a link, a tag or an image.
package markdown

import (
	"strings"
	"unicode"
)

// Text is s between other words.
func Text(s string) string {
	var b strings.Builder
	for _, c := range line(s) {
		if strings.ContainsRune("\\`*_[]<>|~#&$!", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Code is s as code, which a bar ends in a table even there, unless it is escaped.
func Code(s string) string {
	s = strings.ReplaceAll(line(s), "|", `\|`)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if fence != "`" {
		s = " " + s + " "
	}
	return fence + s + fence
}

// line is s without what would end its line or change how it is read.
func line(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return ' '
	}, s)
}

// Table is a table of cells that are Markdown already.
func Table(head []string, rows [][]string) string {
	var b strings.Builder
	row := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	row(head)
	b.WriteString(strings.Repeat("| --- ", len(head)) + "|\n")
	for _, cells := range rows {
		row(cells)
	}
	return b.String()
}
