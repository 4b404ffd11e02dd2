package legacytest

// A client that reads what arrives, and says how the connection ended.

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// answer is all that a client sees.
type answer struct {
	Status string
	Header http.Header
	Body   string
	Broken bool // the connection ended before the body did
}

// patience bounds one request. Nothing waits for it but what hangs.
const patience = 30 * time.Second

// send sends a request to a server, with the prefix before its path, and returns the answer.
func send(addr, prefix string, q request) (a answer, err error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return a, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	method, target, _ := strings.Cut(q.line, " ")
	switch origin := "http://other.example"; {
	case strings.HasPrefix(target, "/"):
		target = prefix + target
	case strings.HasPrefix(target, origin):
		target = origin + prefix + strings.TrimPrefix(target, origin)
	}
	head := method + " " + target + " HTTP/1.1\r\n" + q.header
	if !strings.Contains(q.header, "Host:") {
		head += "Host: svc.example\r\n"
	}
	upgrade, chunked, expects := strings.Contains(q.header, "Upgrade:"), strings.Contains(q.header, "chunked"), strings.Contains(q.header, "Expect:")
	if !upgrade {
		head += "Connection: close\r\n"
	}
	if !chunked && (q.body != "" || method == http.MethodPost) {
		head += fmt.Sprintf("Content-Length: %d\r\n", len(q.body))
	}
	written := make(chan struct{}) // a server may answer, and close, before it has read all
	r := bufio.NewReader(conn)
	body := q.body
	if expects {
		body = ""
	}
	go func() {
		defer close(written)
		io.WriteString(conn, head+"\r\n"+body)
	}()
	defer func() { conn.Close(); <-written }()
	res, err := http.ReadResponse(r, &http.Request{Method: method})
	for ; err == nil && res.StatusCode < 200 && res.StatusCode != http.StatusSwitchingProtocols; res, err = http.ReadResponse(r, &http.Request{Method: method}) {
		if expects && res.StatusCode == http.StatusContinue {
			expects = false // a second one asks for nothing
			io.WriteString(conn, q.body)
		}
	}
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			return answer{Broken: true}, nil
		}
		return a, err
	}
	res.Header.Del("Date")
	slices.Sort(res.Header["Allow"]) // in chi the order is that of a map
	a = answer{Status: res.Status, Header: res.Header}
	if res.StatusCode == http.StatusSwitchingProtocols {
		fmt.Fprint(conn, "ping\n")
		a.Body, err = r.ReadString('\n')
		return a, err
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		a.Body, err = readEvents(res.Body)
	} else {
		var b []byte
		b, err = io.ReadAll(res.Body)
		a.Body = string(b)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		a.Broken, err = true, nil
	}
	return a, err
}

// readEvents reads a stream, and tells its handler of each event that has arrived.
func readEvents(r io.Reader) (string, error) {
	var all strings.Builder
	b := bufio.NewReader(r)
	for {
		line, err := b.ReadString('\n')
		all.WriteString(line)
		if line == "\n" {
			arrived <- struct{}{}
		}
		if err == io.EOF {
			return all.String(), nil
		}
		if err != nil {
			return all.String(), err
		}
	}
}
