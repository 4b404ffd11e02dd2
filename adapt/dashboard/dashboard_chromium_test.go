package dashboard_test

// What the page promises, seen in a browser.

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
)

// cells are the texts of the row of a pair, one a line.
func cells(pair string) string {
	return fmt.Sprintf("[...document.querySelector('tr[data-pair=' + CSS.escape(%q) + ']')?.children ?? []].map(c => c.innerText).join('\\n')", pair)
}

func openPair(name string) string {
	return fmt.Sprintf("location.hash = '#/pair/' + encodeURIComponent(%q)", name)
}

// button presses the button with this text in a place.
func (p *tab) button(in, text string) {
	p.t.Helper()
	find := fmt.Sprintf("[...document.querySelectorAll(%q)].find(b => b.innerText.startsWith(%q))", in+" button", text)
	p.until(find)
	p.eval(find + ".click()")
}

const dialog = "document.querySelector('#dialog[open]')"

func TestChromium(t *testing.T) {
	b := startBrowser(t)

	t.Run("loads, and follows the traffic", func(t *testing.T) {
		s := start(t, dashboard.Config{})
		s.set(users, migrate.Canary, 0.5)
		p := b.tab(t, "ada raise", s.url)
		p.until("document.querySelectorAll('.pairs tbody tr').length === 2")
		if got := p.text("document.querySelector('#you').innerText"); !strings.HasPrefix(got, "ada, raise") {
			t.Errorf("the page says that I am %q", got)
		}
		const asked = 150
		s.traffic(asked)
		p.until(fmt.Sprintf("[...document.querySelectorAll('.legend')].at(1).innerText.match(/\\d+/g).map(Number).reduce((a, b) => a + b) === %d", asked))
		snapshot := s.pair(users).Snapshot()
		if got, want := p.text("[...document.querySelectorAll('.legend')].at(1).innerText.replace(/\\s+/g, ' ')"), fmt.Sprintf("new %d old %d", snapshot.New[migrate.Answered], snapshot.Old[migrate.Answered]); got != want {
			t.Errorf("the page says %q, want %q", got, want)
		}
		p.eval(openPair(users))
		p.until("document.querySelectorAll('.plot canvas').length === 4")
		p.until(fmt.Sprintf("[...document.querySelectorAll('section')].find(s => s.innerText.startsWith('Requests since')).innerText.includes('\\t%d\\t%d')", snapshot.Old[migrate.Answered], snapshot.New[migrate.Answered]))
		p.sound()
	})

	t.Run("a kill from the keyboard, after which old serves", func(t *testing.T) {
		s := start(t, dashboard.Config{})
		s.set(users, migrate.New, 0)
		s.traffic(5)
		p := b.tab(t, "ada lower", s.url)
		p.until("document.querySelector('tr[data-pair] button.kill')")
		p.eval("document.querySelector('tr[data-pair=' + CSS.escape('GET /users/:id') + '] a').focus()")
		p.press("Tab", 9)
		if got := p.text("document.activeElement.getAttribute('aria-label')"); got != "Kill GET /users/:id" {
			t.Fatalf("after Tab the focus is on %q", got)
		}
		if got := p.text("document.activeElement.innerText.replace(/\\s+/g, ' ')"); got != "Kill this replica only" {
			t.Errorf("the button says %q", got)
		}
		p.press("Enter", 13)
		p.until(dialog)
		if got := p.text("document.activeElement.id"); got != "reason" {
			t.Errorf("in the dialog the focus is on %q", got)
		}
		p.press("Escape", 27)
		p.until("!" + dialog)
		p.press("Enter", 13)
		p.until(dialog)
		p.press("Enter", 13) // without a reason
		if p.eval("!!"+dialog) != true || s.pair(users).Snapshot().Held != nil {
			t.Error("a kill without a reason is done")
		}
		p.do("Input.insertText", map[string]any{"text": "customers complain"})
		p.press("Enter", 13)
		p.until("!" + dialog)
		before := s.pair(users).Snapshot()
		s.traffic(20)
		after := s.pair(users).Snapshot()
		if n := after.New[migrate.Answered] - before.New[migrate.Answered]; n != 0 || after.Old[migrate.Answered]-before.Old[migrate.Answered] != 20 {
			t.Errorf("after the kill new has served %d of 20", n)
		}
		if h := after.Held; h == nil || h.By != "ada" || h.Reason != "customers complain" {
			t.Errorf("held by %+v", h)
		}
		p.until(cells(users) + ".includes('customers complain')")
		p.until("document.querySelector('#said').innerText.includes('customers complain') || document.querySelector('#said').innerText.includes('killed')")
		p.sound()
	})

	t.Run("a trip is shown within two seconds", func(t *testing.T) {
		var took time.Duration
		for range 5 { // the machine may have other things to do
			s := start(t, dashboard.Config{})
			s.set(users, migrate.Live, 0)
			p := b.tab(t, "ada read", s.url)
			p.until("document.querySelector('tr[data-pair]')")
			s.fail(true)
			for end := time.Now().Add(time.Minute); s.pair(users).Snapshot().Latched == nil; {
				s.traffic(5)
				if time.Now().After(end) {
					t.Fatal("the guard does not trip")
				}
			}
			tripped := s.pair(users).Snapshot().Latched.At
			shown := p.until(cells(users) + ".includes('tripped')")
			if took = shown.Sub(tripped); took <= 2*time.Second {
				return
			}
		}
		t.Errorf("the trip is shown after %v", took)
	})

	t.Run("who may read has no button", func(t *testing.T) {
		s := start(t, dashboard.Config{})
		s.pair(users).Kill("no", "bob")
		p := b.tab(t, "eve read", s.url)
		p.until("document.querySelectorAll('.pairs tbody tr').length === 2")
		if n := p.eval("document.querySelectorAll('main button').length"); n != 0.0 {
			t.Errorf("the overview has %v buttons", n)
		}
		p.eval(openPair(users))
		p.until("document.querySelector('.banner:not([hidden])')")
		if n := p.eval("document.querySelectorAll('main button').length"); n != 0.0 {
			t.Errorf("the pair has %v buttons", n)
		}
		lower := b.tab(t, "bob lower", s.url+"#/pair/"+strings.ReplaceAll(users, " ", "%20"))
		lower.until("document.querySelector('.acts button')")
		if got := lower.text("document.querySelector('.acts').innerText"); strings.Contains(got, "Reset") || strings.Contains(got, "Raise") {
			t.Errorf("with the level lower there is %q", got)
		}
		stranger := b.tab(t, "x none", s.url)
		stranger.until("document.body.innerText.includes('Not Found')")
	})

	t.Run("raise shows what is missing, lower and reset work", func(t *testing.T) {
		s := start(t, dashboard.Config{})
		s.set(users, migrate.Canary, 0.1)
		p := b.tab(t, "ada raise", s.url)
		p.until("document.querySelector('tr[data-pair]')")
		p.eval(openPair(users))
		p.button(".acts", "Raise")
		p.until(dialog + "?.querySelector('[data-code=requests]')")
		p.button("#dialog", "Raise")
		if got := s.pair(users).Plan().String(); got != "canary 10 %" || p.eval("!!"+dialog) != true {
			t.Errorf("raised to %s without a tick", got)
		}
		p.click("#despite")
		p.button("#dialog", "Raise")
		p.until("!" + dialog)
		if got := s.pair(users).Plan().String(); got != "canary 20 %" {
			t.Errorf("raised to %s, want canary 20 %%", got)
		}
		p.until("document.querySelector('.stage').innerText.includes('canary 20 %')")
		p.button(".acts", "Lower")
		p.until(dialog)
		p.eval("document.querySelector('#stage').value = 'shadow'; document.querySelector('#stage').dispatchEvent(new Event('change'))")
		p.button("#dialog", "Lower")
		p.until("!" + dialog)
		if got := s.pair(users).Plan().String(); got != "shadow" {
			t.Errorf("lowered to %s, want shadow", got)
		}
		p.button(".acts", "Kill")
		p.write("#reason", "no")
		p.button("#dialog", "Kill in this replica only")
		p.until("!" + dialog)
		p.button(".acts", "Reset")
		p.write("#reason", "the logs")
		p.button("#dialog", "Reset")
		p.until("!" + dialog)
		if got := s.pair(users).Snapshot(); got.Held != nil || got.Plan.Stage != migrate.Shadow {
			t.Errorf("after the reset: %+v, %v", got.Held, got.Plan)
		}
		p.until("document.querySelector('.changes').innerText.includes('reset')")
		p.eval("location.hash = '#/audit'")
		p.until("document.querySelectorAll('main tbody tr').length === 4")
		p.sound()
	})

	t.Run("a kill for all replicas says how many follow", func(t *testing.T) {
		source := new(sourcetest.Memory)
		source.Put(migrate.Document{Version: 7, Pairs: map[string]migrate.Directive{users: {Plan: &migrate.Plan{Stage: migrate.Live}}}})
		s := start(t, dashboard.Config{})
		if err := s.mux.Follow(t.Context(), source, migrate.FollowConfig{}); err != nil {
			t.Fatal(err)
		}
		p := b.tab(t, "ada lower", s.url)
		p.until(cells(users) + ".includes('\\nKill')")
		p.click("tr[data-pair] button.kill")
		p.write("#reason", "all of it")
		p.button("#dialog", "Kill")
		p.until("!" + dialog)
		p.until("document.querySelector('#said').innerText.includes('version 8 of the document; 1 known to follow')")
		p.until("document.querySelector('#following').innerText === '1 of 1 known replica on version 8'")
		p.sound()
	})

	t.Run("the page of another origin can do nothing", func(t *testing.T) {
		s := start(t, dashboard.Config{})
		order, _ := json.Marshal(kill)
		evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<form id=f method=post enctype=text/plain action="%[1]sv1/act" target=t><input name='%[2]s'></form><iframe name=t src="%[1]s"></iframe><script>
				document.title = "trying";
				Promise.allSettled([
					fetch("%[1]sv1/act", {method: "POST", credentials: "include", headers: {"Content-Type": "application/json"}, body: %[3]s}),
					fetch("%[1]sv1/act", {method: "POST", mode: "no-cors", credentials: "include", body: %[3]s}),
					fetch("%[1]sv1/state", {credentials: "include"}).then(r => r.text()).then(() => document.title = "read"),
				]).then(() => { f.submit(); setTimeout(() => document.title += " done", 500) });
			</script>`, s.url, strings.ReplaceAll(kill, "'", ""), order)
		}))
		defer evil.Close()
		p := b.tab(t, "ada raise", evil.URL)
		p.until("document.title.includes('done')")
		if got := p.text("document.title"); got != "trying done" {
			t.Errorf("another origin has %s", got)
		}
		if s.pair(users).Snapshot().Held != nil {
			t.Error("another origin has killed the pair")
		}
		if acts := decoded[struct{ Acts []any }](s, "x read", "v1/audit").Acts; len(acts) != 0 {
			t.Errorf("another origin got as far as %v", acts)
		}
	})

	t.Run("names are text", func(t *testing.T) {
		const evil = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
		s := start(t, dashboard.Config{Title: evil}, func(r *adapt.Routes) {
			r.Scope(adapt.Scope{Owner: evil, Migration: migrate.Config{Name: evil, KeepValues: true, Plan: migrate.Plan{Stage: migrate.Shadow},
				Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, MaxConcurrent: 8, Control: -1}}}, func(r *adapt.Routes) {
				r.Migrate("GET", "/evil", hostileOld(evil), hostileNew(evil))
			})
			r.Legacy("/old", adapt.App{Name: evil, Handler: http.NotFoundHandler(), Endpoints: []adapt.Endpoint{{Method: "GET", Pattern: "/x", Own: evil, Handler: evil, Source: evil}}})
		})
		s.ask("", "GET", "/evil?"+"q=%3Cimg%20src=x%20onerror=alert(1)%3E", "")
		order, _ := json.Marshal(map[string]string{"act": "kill", "pair": evil + " GET /evil", "reason": evil})
		s.ask("ada lower", "POST", "v1/act", string(order))
		s.pair(evil+" GET /evil").Kill(evil, evil)
		p := b.tab(t, "ada raise", s.url)
		for _, hash := range []string{"#/", "#/endpoints", "#/left", "#/audit", "#/pair/" + strings.NewReplacer("%", "%25", `"`, "%22", " ", "%20", "<", "%3C", ">", "%3E", "/", "%2F", "'", "%27").Replace(evil+" GET /evil"), "#/pair/%3Cimg%20src=x%3E"} {
			p.eval(fmt.Sprintf("location.hash = %q", hash))
			if hash == "#/pair/%3Cimg%20src=x%3E" {
				p.until("document.querySelector('main').innerText.includes('no such pair')")
			} else {
				p.until("document.querySelector('main').innerText.includes('onerror')")
			}
			p.eval("document.querySelectorAll('details').forEach(d => d.open = true)")
			if n := p.eval("document.querySelectorAll('img, main script, header script').length"); n != 0.0 {
				t.Errorf("%s: %v elements come from a name", hash, n)
			}
		}
		if got := p.text("document.title"); got != evil {
			t.Errorf("the title is %q", got)
		}
		p.sound()
	})

	t.Run("a thousand endpoints and a hundred pairs", func(t *testing.T) {
		s := start(t, dashboard.Config{}, func(r *adapt.Routes) {
			for i := range 100 {
				r.Migrate("GET", fmt.Sprintf("/pair%d/:id", i), (&service{}).oldUser, (&service{}).newUser)
			}
			for i := range 900 {
				r.Fetch.GET(fmt.Sprintf("/endpoint%d", i), (&service{}).newUser)
			}
		})
		p := b.tab(t, "ada raise", s.url)
		began := time.Now()
		p.until("document.querySelectorAll('.pairs tbody tr').length === 102")
		t.Logf("102 pairs after %v", time.Since(began))
		p.write("input[type=search]", "pair77")
		p.until("document.querySelectorAll('.pairs tbody tr:not([hidden])').length === 1")
		p.eval("location.hash = '#/endpoints'")
		p.until("document.querySelectorAll('.endpoints tbody tr').length >= 1000")
		began = time.Now()
		p.click(".endpoints [data-key=path] button")
		p.until("document.querySelector('[data-key=path]').getAttribute('aria-sort') === 'ascending'")
		first := p.text("document.querySelector('.endpoints tbody th').innerText")
		p.click(".endpoints [data-key=path] button")
		p.until("document.querySelector('[data-key=path]').getAttribute('aria-sort') === 'descending'")
		if last := p.text("document.querySelector('.endpoints tbody th').innerText"); first != "/admin/m/[[...]]" || last != "/users/me" {
			t.Errorf("sorted by path, first comes %s, last %s", first, last)
		}
		t.Logf("sorted twice in %v", time.Since(began))
		p.sound()
	})

	t.Run("after the restart of the server it goes on", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		first := start(t, dashboard.Config{})
		server := &http.Server{Handler: first.mux}
		go func() { _ = server.Serve(l) }()
		p := b.tab(t, "ada raise", "http://"+l.Addr().String()+"/admin/m/")
		p.until("document.querySelector('#live.good') && document.querySelector('tr[data-pair]')")
		if err := server.Close(); err != nil {
			t.Fatal(err)
		}
		p.until("document.querySelector('#live.lost')")
		second := start(t, dashboard.Config{Title: "after the restart"})
		eventually(t, "the port is free", func() bool {
			again, err := net.Listen("tcp", l.Addr().String()) // a connection may have it for a moment
			if err == nil {
				l = again
			}
			return err == nil
		})
		server = &http.Server{Handler: second.mux}
		go func() { _ = server.Serve(l) }()
		defer server.Close()
		p.until("document.querySelector('#live.good') && document.title === 'after the restart'")
	})

	t.Run("behind a proxy that collects events it asks", func(t *testing.T) {
		s := start(t, dashboard.Config{})
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/v1/live") {
				w.Header().Set("Content-Type", "text/event-stream")
				w.(http.Flusher).Flush()
				<-r.Context().Done() // and says nothing
				return
			}
			s.mux.ServeHTTP(w, r)
		}))
		defer proxy.Close()
		p := b.tab(t, "ada raise", proxy.URL+"/admin/m/")
		p.until("document.querySelector('#live.polling') && document.querySelectorAll('tr[data-pair]').length === 2")
		s.pair(users).Kill("seen all the same", "bob")
		p.until(cells(users) + ".includes('seen all the same')")
		p.eval("window.stop()")
	})
}
