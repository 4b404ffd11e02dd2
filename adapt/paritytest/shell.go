package paritytest

// The words of a POSIX shell, and $'…' of Bash. Nothing is run.

import (
	"bufio"
	"fmt"
	"strconv"
)

const maxWords = 4096 // of a command

// shell splits a script into commands and those into words.
type shell struct {
	r    *bufio.Reader
	line int
	size int   // of the command
	bad  error // why the command cannot be read
}

func (s *shell) next() (byte, error) {
	c, err := s.r.ReadByte()
	if err == nil {
		s.size++
		if c == '\n' {
			s.line++
		}
	}
	return c, err
}

func (s *shell) fail(format string, args ...any) {
	if s.bad == nil {
		s.bad = fmt.Errorf(format, args...)
	}
}

// command reads up to the end of a command, which is a line or ; or &&, and returns the line in
// which its first word begins.
func (s *shell) command() (words []string, line int, err error) {
	s.size = 0
	var word []byte
	in, quote := false, byte(0)
	end := func() {
		if in && len(words) < maxWords {
			words = append(words, string(word))
		} else if in {
			s.fail("it has more than %d words", maxWords)
		}
		word, in = nil, false
	}
	add := func(c byte) {
		if in = true; s.size <= maxEntry {
			word = append(word, c)
		} else {
			s.fail("it is longer than %d bytes", maxEntry)
		}
	}
	for {
		c, err := s.next()
		if err != nil {
			if quote != 0 {
				s.fail("it ends inside of quotes")
			}
			end()
			return words, max(line, 1), err
		}
		if line == 0 && c != '\n' && c != ' ' && c != '\t' && c != '\r' {
			line = s.line
		}
		switch {
		case quote == '\'' && c == '\'', quote == '"' && c == '"', quote == '$' && c == '\'':
			quote = 0
		case quote == '\'':
			add(c)
		case quote == '$' && c == '\\':
			s.ansi(add)
		case quote == '$':
			add(c)
		case c == '\\':
			s.backslash(quote, add)
		case c == '`' || c == '$' && quote == '"' && s.expands():
			s.fail("%q is for a shell to fill in", c)
			add(c)
		case quote == '"':
			add(c)
		case c == '\'' || c == '"':
			quote, in = c, true
		case c == '$' && s.sees('\''):
			quote, in = '$', true
			_, _ = s.next()
		case c == '$' && s.expands():
			s.fail("%q is for a shell to fill in", c)
		case c == '#' && !in:
			s.comment()
		case c == '\n' || c == ';' || c == '&' || c == '|':
			if c == '|' {
				s.fail("it goes on in a pipe")
			}
			if c == '\n' || len(words) > 0 || in {
				if end(); len(words) > 0 || s.bad != nil {
					return words, line, nil
				}
				line, s.size = 0, 0
			}
		case c == ' ' || c == '\t' || c == '\r':
			end()
		default:
			add(c)
		}
	}
}

func (s *shell) sees(c byte) bool {
	next, err := s.r.Peek(1)
	return err == nil && next[0] == c
}

// expands reports whether a $ begins a variable or a command.
func (s *shell) expands() bool {
	next, err := s.r.Peek(1)
	return err == nil && (next[0] == '(' || next[0] == '{' || next[0] == '_' || next[0]|0x20 >= 'a' && next[0]|0x20 <= 'z' || next[0] >= '0' && next[0] <= '9')
}

func (s *shell) comment() {
	for !s.sees('\n') {
		if _, err := s.next(); err != nil {
			return
		}
	}
}

// backslash is one outside of '…' and $'…'.
func (s *shell) backslash(quote byte, add func(byte)) {
	c, err := s.next()
	switch {
	case err != nil:
		s.fail("it ends with a backslash")
	case c == '\r' && s.sees('\n'):
		_, _ = s.next()
	case c == '\n':
	case quote == '"' && c != '"' && c != '\\' && c != '$' && c != '`':
		add('\\')
		add(c)
	default:
		add(c)
	}
}

// ansi is an escape in $'…', which are those of Go, and \".
func (s *shell) ansi(add func(byte)) {
	text, _ := s.r.Peek(len("U0010ffff"))
	if len(text) > 0 && text[0] == '"' {
		return // the next one
	}
	c, wide, rest, err := strconv.UnquoteChar(`\`+string(text), '\'')
	if err != nil {
		s.fail("%s begins with an escape that is not known here", shortQuote(`\`+string(text)))
		return
	}
	for range len(text) - len(rest) {
		_, _ = s.next()
	}
	if !wide {
		add(byte(c))
		return
	}
	for _, b := range []byte(string(c)) {
		add(b)
	}
}
