package paritytest

// Commands of curl: the words of a POSIX shell with $'…', and the options that say what is sent.
// Nothing is run, and no file is read.

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
)

const maxWords = 4096 // of a command

func readCurl(r io.Reader, found func(entry) bool) error {
	s := &shell{r: bufio.NewReaderSize(r, maxLine), line: 1}
	for {
		s.bad = nil
		words, line, err := s.command()
		if err != nil && err != io.EOF {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if len(words) > 0 || s.bad != nil {
			e := entry{line: line, err: s.bad}
			if e.err == nil {
				e.err = e.fromCurl(words)
			}
			if !found(e) {
				return nil
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

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

// What the options of curl mean here. Those that change nothing of the request are passed over.
var (
	curlLong = map[string]byte{"request": 'X', "header": 'H', "data": 'd', "data-ascii": 'd', "data-binary": 'd', "data-raw": 'R',
		"data-urlencode": 'U', "json": 'J', "get": 'G', "head": 'I', "cookie": 'b', "user": 'u', "user-agent": 'A', "referer": 'e', "url": 'L',
		"output": '-', "max-time": '-', "connect-timeout": '-', "proxy": '-', "write-out": '-', "retry": '-', "resolve": '-', "cacert": '-',
		"dump-header": '-', "cookie-jar": '-',
		"silent": '.', "show-error": '.', "include": '.', "insecure": '.', "location": '.', "compressed": '.', "verbose": '.', "fail": '.',
		"http1.1": '.', "http2": '.', "globoff": '.', "path-as-is": '.', "no-buffer": '.', "remote-name": '.'}
	curlShort = map[byte]byte{'X': 'X', 'H': 'H', 'd': 'd', 'G': 'G', 'I': 'I', 'b': 'b', 'u': 'u', 'A': 'A', 'e': 'e',
		'o': '-', 'm': '-', 'x': '-', 'w': '-', 'D': '-', 'c': '-', 's': '.', 'S': '.', 'i': '.', 'k': '.', 'L': '.', 'v': '.', 'f': '.', 'g': '.', 'N': '.', 'O': '.'}
)

// curlCommand is what the options have said.
type curlCommand struct {
	method, url string
	header      [][2]string
	data        []string
	get, head   bool
	typ         string // of the body, unless a header says it
}

func (e *entry) fromCurl(words []string) error {
	if words[0] != "curl" {
		return fmt.Errorf("%s is not a command of curl", shortQuote(words[0]))
	}
	c := curlCommand{typ: "application/x-www-form-urlencoded"}
	for i := 1; i < len(words); i++ {
		options, value, has := []byte(nil), "", false
		word := words[i]
		switch {
		case strings.HasPrefix(word, "--"):
			option, ok := curlLong[word[2:]]
			if !ok {
				return fmt.Errorf("the option %s is not known here", shortQuote(word))
			}
			options = []byte{option}
		case strings.HasPrefix(word, "-") && word != "-":
			for j := 1; j < len(word) && !has; j++ {
				option, ok := curlShort[word[j]]
				if !ok {
					return fmt.Errorf("the option -%c is not known here", word[j])
				}
				options = append(options, option)
				if takesValue(option) && j+1 < len(word) {
					value, has = word[j+1:], true
				}
			}
		default:
			options, value, has = []byte{'L'}, word, true
		}
		last := options[len(options)-1]
		if takesValue(last) && !has {
			if i++; i == len(words) {
				return fmt.Errorf("the option %s has no value", shortQuote(word))
			}
			value = words[i]
		}
		for _, option := range options {
			if err := c.apply(option, value); err != nil {
				return err
			}
		}
	}
	return c.fill(e)
}

func takesValue(option byte) bool { return option != '.' && option != 'G' && option != 'I' }

// apply takes one option. Of the letters, those that curl has mean what they mean there.
func (c *curlCommand) apply(option byte, value string) error {
	switch option {
	case 'X':
		c.method = value
	case 'H':
		name, text, ok := strings.Cut(value, ":")
		if !ok || strings.HasPrefix(value, "@") {
			return fmt.Errorf("the header %s is not a name and a value", shortQuote(value))
		}
		if text = strings.TrimSpace(text); text != "" {
			c.header = append(c.header, [2]string{name, text})
		}
	case 'd', 'J':
		if strings.HasPrefix(value, "@") {
			return fmt.Errorf("its body is in the file %s, which is not read here", shortQuote(value[1:]))
		}
		if c.data = append(c.data, value); option == 'J' {
			c.typ, c.header = "application/json", append(c.header, [2]string{"Accept", "application/json"})
		}
	case 'R':
		c.data = append(c.data, value)
	case 'U':
		name, text, ok := strings.Cut(value, "=")
		switch {
		case !ok && strings.Contains(value, "@"):
			return fmt.Errorf("its body is in the file of %s, which is not read here", shortQuote(value))
		case !ok:
			text = url.QueryEscape(value)
		default:
			if text = url.QueryEscape(text); name != "" {
				text = name + "=" + text
			}
		}
		c.data = append(c.data, text)
	case 'G':
		c.get = true
	case 'I':
		c.head = true
	case 'b':
		if !strings.Contains(value, "=") {
			return fmt.Errorf("its cookies are in the file %s, which is not read here", shortQuote(value))
		}
		c.header = append(c.header, [2]string{"Cookie", value})
	case 'u':
		c.header = append(c.header, [2]string{"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(value))})
	case 'A':
		c.header = append(c.header, [2]string{"User-Agent", value})
	case 'e':
		c.header = append(c.header, [2]string{"Referer", value})
	case 'L':
		if c.url != "" {
			return errors.New("it has two URLs")
		}
		c.url = value
	}
	return nil
}

func (c *curlCommand) fill(e *entry) error {
	if c.url == "" {
		return errors.New("it has no URL")
	}
	if !strings.Contains(c.url, "://") && !strings.HasPrefix(c.url, "/") {
		c.url = "http://" + c.url
	}
	body := strings.Join(c.data, "&")
	switch {
	case c.get && body != "":
		sep := "?"
		if strings.Contains(c.url, "?") {
			sep = "&"
		}
		c.url, body = c.url+sep+body, ""
	case body != "":
		if e.header = c.header; e.get("content-type") == "" {
			c.header = append(c.header, [2]string{"Content-Type", c.typ})
		}
	}
	if c.method == "" {
		switch {
		case c.head:
			c.method = "HEAD"
		case c.data != nil && !c.get:
			c.method = "POST"
		default:
			c.method = "GET"
		}
	}
	e.method, e.url, e.header, e.body = c.method, c.url, c.header, []byte(body)
	return nil
}
