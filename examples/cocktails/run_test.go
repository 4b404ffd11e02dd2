package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The end waits for a request that is under way and closes streams properly, so
// that neither client sees a broken answer; then nobody is let in.
func TestGracefulShutdown(t *testing.T) {
	s := start(t)
	listener := s.visitor().stream()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const body = `{"name":"ada","password":"lovelace"}`
	fmt.Fprintf(conn, "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", len(body))
	answers := bufio.NewReader(conn)
	if line, err := answers.ReadString('\n'); line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("the server says %q (%v), want it to ask for the body", line, err)
	}
	answers.ReadString('\n')

	s.end()
	if rest, err := io.ReadAll(listener.lines); err != nil || len(rest) > 0 {
		t.Errorf("at shutdown the stream says %q and ends with %v, want its proper end", rest, err)
	}
	select {
	case <-s.ended:
		t.Error("the program ended before its last answer")
	default:
	}
	io.WriteString(conn, body)
	res, err := http.ReadResponse(answers, nil)
	for err == nil && res.StatusCode < 200 {
		res, err = http.ReadResponse(answers, nil)
	}
	if err != nil {
		t.Fatalf("the request under way got no answer: %v", err)
	}
	defer res.Body.Close()
	if got, err := io.ReadAll(res.Body); string(got) != `{"name":"ada","admin":true}` || err != nil {
		t.Errorf("the request under way got %q (%v)", got, err)
	}
	s.stop()
	if conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://")); err == nil {
		conn.Close()
		t.Error("somebody is let in after the end")
	}
}

// A file keeps likes and sessions over a restart, and is filled once.
func TestDatabaseFile(t *testing.T) {
	db := filepath.Join(t.TempDir(), "50% #1?.db")
	first := start(t, "-db", db)
	ada := first.member("ada", "lovelace")
	ada.ask("POST", "/api/cocktails/negroni/like", "")
	cookie := ada.cookie()
	first.stop()
	if _, err := os.Stat(db); err != nil {
		t.Fatal(err)
	}

	second := start(t, "-db", db).visitor()
	got, _ := second.ask("GET", "/api/me", "", "Cookie: "+cookie)
	second.compare("the session", expectJSON(200, `{"name":"ada","admin":true}`), got)
	got, _ = second.ask("GET", "/api/cocktails", "")
	want := strings.Replace(listed(t), `"name":"Negroni","glass":"Old fashioned glass","likes":0`, `"name":"Negroni","glass":"Old fashioned glass","likes":1`, 1)
	second.compare("the likes", expectJSON(200, want), got)
}

// What is wrong with the start is said, and ends the program.
func TestRunErrors(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	text := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("This is not a database. ", 50)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule string
		args []string
		want string // in the error
	}{
		{"an unknown flag", []string{"-port", "80"}, "flag provided but not defined: -port"},
		{"an argument", []string{"serve"}, `unexpected argument "serve"`},
		{"a story with a database", []string{"-story", "-db", text}, "a database of its own: leave out -db"},
		{"an address in use", []string{"-addr", taken.Addr().String()}, "address already in use"},
		{"a directory that is not there", []string{"-db", filepath.Join(t.TempDir(), "none", "cocktails.db")}, "opening the database"},
		{"a file that is not a database", []string{"-db", text}, "file is not a database"},
	} {
		var stdout strings.Builder
		err := run(t.Context(), tt.args, &stdout, io.Discard)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want one with %q", tt.rule, err, tt.want)
		}
		if stdout.Len() > 0 {
			t.Errorf("%s: the program said %q although it does not run", tt.rule, &stdout)
		}
	}
	var help strings.Builder
	if err := run(t.Context(), []string{"-help"}, io.Discard, &help); !errors.Is(err, flag.ErrHelp) || !strings.Contains(help.String(), "-addr") {
		t.Errorf("-help returns %v and prints %q", err, &help)
	}
}

func TestReachable(t *testing.T) {
	got := map[string]string{}
	for _, ip := range []string{"127.0.0.1", "::1", "0.0.0.0", "::"} {
		got[ip] = reachable(&net.TCPAddr{IP: net.ParseIP(ip), Port: 8080})
	}
	want := map[string]string{
		"127.0.0.1": "127.0.0.1:8080", "::1": "[::1]:8080", "0.0.0.0": "localhost:8080", "::": "localhost:8080",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("addresses to type (-want +got):\n%s", diff)
	}
}

// A session ends by itself, and its row goes with the housekeeping.
func TestOldSessions(t *testing.T) {
	ctx := context.Background()
	s, err := openStore(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	token, err := s.startSession(ctx, user{Name: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	if u, err := s.sessionUser(ctx, token); u != (user{"ada", true}) || err != nil {
		t.Errorf("a new session is that of %+v (%v)", u, err)
	}
	if _, err := s.ExecContext(ctx, "UPDATE sessions SET expires = 0"); err != nil {
		t.Fatal(err)
	}
	if u, err := s.sessionUser(ctx, token); !errors.Is(err, errLoggedOut) {
		t.Errorf("an old session is that of %+v (%v), want errLoggedOut", u, err)
	}
	if err := s.dropOldSessions(ctx); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := s.QueryRowContext(ctx, "SELECT count(*) FROM sessions").Scan(&n); n != 0 || err != nil {
		t.Errorf("%d sessions are left (%v)", n, err)
	}
}

// A hash that cannot be read is our mistake, not a wrong password.
func TestMatches(t *testing.T) {
	const key = "ON9CizCTCOSMNofn+QvaDpzyU1aMIex1Sg4HarSrZCM"
	for _, tt := range []struct {
		hash    string
		ok, bad bool
	}{
		{hash: "pbkdf2-sha256$1$c2FsdA$Werb6h3Z68EkEBbJw5+eBe/zlHeFdzMPlqBxXQM1OBU"},
		{hash: "pbkdf2-sha256$1$c2FsdA$" + key, ok: true},
		{hash: "", bad: true},
		{hash: "bcrypt$1$c2FsdA$" + key, bad: true},
		{hash: "pbkdf2-sha256$many$c2FsdA$" + key, bad: true},
		{hash: "pbkdf2-sha256$1$?$" + key, bad: true},
		{hash: "pbkdf2-sha256$1$c2FsdA$?", bad: true},
	} {
		ok, err := matches(tt.hash, "secret")
		if ok != tt.ok || (err != nil) != tt.bad {
			t.Errorf("matches(%q) is %v, %v, want %v, and an error: %v", tt.hash, ok, err, tt.ok, tt.bad)
		}
	}
}
