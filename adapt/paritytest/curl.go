package paritytest

// Commands of curl: the options that say what is sent. Nothing is run, and no file is read.

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

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

// What the options of curl mean here. Those that change nothing of the request are passed over.
var (
	curlLong = map[string]byte{"request": 'X', "header": 'H', "data": 'd', "data-ascii": 'd', "data-binary": 'd', "data-raw": 'R',
		"data-urlencode": 'U', "json": 'J', "get": 'G', "head": 'I', "cookie": 'b', "user": 'u', "oauth2-bearer": 'B', "range": 'r', "user-agent": 'A', "referer": 'e', "url": 'L',
		"output": '-', "max-time": '-', "connect-timeout": '-', "proxy": '-', "write-out": '-', "retry": '-', "resolve": '-', "cacert": '-',
		"dump-header": '-', "cookie-jar": '-', "noproxy": '-', "max-redirs": '-', "retry-delay": '-', "retry-max-time": '-', "limit-rate": '-',
		"silent": '.', "show-error": '.', "include": '.', "insecure": '.', "location": '.', "compressed": '.', "verbose": '.', "fail": '.',
		"http1.0": '.', "http1.1": '.', "http2": '.', "http3": '.', "ipv4": '.', "ipv6": '.', "tlsv1.2": '.', "tlsv1.3": '.', "ssl-no-revoke": '.',
		"fail-with-body": '.', "progress-bar": '.', "location-trusted": '.', "no-keepalive": '.', "globoff": '.', "path-as-is": '.', "no-buffer": '.', "remote-name": '.'}
	curlShort = map[byte]byte{'X': 'X', 'H': 'H', 'd': 'd', 'G': 'G', 'I': 'I', 'b': 'b', 'u': 'u', 'A': 'A', 'e': 'e',
		'r': 'r', '4': '.', '6': '.', '#': '.', '0': '.',
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
	case 'B':
		c.header = append(c.header, [2]string{"Authorization", "Bearer " + value})
	case 'r':
		c.header = append(c.header, [2]string{"Range", "bytes=" + value})
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
