//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"github.com/crossfade-go/crossfade/examples/hosts/hosttest"
	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// service is Lambda around one instance of the function: it hands an event to the instance when that asks for
// the next one (the runtime API), takes the answer, and freezes the instance when it asks again.
type service struct {
	instance *hosttest.Process
	asked    chan chan<- []byte // the instance asks for the next event, and is frozen
	answers  chan *invocation
}

// invocation is what the instance posts for an event.
type invocation struct {
	failed bool
	body   io.Reader
	broken func() bool // after the body
	taken  chan struct{}
}

const runtimeAPI = "/2018-06-01/runtime/invocation/"

// start starts the program as Lambda does.
func start(t *testing.T, program, front string) *service {
	t.Helper()
	l := &service{asked: make(chan chan<- []byte, 1), answers: make(chan *invocation)}
	ended := make(chan struct{})
	api := http.NewServeMux()
	api.HandleFunc("GET "+runtimeAPI+"next", func(w http.ResponseWriter, r *http.Request) {
		l.signal(t, syscall.SIGSTOP)
		events := make(chan []byte)
		l.asked <- events
		select {
		case e := <-events:
			l.signal(t, syscall.SIGCONT)
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", jsonOf(time.Now().Add(30*time.Second).UnixMilli()))
			_, _ = w.Write(e)
		case <-ended:
		}
	})
	take := func(failed bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			i := &invocation{failed: failed, body: r.Body, taken: make(chan struct{}), broken: func() bool {
				return r.Trailer.Get("Lambda-Runtime-Function-Error-Type") != ""
			}}
			l.answers <- i
			<-i.taken
			w.WriteHeader(http.StatusAccepted)
		}
	}
	api.HandleFunc("POST "+runtimeAPI+"{id}/response", take(false))
	api.HandleFunc("POST "+runtimeAPI+"{id}/error", take(true))
	s := httptest.NewUnstartedServer(api)
	cmd := exec.Command(program)
	cmd.Env = append(cmd.Environ(), "AWS_LAMBDA_RUNTIME_API="+s.Listener.Addr().String(), "FRONT="+front)
	l.instance = hosttest.Start(t, cmd)
	s.Start()
	t.Cleanup(func() { // before the instance is killed
		close(ended)
		l.signal(t, syscall.SIGKILL)
		s.Close()
	})
	return l
}

func (l *service) signal(t *testing.T, s syscall.Signal) {
	if err := l.instance.Cmd.Process.Signal(s); err != nil {
		t.Error(err)
	}
}

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// invoke thaws the instance for an event. When finish has returned, it is frozen again.
func (l *service) invoke(e event) (i *invocation, finish func()) {
	next := <-l.asked
	next <- []byte(jsonOf(e))
	i = <-l.answers
	return i, func() {
		_, _ = io.Copy(io.Discard, i.body)
		close(i.taken)
		l.asked <- <-l.asked
	}
}

// eventOf is the event that a request becomes: in front of Lambda text is text, and else base64.
func eventOf(r *http.Request) event {
	body, _ := io.ReadAll(r.Body)
	e := event{Version: "2.0", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery, Headers: map[string]string{"host": r.Host}}
	for name, values := range r.Header {
		if name == "Cookie" {
			e.Cookies = strings.Split(strings.Join(values, "; "), "; ")
			continue
		}
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	if e.Body = string(body); !utf8.Valid(body) || strings.Contains(r.Header.Get("Content-Type"), "form") {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	e.RequestContext.Stage = "$default"
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = r.Method, r.URL.Path
	e.RequestContext.HTTP.SourceIP, _, _ = net.SplitHostPort(r.RemoteAddr)
	return e
}

// functionURL is what stands before a function whose InvokeMode is RESPONSE_STREAM: the answer is a head as
// JSON, eight zeros, and the body as it comes.
func functionURL(l *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i, finish := l.invoke(eventOf(r))
		defer finish()
		if i.failed {
			http.Error(w, "Internal Server Error", http.StatusBadGateway)
			return
		}
		in := bufio.NewReader(i.body)
		var head struct {
			StatusCode int
			Headers    map[string]string
			Cookies    []string
		}
		prelude, err := in.ReadBytes(0)
		if err == nil {
			_, err = in.Discard(7)
		}
		if err = errors.Join(err, json.Unmarshal(bytes.TrimRight(prelude, "\x00"), &head)); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		answer(w, head.StatusCode, head.Headers, head.Cookies)
		buf := make([]byte, 32<<10)
		for {
			n, err := in.Read(buf)
			_, _ = w.Write(buf[:n])
			_ = http.NewResponseController(w).Flush()
			if err != nil {
				if i.broken() {
					defer panic(http.ErrAbortHandler)
				}
				return
			}
		}
	}
}

// apiGateway is what stands before a function of an HTTP API: the answer is one JSON document.
func apiGateway(l *service) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i, finish := l.invoke(eventOf(r))
		defer finish()
		var res events.APIGatewayV2HTTPResponse
		if err := json.NewDecoder(i.body).Decode(&res); err != nil || i.failed {
			http.Error(w, `{"message":"Internal Server Error"}`, http.StatusInternalServerError)
			return
		}
		body := []byte(res.Body)
		if res.IsBase64Encoded {
			var err error
			if body, err = base64.StdEncoding.DecodeString(res.Body); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		answer(w, res.StatusCode, res.Headers, res.Cookies)
		_, _ = w.Write(body)
	}
}

func answer(w http.ResponseWriter, status int, headers map[string]string, cookies []string) {
	for name, value := range headers {
		w.Header().Set(name, value)
	}
	w.Header()["Set-Cookie"] = cookies
	w.WriteHeader(status)
}

func TestLambda(t *testing.T) {
	program := hosttest.Build(t, []string{"-tags", "lambda.norpc"})
	for _, tt := range []struct {
		front string
		serve func(*service) http.HandlerFunc
	}{{"function-url", functionURL}, {"api-gateway", apiGateway}} {
		t.Run(tt.front, func(t *testing.T) {
			l := start(t, program, tt.front)
			front := httptest.NewServer(tt.serve(l))
			t.Cleanup(front.Close)
			host := hosttest.Host{URL: front.URL, Buffers: tt.front == "api-gateway"}
			hosttest.Run(t, host)

			if host.Buffers {
				t.Run("an event without a host", func(t *testing.T) { emptyHost(t, l) })
			}

			// The instance is frozen, and the work of each order was done before.
			before := strings.Count(l.instance.Log(), "carried out")
			event := eventOf(httptest.NewRequest("POST", "/orders", nil))
			i, finish := l.invoke(event)
			if finish(); i.failed {
				t.Error("the invocation has failed")
			}
			for deadline := time.Now().Add(30 * time.Second); strings.Count(l.instance.Log(), "carried out") == before; time.Sleep(time.Millisecond) { // the log may be on its way
				if time.Now().After(deadline) {
					t.Fatal("the instance was frozen before the work was done")
				}
			}
		})
	}
}

// What an event says is what the mux is told, whatever the event leaves out.
func TestEvents(t *testing.T) {
	for _, tt := range []struct {
		name                  string
		event                 string
		url, host, ip, cookie string
		body                  string
	}{
		{"a function URL", `{"version":"2.0","rawPath":"/a%2Fb/c%20d","rawQueryString":"x=1&x=2","headers":{"host":"id.lambda-url.eu-west-1.on.aws","x-forwarded-for":"198.51.100.1"},
			"cookies":["a=1","b=2"],"requestContext":{"stage":"$default","http":{"method":"POST","sourceIp":"203.0.113.9"}},"body":"plain"}`,
			"https://id.lambda-url.eu-west-1.on.aws/a%2Fb/c%20d?x=1&x=2", "id.lambda-url.eu-west-1.on.aws", "203.0.113.9", "a=1; b=2", "plain"},
		{"a stage with a name", `{"rawPath":"/prod/products","headers":{"host":"h.example","cookie":"a=1"},"requestContext":{"stage":"prod","http":{"method":"POST"}},"body":"AP8=","isBase64Encoded":true}`,
			"https://h.example/products", "h.example", "", "a=1", "\x00\xff"},
		{"next to nothing", `{"rawPath":"/100%","requestContext":{"http":{"method":"GET"}}}`, "https:///100%25", "", "", "", ""},
	} {
		var e event
		if err := json.Unmarshal([]byte(tt.event), &e); err != nil {
			t.Fatal(err)
		}
		r, err := request(t.Context(), e)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		body, _ := io.ReadAll(r.Body)
		if r.URL.String() != tt.url || r.Host != tt.host || r.RemoteAddr != tt.ip || r.Header.Get("Cookie") != tt.cookie || string(body) != tt.body {
			t.Errorf("%s: %s of %q from %q with %q and %q", tt.name, r.URL, r.Host, r.RemoteAddr, r.Header.Get("Cookie"), body)
		}
	}
	if _, err := request(t.Context(), event{Body: "%", IsBase64Encoded: true}); err == nil {
		t.Error("what is not base64 is a body")
	}
}

// emptyHost sends an event as the console makes them for a try.
func emptyHost(t *testing.T, l *service) {
	e := eventOf(httptest.NewRequest("GET", "/visits", nil))
	delete(e.Headers, "host")
	i, finish := l.invoke(e)
	defer finish()
	var res events.APIGatewayV2HTTPResponse
	if err := json.NewDecoder(i.body).Decode(&res); err != nil {
		t.Fatal(err)
	}
	if want := `{"visits":"","host":"","ip":"192.0.2.1","scheme":"https"}`; res.StatusCode != 200 || !sameJSON(res.Body, want) {
		t.Errorf("%d %s, want %s", res.StatusCode, res.Body, want)
	}
}

func sameJSON(a, b string) bool {
	var x, y map[string]string
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && jsonOf(x) == jsonOf(y)
}
