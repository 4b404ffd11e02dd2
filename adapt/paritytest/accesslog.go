package paritytest

// Access logs: a line is a request.

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/weburl"
)

// lineParser reads one line, whose values are as the server wrote them.
type lineParser func(line string) (map[string]string, error)

// combined is Apache's and nginx's format of that name, also without its last two fields (common)
// and with more behind them.
var combined = must(expression(`^\S+ \S+ .*?\[[^\]]*\] "(?P<request>(?:[^"\\]|\\.)*)" [0-9-]+ [0-9-]+(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<user_agent>(?:[^"\\]|\\.)*)")?`))

func must(p lineParser, err error) lineParser {
	if err != nil {
		panic(err)
	}
	return p
}

// expression returns a format of one's own.
func expression(text string) (lineParser, error) {
	expr, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("paritytest: the format is not har, curl, combined, json, nor a regular expression: %w", err)
	}
	if expr.SubexpIndex("request") < 0 && (expr.SubexpIndex("method") < 0 || expr.SubexpIndex("target") < 0) {
		return nil, fmt.Errorf("paritytest: the format %q is not har, curl, combined or json, and as an expression it needs a group (?P<request>…), or (?P<method>…) and (?P<target>…)", text)
	}
	return func(line string) (map[string]string, error) {
		groups := expr.FindStringSubmatch(line)
		if groups == nil {
			return nil, errors.New("the line is not of the format")
		}
		fields := map[string]string{}
		for i, name := range expr.SubexpNames() {
			fields[name] = unescapeLog(groups[i])
		}
		for _, name := range []string{"referer", "user_agent"} {
			if value := fields[name]; value != "" {
				fields["http_"+name] = value
			}
		}
		return fields, nil
	}, nil
}

// jsonNames are what others call the variables of nginx: Traefik, Caddy and Envoy.
var jsonNames = [][2]string{{"RequestMethod", "request_method"}, {"RequestPath", "request_uri"}, {"RequestHost", "host"}, {"method", "request_method"},
	{"uri", "request_uri"}, {"path", "request_uri"}, {"authority", "host"}, {"user_agent", "http_user_agent"}}

// jsonLine returns an object with the names of nginx's variables, as escape=json writes it, or
// those of others.
func jsonLine(line string) (map[string]string, error) {
	if !utf8.ValidString(line) {
		return nil, errors.New("the line is not UTF-8")
	}
	var object map[string]any
	if err := json.Unmarshal([]byte(line), &object); err != nil {
		return nil, fmt.Errorf("the line is not a JSON object: %w", err)
	}
	fields := map[string]string{}
	inner, _ := object["request"].(map[string]any) // Caddy's
	for _, object := range []map[string]any{object, inner} {
		for name, value := range object {
			if text, ok := value.(string); ok {
				fields[name] = text
			}
		}
	}
	headers, _ := inner["headers"].(map[string]any)
	for name, values := range headers {
		if list, _ := values.([]any); len(list) > 0 {
			fields["http_"+name], _ = list[0].(string)
		}
	}
	if fields["args"] != "" && fields["uri"] != "" {
		fields["uri"] += "?" + fields["args"]
	}
	for _, name := range jsonNames {
		if fields[name[1]] == "" {
			fields[name[1]] = fields[name[0]]
		}
	}
	fields["method"], fields["target"] = fields["request_method"], fields["request_uri"]
	return fields, nil
}

// readLines reads a log by its lines.
func readLines(parse lineParser) reader {
	return func(r io.Reader, found func(entry) bool) error {
		lines := bufio.NewReaderSize(r, maxLine)
		for n := 1; ; n++ {
			text, err := lines.ReadSlice('\n')
			e := entry{line: n}
			long := err == bufio.ErrBufferFull
			line := strings.TrimRight(string(text), "\r\n")
			for err == bufio.ErrBufferFull {
				_, err = lines.ReadSlice('\n')
			}
			if err != nil && err != io.EOF {
				return fmt.Errorf("line %d: %w", n, err)
			}
			switch {
			case long:
				e.err = fmt.Errorf("the line is longer than %d bytes", maxLine)
			case strings.TrimSpace(line) != "":
				var fields map[string]string
				if fields, e.err = parse(line); e.err == nil {
					e.err = e.fromLog(fields)
				}
			}
			if (e.err != nil || e.method != "") && !found(e) || err == io.EOF {
				return nil
			}
		}
	}
}

// fromLog makes the request of the fields of a line.
func (e *entry) fromLog(fields map[string]string) error {
	e.method, e.url = fields["method"], fields["target"]
	if e.method == "" || e.url == "" {
		words := strings.Split(fields["request"], " ")
		if len(words) < 2 || len(words) > 3 || len(words) == 3 && !strings.HasPrefix(words[2], "HTTP/") {
			return fmt.Errorf("%s is not a request line", shortQuote(fields["request"]))
		}
		e.method, e.url = words[0], words[1]
	}
	host := fields["host"]
	if absent(host) {
		host = fields["http_host"]
	}
	if strings.HasPrefix(e.url, "/") && !absent(host) {
		if !pathname.ValidHost(host) {
			return fmt.Errorf("%s is not a host", shortQuote(host))
		}
		e.url = "http://" + host + e.url
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if header, ok := strings.CutPrefix(name, "http_"); ok && !absent(fields[name]) {
			e.header = append(e.header, [2]string{strings.ReplaceAll(header, "_", "-"), fields[name]})
		}
	}
	return nil
}

func absent(value string) bool { return value == "" || value == "-" }

func shortQuote(s string) string {
	s = weburl.Redacted(s)
	if len(s) > 60 {
		return strconv.Quote(s[:60]) + "…"
	}
	return strconv.Quote(s)
}

var logEscape = regexp.MustCompile(`\\(x[0-9A-Fa-f]{2}|.)`)

// unescapeLog undoes what Apache and nginx write for bytes that would break a line.
func unescapeLog(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return logEscape.ReplaceAllStringFunc(s, func(escape string) string {
		switch c := escape[1]; c {
		case 'x':
			if n, err := strconv.ParseUint(escape[2:], 16, 8); err == nil {
				return string([]byte{byte(n)})
			}
			return escape
		case 'n':
			return "\n"
		case 't':
			return "\t"
		case 'r':
			return "\r"
		default:
			return string(c)
		}
	})
}
