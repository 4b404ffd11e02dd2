package main

// The requests are read as the file is, handed to a few workers at a bounded rate, and asked of
// both servers; what comes back is compared and forgotten but for what the report keeps.

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/parity"
	"github.com/crossfade-go/crossfade/adapt/paritytest"
	"github.com/crossfade-go/crossfade/fetch"
)

// question is one request of the file.
type question struct {
	number   int // from 1
	method   string
	target   string
	endpoint string // the target without its query, with a placeholder for each identifier
	header   http.Header
	body     []byte
}

// replay asks everything, until the file or the context ends.
func (c *command) replay(ctx context.Context, file io.Reader, total int, shown io.Writer) *report {
	r := newReport(c)
	bar := newBar(shown, r, total)
	defer bar.end()
	// An http.Client would judge the Location of an answer.
	client := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: c.at, ResponseHeaderTimeout: c.timeout}
	defer client.CloseIdleConnections()
	questions := make(chan question)
	var wg sync.WaitGroup
	for range c.at {
		wg.Go(func() {
			for q := range questions {
				r.add(c.compare(client, q))
			}
		})
	}
	err := c.read(ctx, file, r, questions)
	close(questions)
	wg.Wait()
	r.finish(err)
	return r
}

// read hands out the requests, each when it is its turn.
func (c *command) read(ctx context.Context, file io.Reader, r *report, questions chan<- question) error {
	next := time.Now()
	between := time.Duration(float64(time.Second) / c.rate)
	var entry *paritytest.EntryError
	number := 0
	for req, err := range c.traffic.Read(file, c.format) {
		switch {
		case err != nil && !errors.As(err, &entry):
			return err
		case err != nil:
			r.leave(entry)
			continue
		}
		if ctx.Err() != nil {
			return errInterrupted
		}
		timer := time.NewTimer(time.Until(next))
		select {
		case <-ctx.Done():
			timer.Stop()
			return errInterrupted
		case <-timer.C:
		}
		if next = next.Add(between); next.Before(time.Now()) {
			next = time.Now() // what was not asked in time is not caught up on
		}
		number++
		q, err := c.question(number, req)
		if err != nil {
			r.leave(&paritytest.EntryError{Err: err})
			continue
		}
		select {
		case <-ctx.Done():
			return errInterrupted
		case questions <- q:
		}
	}
	return nil
}

var errInterrupted = errors.New("interrupted")

func (c *command) question(number int, req *fetch.Request) (question, error) {
	u := req.URL()
	q := question{number: number, method: req.Method(), target: u.RequestURI(), header: http.Header{}}
	segments := strings.Split(u.EscapedPath(), "/")
	ids := paritytest.Identifiers(req)
	for i, s := range segments {
		if value, err := url.PathUnescape(s); err == nil && slices.Contains(ids, value) {
			segments[i] = ":id"
		}
	}
	q.endpoint = shorten(q.method + " " + strings.Join(segments, "/"))
	for name, value := range req.Headers().All() {
		if name != "Host" {
			q.header.Add(name, value)
		}
	}
	var err error
	q.body, err = req.Bytes()
	return q, err
}

// answer is what a question came to.
type answer struct {
	question
	old, next parity.Message
	report    parity.Report
	unstable  []string // places in which old differs from itself
	failed    bool     // on both sides, and not as meant
}

func (c *command) compare(client *http.Transport, q question) answer {
	a := answer{question: q, old: c.ask(client, c.old, q)}
	rules := c.rules
	if q.method == http.MethodGet || q.method == http.MethodHead || q.method == http.MethodOptions {
		noise := parity.Learn(a.old, c.ask(client, c.old, q))
		a.unstable = noise.Structural
		rules.Noise = rules.Noise.Merge(parity.Noise{Shape: noise.Shape, Unordered: noise.Unordered})
	}
	a.next = c.ask(client, c.next, q)
	a.report = parity.Compare(a.old, a.next, rules)
	a.failed = c.fails(a.old) && c.fails(a.next)
	return a
}

func (c *command) fails(m parity.Message) bool {
	return m.Err != "" || m.Status >= 500 && !slices.Contains(c.meant, m.Status)
}

// ask asks one server. It is not bound to the context of the command: what is on its way is waited
// for.
func (c *command) ask(client *http.Transport, server *url.URL, q question) parity.Message {
	ctx, cancel := context.WithTimeout(context.Background(), c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, q.method, strings.TrimSuffix(server.String(), "/")+q.target, bytes.NewReader(q.body))
	if err != nil {
		return parity.Message{Err: broken(err)}
	}
	req.Header = q.header.Clone()
	for _, h := range c.headers {
		if req.Header.Set(h[0], h[1]); strings.EqualFold(h[0], "host") {
			req.Host = h[1]
		}
	}
	if len(req.Header["User-Agent"]) == 0 {
		req.Header.Set("User-Agent", "crossfade-replay")
	}
	if u := server.User; u != nil && len(req.Header["Authorization"]) == 0 {
		password, _ := u.Password()
		req.SetBasicAuth(u.Username(), password)
	}
	m := parity.Message{URL: req.URL}
	res, err := client.RoundTrip(req)
	if err != nil {
		m.Err = broken(err)
		return m
	}
	defer res.Body.Close()
	m.Status, m.Header = res.StatusCode, res.Header
	m.Body, err = io.ReadAll(io.LimitReader(res.Body, max(c.body, c.body+1))) // the largest has none above it
	if int64(len(m.Body)) > c.body {
		m.Body, m.Truncated = m.Body[:c.body], true
	}
	if err != nil {
		m.Err = broken(err)
	}
	m.Trailer = res.Trailer
	return m
}

func broken(err error) string {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return "timeout"
	}
	var inside *url.Error // says the URL, which differs
	if errors.As(err, &inside) {
		err = inside.Err
	}
	return "aborted: " + err.Error()
}
