package migrateprom_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/crossfade-go/crossfade/contrib/migrateprom"
)

// Debian's Prometheus scrapes two replicas and loads the rules.
func TestPrometheusScrapes(t *testing.T) {
	program, err := exec.LookPath("prometheus")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("prometheus is missing: .ci/services/prometheus.sh installs it")
		}
		t.Skip("prometheus is missing (Debian's package of that name), so nothing is scraped")
	}
	var targets []string
	for range 2 {
		mux := shop(t)
		serve(t, mux, "GET", "/users/1")
		registry := prometheus.NewRegistry()
		registry.MustRegister(migrateprom.New(mux.Migrations()))
		server := httptest.NewServer(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
		t.Cleanup(server.Close)
		targets = append(targets, strings.TrimPrefix(server.URL, "http://"))
	}
	rules, err := filepath.Abs("alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [%q]\nscrape_configs: [{job_name: shop, static_configs: [{targets: [%q, %q]}]}]\n", rules, targets[0], targets[1])
	if err := os.WriteFile(filepath.Join(dir, "prometheus.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	address := serveMetrics(t, program, dir)

	for query, want := range map[string]string{
		`sum(crossfade_requests_total{pair="GET /users/:id",side="new",outcome="answered"})`: "2",
		`count(crossfade_request_duration_seconds_bucket{side="new",le="+Inf"})`:             "6",
		`count(crossfade_stage{stage="canary"} == 1)`:                                        "4",
		`count(ALERTS{alertname="CrossfadeGuardIsBlind",pair="POST /orders",why="method"})`:  "1",
	} {
		got := ""
		for deadline := time.Now().Add(90 * time.Second); got != want; time.Sleep(200 * time.Millisecond) {
			if time.Now().After(deadline) {
				text, _ := os.ReadFile(filepath.Join(dir, "log"))
				t.Fatalf("%s is %q, want %q; the server says\n%s", query, got, want, text)
			}
			got = ask(address, query)
		}
	}
}

// serveMetrics starts Prometheus on a port of its own, which its log tells.
func serveMetrics(t *testing.T, program, dir string) (address string) {
	t.Helper()
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	server := exec.Command(program, "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0")
	server.Stderr = log
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		log.Close()
	})
	for deadline := time.Now().Add(60 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		text, err := os.ReadFile(log.Name())
		if found := regexp.MustCompile(`"?Listening on"? address=(127\.0\.0\.1:\d+)`).FindSubmatch(text); found != nil {
			return string(found[1])
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server does not tell its address: %s, %v", text, err)
		}
	}
}

// ask is the value of a query, or empty.
func ask(address, query string) string {
	res, err := http.Get("http://" + address + "/api/v1/query?query=" + url.QueryEscape(query))
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	var answer struct {
		Data struct {
			Result []struct {
				Value [2]any `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	text, err := io.ReadAll(res.Body)
	if err != nil || json.Unmarshal(text, &answer) != nil || len(answer.Data.Result) != 1 {
		return ""
	}
	return fmt.Sprint(answer.Data.Result[0].Value[1])
}
