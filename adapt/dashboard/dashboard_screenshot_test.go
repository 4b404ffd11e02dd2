package dashboard_test

// Pictures of the page, to be looked at: five states, light, dark and on a phone. The one of the
// README is among them.
//
//	CROSSFADE_CHROMIUM=chromium CROSSFADE_SCREENSHOTS=/tmp/shots go test -run TestScreenshots ./adapt/dashboard

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/adapt/dashboard"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// shop is a service in the middle of its move, for people to look at.
func shop(r *adapt.Routes) {
	wait := func(ms float64) {
		time.Sleep(time.Duration(ms * (0.6 + rand.ExpFloat64()/2) * float64(time.Millisecond)))
	}
	old := func(slow float64) reqres.Handler {
		return func(req *reqres.Request, res *reqres.Response) error {
			wait(slow)
			if rand.IntN(250) == 0 {
				return fmt.Errorf("a lock was not to be had")
			}
			return res.JSON(map[string]any{"id": req.Param("id"), "total": 12.5, "tags": []string{"a", "b"}})
		}
	}
	next := func(slow, bad float64, total any) fetch.Handler {
		return func(req *fetch.Request) (*fetch.Response, error) {
			wait(slow)
			if rand.Float64() < bad {
				return nil, fmt.Errorf("a lock was not to be had")
			}
			return fetch.JSON(map[string]any{"id": req.Param("id"), "total": total, "tags": []string{"a", "b"}})
		}
	}
	c := migrate.Config{Key: migrate.HeaderKey("Key"), KeepValues: true, Shadow: migrate.ShadowConfig{MaxSchedLatency: -1, MaxConcurrent: 8}}
	owned := func(owner string, routes func(*adapt.Routes)) {
		r.Scope(adapt.Scope{Owner: owner, Migration: c}, routes)
	}
	owned("catalogue", func(r *adapt.Routes) {
		r.Migrate("GET", "/products/:id", old(6), next(3, 0.004, 12.5))
		r.Migrate("GET", "/products/:id/reviews", old(5), next(4, 0, "12.50"))
		r.Fetch.GET("/products", next(1, 0, 1))
		r.Fetch.GET("/search", next(1, 0, 1))
		r.ReqRes.GET("/products/:id/similar", old(1))
	})
	owned("checkout", func(r *adapt.Routes) {
		r.Migrate("GET", "/orders/:id", old(9), next(7, 0.5, 12.5))
		r.Migrate("POST", "/checkout", old(12), next(11, 0, 12.5))
		r.Migrate("GET", "/carts/:id", old(4), next(3, 0, 12.5))
		r.ReqRes.POST("/payments", old(1))
		r.ReqRes.GET("/payments/:id", old(1))
	})
	owned("accounts", func(r *adapt.Routes) {
		r.Migrate("GET", "/accounts/:id", old(3), next(2, 0, 12.5))
		r.Fetch.GET("/accounts/me", next(1, 0, 1))
		r.Fetch.POST("/login", next(1, 0, 1))
	})
	app := r.Legacy("/admin", adapt.App{Name: "gin", Handler: http.NotFoundHandler(), Endpoints: []adapt.Endpoint{
		{Method: "GET", Pattern: "/reports", Handler: "admin.reports", Source: "admin/routes.go:12"}, {Method: "GET", Pattern: "/users/:id", Handler: "admin.user", Source: "admin/routes.go:14"},
		{Method: "POST", Pattern: "/users/:id/lock", Handler: "admin.lock", Source: "admin/routes.go:15"}}})
	app.Moved("GET", "/reports", next(1, 0, 1))
}

func TestScreenshots(t *testing.T) {
	dir := os.Getenv("CROSSFADE_SCREENSHOTS")
	if dir == "" {
		t.Skip("CROSSFADE_SCREENSHOTS names no directory to put pictures of the page in")
	}
	b := startBrowser(t)
	s := start(t, dashboard.Config{Title: "shop"}, shop)
	source := new(sourcetest.Memory)
	plan := func(stage migrate.Stage, share float64) migrate.Directive {
		return migrate.Directive{Plan: &migrate.Plan{Stage: stage, Share: share}, By: "ada"}
	}
	source.Put(migrate.Document{Version: 41, Pairs: map[string]migrate.Directive{
		"GET /products/:id": plan(migrate.Canary, 0.25), "GET /products/:id/reviews": plan(migrate.Shadow, 0), "GET /orders/:id": plan(migrate.Canary, 0.5),
		"POST /checkout": plan(migrate.Canary, 0.1), "GET /accounts/:id": plan(migrate.New, 0), "GET /carts/:id": plan(migrate.Live, 0), users: plan(migrate.Shadow, 0)}})
	if err := s.mux.Follow(t.Context(), source, migrate.FollowConfig{}); err != nil {
		t.Fatal(err)
	}
	stop, crowd := make(chan struct{}), new(sync.WaitGroup)
	for i := range 6 {
		crowd.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(i)))
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Duration(20+random.IntN(20)) * time.Millisecond):
				}
				lines := []string{"GET /products/7", "GET /products/7", "GET /products/9", "GET /products/7/reviews", "GET /orders/3", "POST /checkout", "GET /carts/5", "GET /accounts/8", "GET /users/1"}
				method, path, _ := strings.Cut(lines[random.IntN(len(lines))], " ")
				s.ask("", method, path, "", fmt.Sprintf("Key: %d", random.IntN(5000)))
			}
		})
	}
	defer func() { close(stop); crowd.Wait() }()
	seconds := 25 * time.Second
	if os.Getenv("CROSSFADE_SCREENSHOTS_LONG") != "" {
		seconds = 100 * time.Second
	}
	time.Sleep(seconds)
	s.ask("bob raise", "POST", "v1/act", act("kill", "GET /carts/:id", `,"reason":"baskets lose their last item, see #4711","here":true`))

	p := b.tab(t, "ada raise", s.url)
	views := []struct {
		name, hash string
		ready      string
		most       int
	}{
		{"overview", "#/", "document.querySelectorAll('.pairs tbody tr').length > 6 && document.querySelector('#live.good')", 1100},
		{"canary", "#/pair/GET%20%2Fproducts%2F%3Aid", "document.querySelectorAll('.plot canvas').length == 4", 1500},
		{"tripped", "#/pair/GET%20%2Forders%2F%3Aid", "document.querySelectorAll('.plot canvas').length == 4 && document.querySelector('.banner:not([hidden])')", 1500},
		{"endpoints", "#/endpoints", "document.querySelectorAll('.endpoints tbody tr').length > 10", 1300},
		{"raise", "#/pair/GET%20%2Fproducts%2F%3Aid", "document.querySelectorAll('.plot canvas').length == 4", 900},
	}
	for _, v := range views {
		p.eval(fmt.Sprintf("location.hash = %q", v.hash))
		p.until(v.ready)
		time.Sleep(time.Second)
		if v.name == "raise" {
			p.eval("[...document.querySelectorAll('.acts button')].find(b => b.textContent.startsWith('Raise')).click()")
			p.until("document.querySelector('dialog[open] .evidence li')")
		}
		if v.name == "canary" {
			p.eval("document.querySelector('details')?.setAttribute('open', '')")
		}
		for _, look := range []struct {
			name  string
			width int
			dark  bool
		}{{"light", 1280, false}, {"dark", 1280, true}, {"phone", 390, false}} {
			most := v.most
			if look.width < 500 {
				most = 3000
			}
			p.shoot(filepath.Join(dir, v.name+"-"+look.name+".png"), look.width, most, look.dark)
			if v.name == "overview" && look.name == "light" {
				p.shoot(filepath.Join(dir, "dashboard.png"), 1280, 960, false) // of the README
			}
			if over := p.eval("document.documentElement.scrollWidth - innerWidth").(float64); over > 0 {
				t.Errorf("%s, %s: the page is %v pixels wider than the window", v.name, look.name, over)
			}
		}
	}
	p.sound()
}
