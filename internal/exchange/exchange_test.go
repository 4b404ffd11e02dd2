package exchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/outbound"
	"github.com/crossfade-go/crossfade/internal/route"
)

type key string

// first returns the first exchange of a POST with two parameters and a hook.
func first(hooks *int) (*Exchange, *httptest.ResponseRecorder) {
	w := httptest.NewRecorder()
	x := new(Exchange)
	ctx := context.WithValue(context.Background(), http.ServerContextKey, new(http.Server))
	x.Begin(w, httptest.NewRequest("POST", "/", strings.NewReader("body")).WithContext(ctx), &route.Env{
		Service: &route.Service{Limits: route.Resolved(crossfade.Limits{}), Log: slog.New(slog.DiscardHandler)},
		Names:   []string{"a", "b"},
		Head:    []func(*http.Request, int, http.Header){func(*http.Request, int, http.Header) { *hooks++ }},
	})
	x.AddParam("1")
	x.AddParam("2")
	return x, w
}

// Fork's table, cell by cell.
func TestFork(t *testing.T) {
	type shared struct {
		Params, Body, Context, Locals, Cleanup, Hooks, Answers bool
	}
	kinds := map[string]struct {
		as   Share
		want shared
	}{
		"View":     {View, shared{Params: true, Body: true, Context: true, Locals: true, Cleanup: true, Hooks: true, Answers: false}},
		"Inner":    {Inner, shared{Params: true, Body: true, Context: true, Locals: true, Cleanup: true, Hooks: false, Answers: false}},
		"Entered":  {Entered, shared{Params: true, Body: true, Context: false, Locals: true, Cleanup: true, Hooks: false, Answers: true}},
		"Called":   {Called, shared{Params: false, Body: true, Context: false, Locals: false, Cleanup: false, Hooks: true, Answers: true}},
		"Detached": {Detached, shared{Params: true, Body: false, Context: true, Locals: false, Cleanup: false, Hooks: false, Answers: false}},
	}
	for name, tt := range kinds {
		hooks := 0
		of, _ := first(&hooks)
		of.SetContext(context.WithValue(of.Context(), key("set"), true))
		of.Locals()["of"] = true
		r := of.R.WithContext(context.WithValue(t.Context(), exchangeKey{}, of))
		r.Body = of.Body().HTTP()
		if tt.as == Detached {
			r.Body = io.NopCloser(strings.NewReader("other"))
		}
		x := new(Exchange)
		x.Fork(of, tt.as, httptest.NewRecorder(), r)
		var got shared
		got.Params = x.Param("a") == "1" && x.Param("b") == "2"
		got.Body = x.SharesBody(&of.Request)
		got.Context = x.Context().Value(key("set")) != nil
		got.Locals = x.Locals()["of"] != nil
		cleaned := false
		x.Cleanup(func() { cleaned = true })
		_ = x.Commit(200)
		got.Hooks = hooks == 1
		got.Answers = x.Answers()
		x.Release()
		got.Cleanup = !cleaned
		of.Release()
		if !cleaned {
			t.Errorf("%s: what is to be cleaned up is not, at the end of the request", name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// A handler behind middleware that has put another body in place reads that one, and it ends with
// it.
func TestForkWithAnotherBody(t *testing.T) {
	hooks := 0
	of, _ := first(&hooks)
	r := of.HTTP().Clone(of.Context())
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader("other")), -1
	x := new(Exchange)
	x.Start(httptest.NewRecorder(), r)
	if b, err := x.Body().Use(); string(b) != "other" || err != nil || of.Body().Used() {
		t.Errorf("it reads %q, %v", b, err)
	}
	x.Release()
	if of.Closed() || !x.Closed() {
		t.Error("the request has ended with the handler")
	}
	if b, err := of.Body().Collect(); string(b) != "body" || err != nil {
		t.Errorf("the first one reads %q, %v", b, err)
	}
}

// An exchange that began without a mux has the defaults, and nothing that only a mux can do.
func TestStart(t *testing.T) {
	x := new(Exchange)
	x.Start(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if x.Env != route.Default || x.Err() != nil || x.Place() != "" {
		t.Error("something is set that nobody has set")
	}
	if err := x.After(x.Context(), func(context.Context) {}); err != ErrNoMux {
		t.Errorf("After: %v", err)
	}
	extras := x.Extras()
	extras.Err, extras.Place = io.EOF, "here"
	if x.Err() != io.EOF || x.Place() != "here" || x.Extras() != extras {
		t.Error("what is set is not there")
	}
}

// What a handler's error becomes, and when the connection must be cut.
func TestFinish(t *testing.T) {
	ended := func(x *Exchange) error { return x.SendWhole(x.W.Header(), 200, "body", nil) }
	begun := func(x *Exchange) error { _, err := x.WriteString("body"); return err }
	none := func(*Exchange) error { return nil }
	domain := errors.New("secret")
	for _, tt := range []struct {
		rule   string
		method string
		answer func(x *Exchange) error
		err    error
		panics any
		want   string // the response, or "cut"
		logged string
	}{
		{"an error is answered", "POST", none, domain, nil, `500 {"error":"Internal Server Error"}`, "the handler failed"},
		{"with its status and message", "POST", none, crossfade.Errorf(404, "no such account"), nil, `404 {"error":"no such account"}`, ""},
		{"a head alone for HEAD", "HEAD", none, crossfade.Errorf(404, "no such account"), nil, `404 `, ""},
		{"as text for Next.js", "POST", func(x *Exchange) error { x.W.Header().Set("X", "1"); return nil }, &TextError{crossfade.Errorf(404, "gone")}, nil, `404 gone`, ""},
		{"a panic", "POST", none, nil, "boom", `500 {"error":"Internal Server Error"}`, "the handler failed"},
		{"an abort is passed on", "POST", none, nil, http.ErrAbortHandler, "cut", ""},
		{"also as an error", "POST", none, fmt.Errorf("x: %w", http.ErrAbortHandler), nil, "cut", ""},
		{"an error after the head", "POST", begun, domain, nil, "cut", "the handler failed after its answer had begun"},
		{"but for HEAD, whose head is whole", "HEAD", begun, domain, nil, "200 body", "the handler failed after its answer had begun"},
		{"and after the end", "POST", ended, domain, nil, "200 body", "the handler failed after its answer had begun"},
		{"a short answer", "POST", func(x *Exchange) error { x.W.Header().Set("Content-Length", "9"); return begun(x) }, nil, nil, "cut", "an answer is incomplete"},
		{"an upload that is too large is cut", "POST", none, crossfade.Errorf(413, "too large"), nil, `413 {"error":"too large"}`, ""},
		{"nothing is logged of a client that has left", "POST", begun, ErrClientGone, nil, "cut", ""},
	} {
		var logged strings.Builder
		hooks := 0
		x, w := first(&hooks)
		env, service := *x.Env, *x.Env.Service
		service.Log = slog.New(slog.NewTextHandler(&logged, nil))
		env.Service = &service
		env.Route = func(bool) (string, string, string) { return "POST /x", "pkg.handler", "x.go:1" }
		x.Env, x.R.Method = &env, tt.method
		got := func() (got string) {
			defer func() {
				if v := recover(); v == http.ErrAbortHandler {
					got = "cut"
				} else if v != nil {
					t.Errorf("%s: panic %v", tt.rule, v)
				}
			}()
			var err error
			defer x.Finish(&err)
			if err = tt.answer(x); err == nil {
				err = tt.err
			}
			if tt.panics != nil {
				panic(tt.panics)
			}
			return ""
		}()
		if got == "" {
			got = fmt.Sprintf("%d %s", w.Code, w.Body)
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.rule, got, tt.want)
		}
		if line := logged.String(); (line == "") != (tt.logged == "") || !strings.Contains(line, tt.logged) {
			t.Errorf("%s: logged %q", tt.rule, line)
		}
		if !x.Closed() {
			t.Errorf("%s: the exchange is not closed", tt.rule)
		}
	}
}

// A19: outside net/http's server nobody would recover the panic that cuts a connection.
func TestA19NoPanicOutsideAServer(t *testing.T) {
	hooks := 0
	x, w := first(&hooks)
	x.R = x.R.WithContext(context.Background())
	func() {
		err := io.EOF
		defer x.Finish(&err)
		_, _ = x.WriteString("half")
	}()
	if w.Body.String() != "half" || !x.Closed() {
		t.Errorf("%q", w.Body)
	}
	inner := new(Exchange)
	x, _ = first(&hooks)
	x.R = x.R.WithContext(context.Background())
	inner.Start(x.W, x.HTTP())
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the exchange around it does not learn that the answer is broken")
		}
	}()
	err := io.EOF
	defer inner.Finish(&err)
	_, _ = inner.WriteString("half")
}

// unsound is an error that cannot be asked.
type unsound struct{ in string }

func (e unsound) Error() string {
	if e.in == "Error" {
		panic("in Error")
	}
	return "unsound"
}

func (e unsound) StatusCode() int {
	if e.in == "StatusCode" {
		panic("in StatusCode")
	}
	return 404
}

func (e unsound) Unwrap() error {
	if e.in == "Unwrap" {
		panic("in Unwrap")
	}
	return nil
}

// panickingLog is a slog.Handler that panics.
type panickingLog struct{ slog.Handler }

func (panickingLog) Handle(context.Context, slog.Record) error { panic("in the log") }

// A9: whatever panics while a request is being ended, it is answered with a plain 500, logged once,
// and released.
func TestA9PanicsOnTheWayOut(t *testing.T) {
	var none *crossfade.Error
	for rule, tt := range map[string]struct {
		err   error
		env   func(env *route.Env, service *route.Service)
		quiet bool // the log itself is broken
	}{
		"a nil *Error":  {err: none},
		"in Error":      {err: unsound{"Error"}},
		"in StatusCode": {err: unsound{"StatusCode"}},
		"in Unwrap":     {err: unsound{"Unwrap"}},
		"wrapped":       {err: fmt.Errorf("x: %w", unsound{"StatusCode"})},
		"in ErrorResponse": {err: io.EOF, env: func(_ *route.Env, s *route.Service) {
			s.Rendered = func(context.Context, error) *route.Rendered { panic("boom") }
		}},
		"in the log": {err: io.EOF, quiet: true, env: func(_ *route.Env, s *route.Service) { s.Log = slog.New(panickingLog{s.Log.Handler()}) }},
		"in a head hook": {err: io.EOF, env: func(env *route.Env, _ *route.Service) {
			env.Head = []func(*http.Request, int, http.Header){func(*http.Request, int, http.Header) { panic("boom") }}
		}},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			var logged strings.Builder
			hooks, cleaned := 0, false
			x, w := first(&hooks)
			env, service := *x.Env, *x.Env.Service
			service.Log = slog.New(slog.NewTextHandler(&logged, nil))
			env.Service, x.R.Method = &service, method
			if tt.env != nil {
				tt.env(&env, &service)
			}
			x.Env = &env
			x.Cleanup(func() { panic("in a clean-up") })
			x.Cleanup(func() { cleaned = true })
			func() {
				err := tt.err
				defer x.Finish(&err)
			}()
			want := `{"error":"Internal Server Error"}`
			if method == "HEAD" {
				want = ""
			}
			if w.Code != 500 || w.Body.String() != want || !cleaned || !x.Closed() {
				t.Errorf("%s, %s: %d %q, cleaned up %v", rule, method, w.Code, w.Body, cleaned)
			}
			if lines := strings.Count(logged.String(), "level=ERROR"); !tt.quiet && (lines < 2 || lines > 3) { // one of the clean-up
				t.Errorf("%s: %d lines\n%s", rule, lines, logged.String())
			}
		}
	}
}

// A8: a head hook that panics never leaves a better answer than the handler chose.
func TestA8HooksThatPanic(t *testing.T) {
	for _, code := range []int{200, 204, 304, 403, 503} {
		for _, method := range []string{"GET", "HEAD"} {
			hooks := 0
			x, w := first(&hooks)
			env := *x.Env
			env.Head = append(env.Head, func(*http.Request, int, http.Header) { panic("boom") })
			x.Env, x.R.Method = &env, method
			func() {
				var err error
				defer x.Finish(&err)
				h := w.Header()
				h.Set("Etag", `"page"`)
				h.Set("Cache-Control", "max-age=9")
				_ = x.SendWhole(h, code, "", nil)
			}()
			if w.Code != 500 || w.Header().Get("Etag") != "" || w.Header().Get("Cache-Control") != "" {
				t.Errorf("%s %d: %d %v", method, code, w.Code, w.Header())
			}
		}
	}
}

// What the mux makes of an error comes first; where that fails after the head, nothing is appended.
func TestRendered(t *testing.T) {
	sends := func(send func(ctx context.Context) error) func(context.Context, error) *route.Rendered {
		return func(context.Context, error) *route.Rendered { return &route.Rendered{Send: send} }
	}
	const byDefault = `500 {"error":"Internal Server Error"} true`
	for rule, tt := range map[string]struct {
		rendered func(ctx context.Context, err error) *route.Rendered
		want     string
	}{
		"it answers": {sends(func(ctx context.Context) error {
			return FromContext(ctx).SendWhole(http.Header{}, 418, "rendered", nil)
		}), "418 rendered true"},
		"it does not":         {func(context.Context, error) *route.Rendered { return nil }, byDefault},
		"it fails":            {sends(func(context.Context) error { return io.ErrShortWrite }), byDefault},
		"it panics":           {sends(func(context.Context) error { panic("boom") }), byDefault},
		"deciding it, panics": {func(context.Context, error) *route.Rendered { panic("boom") }, byDefault},
		"it breaks off": {sends(func(ctx context.Context) error {
			_, _ = FromContext(ctx).WriteString("half")
			return io.ErrShortWrite
		}), "200 half false"},
	} {
		hooks := 0
		x, w := first(&hooks)
		env, service := *x.Env, *x.Env.Service
		service.Rendered = tt.rendered
		env.Service = &service
		x.Env = &env
		ok := x.Fail(io.EOF)
		if got := fmt.Sprintf("%d %s %v", w.Code, w.Body, ok); got != tt.want {
			t.Errorf("%s: %s", rule, got)
		}
	}
	hooks := 0
	x, _ := first(&hooks)
	if !x.Fail(nil) {
		t.Error("no error is not answered")
	}
}

// What a client may read of an error, and with which status.
func TestErrorBody(t *testing.T) {
	for err, want := range map[error]string{
		errors.New("secret"):                           `{"error":"Internal Server Error"}`,
		crossfade.Errorf(404, `no "such"`):             `{"error":"no \"such\""}`,
		crossfade.Invalid(map[string]string{"a": "b"}): `{"error":"invalid input: a: b","fields":{"a":"b"}}`,
		&http.MaxBytesError{Limit: 1}:                  `{"error":"Request Entity Too Large"}`,
		NewPanicError(crossfade.Errorf(404, "x")):      `{"error":"Internal Server Error"}`,
	} {
		if got := string(ErrorBody(err, StatusOf(err))); got != want {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
	}
	if got := StatusOf(&crossfade.Error{Status: 200}); got != 500 {
		t.Errorf("an error with the status 200 is answered %d", got)
	}
	p := NewPanicError(io.EOF)
	if !errors.Is(p, io.EOF) || p.Error() != "the handler panicked: EOF" || len(p.Stack) == 0 {
		t.Errorf("%v", p)
	}
	if e := (&TextError{io.EOF}); !errors.Is(e, io.EOF) || e.Error() != "EOF" || (Origin{}).Error() == "" {
		t.Error(e)
	}
}

// checked has a Validate method.
type checked struct{ Err error }

func (c *checked) Validate() error { return c.Err }

// What does not decode, or does not hold, is the client's mistake; a wrong destination is ours.
func TestDecode(t *testing.T) {
	var v struct{ A int }
	if err := UnmarshalJSON([]byte(`{"A":1}`), &v); err != nil || v.A != 1 {
		t.Error(err)
	}
	if err := UnmarshalJSON([]byte(`{"A":`), &v); StatusOf(err) != 400 {
		t.Errorf("malformed: %v", err)
	}
	if err := UnmarshalJSON([]byte(`{}`), v); err == nil || StatusOf(err) != 500 {
		t.Errorf("no pointer: %v", err)
	}
	for want, err := range map[int]error{0: nil, 400: io.EOF, 409: crossfade.Errorf(409, "x")} {
		got := Validate(&checked{err})
		if err == nil && got != nil || err != nil && StatusOf(got) != want {
			t.Errorf("Validate %v: %v", err, got)
		}
	}
	pointer := &checked{io.EOF}
	if err := Validate(&pointer); StatusOf(err) != 400 {
		t.Errorf("a pointer: %v", err)
	}
	if err := Validate(new(int)); err != nil {
		t.Errorf("without the method: %v", err)
	}
}

// The context has what the mux has put there, the exchange itself, and what SetContext has set.
func TestContext(t *testing.T) {
	hooks := 0
	x, _ := first(&hooks)
	env, service := *x.Env, *x.Env.Service
	service.ParamsKey = key("params")
	service.Params = func(params iter.Seq2[string, string]) any {
		var all []string
		for name, value := range params {
			all = append(all, name+"="+value)
		}
		return strings.Join(all, " ")
	}
	env.Service = &service
	x.Env = &env
	ctx := x.Context()
	if ctx.Value(key("params")) != "a=1 b=2" || FromContext(ctx) != x || fmt.Sprint(ctx) != "crossfade.RequestContext" {
		t.Errorf("%v: %v", ctx, ctx.Value(key("params")))
	}
	if FromContext(context.Background()) != nil {
		t.Error("a context belongs to no exchange")
	}
	if r := x.HTTP(); r.PathValue("b") != "2" || r.Context() != ctx || x.HTTP() != r {
		t.Errorf("HTTP: %q", r.PathValue("b"))
	}
	x.SetContext(context.WithValue(ctx, key("set"), 1))
	if x.HTTP().Context().Value(key("set")) != 1 || x.Gone() != x.Context().Done() {
		t.Error("HTTP has the context of before")
	}
	defer func() {
		if recover() == nil {
			t.Error("a nil context is taken")
		}
	}()
	//lint:ignore SA1012 it is what the test is about
	x.SetContext(nil)
}

// A context with a deadline ends then, for that reason.
func TestContextDeadline(t *testing.T) {
	parent, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	x := new(Exchange)
	x.Begin(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(parent), newEnv())
	<-x.Context().Done()
	if err := x.Context().Err(); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, ok := x.Context().Deadline(); !ok {
		t.Error("the deadline is hidden")
	}
	x.Release()
}

// Who wanted only a head, and has it, ends the request: the context, and the body.
func TestFlushOfHEAD(t *testing.T) {
	hooks := 0
	x, _ := first(&hooks)
	x.R.Method = "HEAD"
	ctx := x.Context()
	done := ctx.Done()
	body := x.Body().Stream()
	if err := x.Flush(); err != nil {
		t.Fatal(err)
	}
	<-done
	if cause := context.Cause(ctx); cause != outbound.ErrAnswerComplete {
		t.Errorf("the cause is %v", cause)
	}
	if _, err := body.Read(make([]byte, 1)); err != http.ErrBodyReadAfterClose {
		t.Errorf("Read: %v", err)
	}
	if err := x.conclude(context.Canceled); err {
		t.Error("an echo of that cuts the connection")
	}
}

// A copy shares nothing with what is served but the values of the context.
func TestCopy(t *testing.T) {
	hooks := 0
	x, w := first(&hooks)
	x.Locals()["n"] = 1
	x.SetContext(context.WithValue(x.Context(), key("k"), "v"))
	c := x.Copy(nil)
	x.Locals()["n"] = 2
	y, other := new(Exchange), httptest.NewRecorder()
	c.Enter(y, other, context.WithoutCancel(c.Context()), io.NopCloser(strings.NewReader("copy")))
	if y.Locals()["n"] != 1 || y.Context().Value(key("k")) != "v" || FromContext(y.Context()) != y || y.Param("b") != "2" {
		t.Errorf("locals %v, %v", y.Locals(), y.Context().Value(key("k")))
	}
	if b, err := y.Body().Use(); string(b) != "copy" || err != nil || x.Body().Used() {
		t.Errorf("it reads %q, %v", b, err)
	}
	if err := y.After(y.Context(), func(context.Context) { t.Error("After ran") }); err != nil {
		t.Error(err)
	}
	y.Fail(io.EOF)
	y.Release()
	if hooks != 0 || w.Body.Len() != 0 || other.Code != 500 || x.Committed() {
		t.Errorf("%d hooks, %q, %d", hooks, w.Body, other.Code)
	}
	x.Release()
}
