// Command replay asks two running servers what real clients have asked, and tells where the new one
// answers otherwise than the old one.
//
//	go get -tool github.com/crossfade-go/crossfade/tools/replay
//	go tool replay -old http://localhost:8080 -new http://localhost:8081 browse.har
//
// The file is a HAR of a browser, a proxy or an API client, an access log, or curl commands, as
// package paritytest reads them; "-" is the standard input, as in
//
//	zcat access.log.2.gz | go tool replay -format combined -old … -new … -
//
// Each request goes to the old server, once more to the old server, so that what it does not answer
// twice alike is known as noise, and to the new one. What may differ is said by rules, as
// everywhere in crossfade.
//
// # What is sent
//
// Only GET, HEAD and OPTIONS are sent, unless -unsafe is given. Then each of the other methods is
// sent once to each server, in the order of the file and one after the other, because a DELETE
// cannot be tried twice: both servers need data of their own that may be changed, and that is the
// same in the beginning.
//
// Identifiers in a recording are those of the place where it was made. -list-ids prints those that
// the requests carry as a JSON object; with what they are in the data under test as its values, it
// is the file of -ids. Requests with an identifier that is not in it are left out and told.
//
// Recordings are seldom exported with credentials. -H sets a header on each request, such as
// -H "Authorization: Bearer …"; neither it nor recorded credentials appear in a report.
//
// -rate bounds how many requests of the file are asked in a second, -c how many at once. The
// defaults, 20 and 4, are for a server that others use, too. Redirects are not followed, proxies of
// the environment not used, and of a body the first -body bytes are compared.
//
// # What is said
//
// While it runs, standard error shows how far it is. Afterwards the report goes to the standard
// output as text, and with -json, -html and -markdown to files; Markdown is appended, so that
// "$GITHUB_STEP_SUMMARY" can be one. Differences are grouped by endpoint and place, each with the
// first request that shows it. The report holds values of answers, unless -redact is given.
//
// An answer of 500 or above, or none, from both servers proves nothing: it counts as failed, unless
// -meant names the status. An answer in which the old server differs from itself in more than
// values counts as unstable.
//
// # Exit codes
//
//	0	every request of the file that was to be asked was answered alike
//	1	at least one was not: different, unstable, or failed on both
//	2	nothing was asked: a mistake in the flags, the rules or the file, or a server cannot be reached
//	3	what was asked was answered alike, but that is not all: interrupted, or the file ends early
//
// An interrupt (Ctrl-C) waits for the requests on their way and reports; a second one ends the
// command.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/signal"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/adapt/paritytest"
	"github.com/crossfade-go/crossfade/fetch"
)

// The exit codes.
const (
	alike      = 0
	notAlike   = 1
	notBegun   = 2
	incomplete = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	go func() {
		<-ctx.Done()
		stop() // a second interrupt ends the process
	}()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// command is what the flags say.
type command struct {
	old, next *url.URL
	file      string
	format    string
	traffic   paritytest.Traffic
	rules     parity.Rules
	meant     []int
	headers   [][2]string
	rate      float64
	at        int // how many at once
	timeout   time.Duration
	body      int64
	redact    bool
	quiet     bool
	listIDs   bool
	text      string
	json      string
	html      string
	markdown  string
}

// list is a flag that may be given several times.
type list []string

func (l *list) String() string     { return strings.Join(*l, ", ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// parse reads the flags; its error names every mistake. Without a command package flag has told it.
func parse(args []string, out io.Writer) (*command, error) {
	c := &command{}
	var only, hosts, headers, ignore list
	var old, next, ids, rules, meant string
	f := flag.NewFlagSet("replay", flag.ContinueOnError)
	f.SetOutput(out)
	f.Usage = func() {
		fmt.Fprintln(out, "usage: replay -old URL -new URL [flags] FILE\n\nasks both servers the requests of FILE (a HAR, an access log, curl commands; - is standard input) and compares the answers\n\nexit codes: 0 alike, 1 not alike, 2 nothing was asked, 3 alike but incomplete\n\nflags:")
		f.PrintDefaults()
	}
	f.StringVar(&old, "old", "", "the `URL` of the server that is right")
	f.StringVar(&next, "new", "", "the `URL` of the server on trial")
	f.StringVar(&c.format, "format", "", "har, curl, combined, json (an object a line, as nginx, Caddy, Traefik and Envoy write), or a regular `expression` with the groups request, or method and target; by default as FILE's name and its first lines say")
	f.Var(&only, "only", "an `endpoint` to ask, such as \"GET /users/:id\"; may be repeated; by default all")
	f.Var(&hosts, "host", "a `host` of the recording to ask; may be repeated; by default all")
	f.BoolVar(&c.traffic.Unsafe, "unsafe", false, "send methods other than GET, HEAD and OPTIONS too, once to each server and one after the other")
	f.StringVar(&ids, "ids", "", "a `file` with a JSON object: identifiers of the recording and what they are in the data under test")
	f.BoolVar(&c.listIDs, "list-ids", false, "print the identifiers of the requests as a file for -ids, and ask nothing")
	f.Var(&headers, "H", "a `header` of each request, such as \"Authorization: Bearer x\"; may be repeated")
	f.IntVar(&c.traffic.Most, "most", 0, "how many requests to ask; 0 asks all")
	f.Float64Var(&c.rate, "rate", 20, "how many requests of FILE to ask in a second at most")
	f.IntVar(&c.at, "c", 4, "how many requests to ask at once")
	f.DurationVar(&c.timeout, "timeout", 10*time.Second, "how long one answer may take")
	f.Int64Var(&c.body, "body", 8<<20, "how many bytes of a body to compare")
	f.StringVar(&meant, "meant", "", "`statuses` of 500 and above that are answers as others are, such as 501,503")
	f.Var(&ignore, "ignore", "a `place` that may differ, such as body.updatedAt; may be repeated")
	f.StringVar(&rules, "rules", "", "a `file` with the JSON of parity.Rules, such as {\"Shape\": [\"body.id\"]}")
	f.BoolVar(&c.redact, "redact", false, "show no values of answers")
	f.BoolVar(&c.quiet, "quiet", false, "do not show how far it is")
	f.StringVar(&c.text, "text", "-", "the `file` for the report as text; - is standard output, \"\" none")
	f.StringVar(&c.json, "json", "", "the `file` for the report as JSON")
	f.StringVar(&c.html, "html", "", "the `file` for the report as HTML")
	f.StringVar(&c.markdown, "markdown", "", "the `file` to which the report is appended as Markdown, such as \"$GITHUB_STEP_SUMMARY\"")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if f.NArg() != 1 {
		wrong("give one file of requests, not %d", f.NArg())
	}
	c.file = f.Arg(0)
	c.traffic.Only, c.traffic.Hosts = only, hosts
	server := func(flag, text string) *url.URL {
		u, err := url.Parse(text)
		switch {
		case c.listIDs:
		case text == "":
			wrong("%s is missing: the URL of a server, such as http://localhost:8080", flag)
		case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "":
			wrong("%s: this is not the URL of a server, such as http://localhost:8080", flag)
		}
		return u
	}
	c.old, c.next = server("-old", old), server("-new", next)
	if !(c.rate > 0) || c.at <= 0 || c.timeout <= 0 || c.body <= 0 || c.traffic.Most < 0 {
		wrong("-rate, -c, -timeout and -body have to be above 0, and -most not below")
	}
	if c.traffic.Unsafe {
		c.at = 1
	}
	for _, h := range headers {
		name, value, ok := strings.Cut(h, ":")
		if req := fetch.NewRequest("GET", "/", fetch.RequestHeader(name, strings.TrimSpace(value))); !ok || req.Err() != nil {
			wrong("-H: %q is not a header, such as \"Accept: text/html\"", name)
		}
		c.headers = append(c.headers, [2]string{name, strings.TrimSpace(value)})
	}
	for _, word := range strings.FieldsFunc(meant, func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 500 || n > 599 {
			wrong("-meant: %q is not a status from 500 to 599", word)
		}
		c.meant = append(c.meant, n)
	}
	if ids != "" {
		errs = append(errs, readJSON("-ids", ids, &c.traffic.IDs))
		if c.traffic.IDs == nil {
			c.traffic.IDs = map[string]string{}
		}
	}
	if rules != "" {
		errs = append(errs, readJSON("-rules", rules, &c.rules))
	}
	c.rules.Ignore = append(c.rules.Ignore, ignore...)
	return c, errors.Join(append(errs, c.rules.Validate())...)
}

func readJSON(flag, file string, into any) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%s: %s: %w", flag, file, err)
	}
	return nil
}

// open opens the file and finds out its format.
func (c *command) open(stdin io.Reader) (io.ReadCloser, error) {
	if c.file == "-" {
		if c.format == "" {
			return nil, errors.New("-format is missing: standard input has no name that tells it")
		}
		return io.NopCloser(stdin), nil
	}
	f, err := os.Open(c.file)
	if err != nil || c.format != "" {
		return f, err
	}
	first := make([]byte, 4<<10)
	n, _ := io.ReadFull(f, first)
	c.format = formatOf(c.file, first[:n])
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}

var (
	// A HAR is one object with the member log; a line of a log in JSON has many.
	beginsAsHAR = regexp.MustCompile(`^\{\s*"log"\s*:\s*\{`)
	// Commands may stand below comments.
	beginsAsCurl = regexp.MustCompile(`^(#.*\s+)*curl\s`)
)

// formatOf returns the format of a file by its name, or else by how it begins.
func formatOf(name string, first []byte) string {
	first = bytes.TrimLeft(bytes.TrimPrefix(first, []byte("\uFEFF")), " \t\r\n")
	switch {
	case strings.HasSuffix(name, ".har"), beginsAsHAR.Match(first):
		return "har"
	case strings.HasSuffix(name, ".sh"), strings.HasSuffix(name, ".curl"), beginsAsCurl.Match(first):
		return "curl"
	case bytes.HasPrefix(first, []byte("{")):
		return "json"
	}
	return "combined"
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	fail := func(err error) int {
		fmt.Fprintf(stderr, "replay: %s\n", strings.ReplaceAll(err.Error(), "\n", "\nreplay: "))
		return notBegun
	}
	c, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return alike
	case c == nil:
		return notBegun
	case err != nil:
		return fail(err)
	}
	file, err := c.open(stdin)
	if err != nil {
		return fail(err)
	}
	defer file.Close()
	if c.listIDs {
		return c.printIDs(file, stdout, fail)
	}
	total := -1 // not known
	if seeker, ok := file.(io.Seeker); ok {
		if total, err = c.count(file); err == nil {
			_, err = seeker.Seek(0, io.SeekStart)
		}
		if err != nil {
			return fail(err)
		}
	}
	if err := errors.Join(reachable("old", c.old, c.timeout), reachable("new", c.next, c.timeout)); err != nil {
		return fail(err)
	}
	outputs, err := c.create(stdout)
	if err != nil {
		return fail(err)
	}
	shown := stderr
	if c.quiet {
		shown = io.Discard
	}
	r := c.replay(ctx, file, total, shown)
	if r.Asked == 0 && r.Complete {
		fmt.Fprintf(stderr, "replay: nothing of %s can be asked again: %d entries were left out, %d are unreadable\n", c.file, r.Skipped, r.Unreadable)
		if r.Unreadable > 0 {
			fmt.Fprintf(stderr, "replay: it was read in the format %s; -format names another\n", c.format)
		}
	}
	if err := outputs.write(r); err != nil {
		return fail(err)
	}
	switch {
	case r.Different+r.Unstable+r.Failed > 0:
		return notAlike
	case !r.Complete:
		return incomplete
	case r.Asked == 0:
		return notBegun
	}
	return alike
}

// count returns how many requests there will be. Its error is a mistake before the first; what
// comes later is told by the replay.
func (c *command) count(file io.Reader) (n int, err error) {
	var entry *paritytest.EntryError
	entries := 0
	for _, err := range c.traffic.Read(file, c.format) {
		switch {
		case err == nil:
			n++
		case errors.As(err, &entry):
		case entries == 0:
			return 0, fmt.Errorf("%s: %w", c.file, err)
		}
		entries++
	}
	return n, nil
}

func (c *command) printIDs(file io.Reader, stdout io.Writer, fail func(error) int) int {
	const most = 100_000
	ids := map[string]string{}
	var entry *paritytest.EntryError
	c.traffic.IDs = nil
	for req, err := range c.traffic.Read(file, c.format) {
		if err != nil && !errors.As(err, &entry) {
			return fail(fmt.Errorf("%s: %w", c.file, err))
		}
		if err == nil && len(ids) < most {
			for _, id := range paritytest.Identifiers(req) {
				ids[id] = id
			}
		}
	}
	e := json.NewEncoder(stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(ids); err != nil {
		return fail(err)
	}
	return alike
}

func reachable(which string, u *url.URL, timeout time.Duration) error {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	conn, err := net.DialTimeout("tcp", net.JoinHostPort(u.Hostname(), port), timeout)
	if err != nil {
		return fmt.Errorf("the %s server cannot be reached: %w", which, err)
	}
	return conn.Close()
}

// output is one form of the report and where it goes.
type output struct {
	to    io.Writer
	close func() error
	form  func(io.Writer, *report) error
}

type outputs []output

// create opens every file before anything is asked.
func (c *command) create(stdout io.Writer) (all outputs, err error) {
	for _, o := range []struct {
		file string
		flag int
		form func(io.Writer, *report) error
	}{
		{c.text, os.O_TRUNC, writeText}, {c.json, os.O_TRUNC, writeJSON}, {c.html, os.O_TRUNC, writeHTML}, {c.markdown, os.O_APPEND, writeMarkdown},
	} {
		switch o.file {
		case "":
		case "-":
			all = append(all, output{stdout, func() error { return nil }, o.form})
		default:
			f, err := os.OpenFile(o.file, os.O_WRONLY|os.O_CREATE|o.flag, 0o600) // it holds values of answers
			if err != nil {
				return nil, err
			}
			all = append(all, output{f, f.Close, o.form})
		}
	}
	return all, nil
}

func (all outputs) write(r *report) error {
	var errs []error
	for _, o := range all {
		errs = append(errs, o.form(o.to, r), o.close())
	}
	return errors.Join(errs...)
}
