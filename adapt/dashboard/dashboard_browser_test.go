package dashboard_test

// Drives a headless Chromium by its DevTools protocol over a pipe: nothing of it needs more than
// the standard library.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// browser is a Chromium that runs.
type browser struct {
	in   *os.File
	mu   sync.Mutex
	n    int
	asks map[int]chan reply
	tabs map[string]*tab // by session
}

type reply struct {
	ID     int             `json:"id,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
}

// startBrowser starts the Chromium that CROSSFADE_CHROMIUM names, or skips the test.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	chromium := os.Getenv("CROSSFADE_CHROMIUM")
	if chromium == "" {
		t.Skip("CROSSFADE_CHROMIUM names no Chromium to open the page in; .ci/dashboard-browser.sh installs one")
	}
	toRead, toWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromRead, fromWrite, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
		"--force-color-profile=srgb", "--disable-background-networking", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{toRead, fromWrite}
	cmd.WaitDelay = 5 * time.Second
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	toRead.Close()
	fromWrite.Close()
	b := &browser{in: toWrite, asks: map[int]chan reply{}, tabs: map[string]*tab{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		b.read(bufio.NewReader(fromRead))
	}()
	t.Cleanup(func() {
		toWrite.Close()
		cancel()
		_ = cmd.Wait()
		<-done
		fromRead.Close()
		if t.Failed() {
			t.Logf("Chromium said:\n%s", said.String())
		}
	})
	return b
}

func (b *browser) read(from *bufio.Reader) {
	for {
		text, err := from.ReadBytes(0)
		if err != nil {
			b.mu.Lock()
			defer b.mu.Unlock()
			for _, ask := range b.asks {
				close(ask)
			}
			b.asks = nil
			return
		}
		var m reply
		_ = json.Unmarshal(bytes.TrimSuffix(text, []byte{0}), &m)
		b.mu.Lock()
		if ask := b.asks[m.ID]; ask != nil {
			ask <- m
			delete(b.asks, m.ID)
		} else if tab := b.tabs[m.SessionID]; tab != nil {
			tab.hear(m)
		}
		b.mu.Unlock()
	}
}

// call makes a call of the protocol.
func (b *browser) call(t *testing.T, session, method string, params any, result any) {
	t.Helper()
	ask := make(chan reply, 1)
	b.mu.Lock()
	b.n++
	id := b.n
	if b.asks == nil {
		b.mu.Unlock()
		t.Fatalf("%s: Chromium has ended", method)
	}
	b.asks[id] = ask
	b.mu.Unlock()
	text, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params, "sessionId": session})
	if err != nil {
		t.Fatal(err)
	}
	if session == "" {
		text, _ = json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	}
	if _, err := b.in.Write(append(text, 0)); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	select {
	case m, ok := <-ask:
		switch {
		case !ok:
			t.Fatalf("%s: Chromium has ended", method)
		case m.Error != nil:
			t.Fatalf("%s: %s", method, m.Error.Message)
		case result != nil:
			if err := json.Unmarshal(m.Result, result); err != nil {
				t.Fatalf("%s: %v in %s", method, err, m.Result)
			}
		}
	case <-time.After(time.Minute):
		t.Fatalf("%s: no answer within a minute", method)
	}
}

// tab is a page that is open.
type tab struct {
	*browser
	t       *testing.T
	session string

	complaints []string // guarded by browser.mu: what the console, exceptions and the policy say
}

// tab opens a page as somebody ("ada raise").
func (b *browser) tab(t *testing.T, as, url string) *tab {
	t.Helper()
	var target struct{ TargetID string }
	b.call(t, "", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.call(t, "", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	p := &tab{browser: b, t: t, session: session.SessionID}
	b.mu.Lock()
	b.tabs[p.session] = p
	b.mu.Unlock()
	for _, domain := range []string{"Page", "Runtime", "Log", "Network", "Audits"} {
		p.do(domain+".enable", map[string]any{})
	}
	p.size(1280, 900, false)
	p.do("Network.setExtraHTTPHeaders", map[string]any{"headers": map[string]string{"As": as}})
	p.do("Page.navigate", map[string]any{"url": url})
	t.Cleanup(func() { b.call(t, "", "Target.closeTarget", map[string]any{"targetId": target.TargetID}, nil) })
	return p
}

func (p *tab) do(method string, params any) {
	p.t.Helper()
	p.call(p.t, p.session, method, params, nil)
}

// hear keeps what somebody should know; the caller holds b.mu.
func (p *tab) hear(m reply) {
	switch m.Method {
	case "Runtime.exceptionThrown", "Audits.issueAdded":
		p.complaints = append(p.complaints, m.Method+" "+string(m.Params))
	case "Log.entryAdded":
		var e struct {
			Entry struct{ Level, Source, Text, URL string }
		}
		_ = json.Unmarshal(m.Params, &e)
		if e.Entry.Level == "error" && e.Entry.Source != "network" {
			p.complaints = append(p.complaints, e.Entry.Source+": "+e.Entry.Text+" "+e.Entry.URL)
		}
	case "Runtime.consoleAPICalled":
		if strings.Contains(string(m.Params), `"type":"error"`) {
			p.complaints = append(p.complaints, string(m.Params))
		}
	}
}

// sound fails the test if the page has complained of anything.
func (p *tab) sound() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.complaints {
		p.t.Errorf("the browser complains: %s", c)
	}
}

// eval is the value of an expression, which may be a promise.
func (p *tab) eval(expression string) (v any) {
	p.t.Helper()
	var out struct {
		Result           struct{ Value any }
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	p.call(p.t, p.session, "Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true}, &out)
	if out.ExceptionDetails != nil {
		p.t.Fatalf("%s: %s %s", expression, out.ExceptionDetails.Text, out.ExceptionDetails.Exception.Description)
	}
	return out.Result.Value
}

func (p *tab) text(expression string) string { p.t.Helper(); return fmt.Sprint(p.eval(expression)) }

// until waits for an expression to be true, and returns when it was.
func (p *tab) until(expression string) time.Time {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(30 * time.Millisecond) {
		if p.eval("(() => { try { return !!("+expression+") } catch { return false } })()") == true { // what is not there yet throws
			return time.Now()
		}
		if time.Now().After(end) {
			p.t.Fatalf("not within 30 seconds: %s; the page is\n%s", expression, p.text("document.body.innerText"))
		}
	}
}

// click presses what the selector finds.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.querySelector(%q)", selector))
	p.eval(fmt.Sprintf("document.querySelector(%q).click()", selector))
}

// write puts the focus on a field and types.
func (p *tab) write(selector, text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("document.querySelector(%q)", selector))
	p.eval(fmt.Sprintf("document.querySelector(%q).focus()", selector))
	p.do("Input.insertText", map[string]any{"text": text})
}

// press presses a key.
func (p *tab) press(key string, code int) {
	p.t.Helper()
	text := map[string]string{"Enter": "\r"}[key]
	p.do("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text})
	p.do("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code})
}

func (p *tab) size(width, height int, dark bool) {
	p.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	p.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
	p.do("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}}})
}

// shoot takes a picture of the page, up to so many pixels of its height.
func (p *tab) shoot(file string, width, most int, dark bool) {
	p.t.Helper()
	p.size(width, 900, dark)
	time.Sleep(400 * time.Millisecond) // a plot that follows the width
	height := int(p.eval("Math.ceil(document.documentElement.scrollHeight)").(float64))
	p.size(width, min(max(height, 600), most), dark)
	time.Sleep(300 * time.Millisecond)
	var shot struct{ Data string }
	p.call(p.t, p.session, "Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	png, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
