// Command lambda serves the mux as an AWS Lambda function, behind a function URL whose InvokeMode
// is RESPONSE_STREAM, so that its streams are streams, or with FRONT=api-gateway behind an HTTP API
// of API Gateway, which buffers each answer. Both send events of the payload format 2.0.
//
//	GOOS=linux GOARCH=arm64 go build -tags lambda.norpc -o bootstrap . && zip function.zip bootstrap
//
// Lambda freezes the process when an invocation has ended. So an invocation ends when the work
// after its answer is done: the client of a function URL has the answer by then, that of an API
// Gateway waits.
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/examples/hosts/app"
)

func main() {
	mux, err := app.New(adapt.Config{})
	if err != nil {
		log.Fatal(err)
	}
	if os.Getenv("FRONT") == "api-gateway" {
		lambda.Start(buffered(mux))
	} else {
		lambda.Start(streamed(mux))
	}
}

// event is an event of the payload format 2.0, of which that of a function URL is a part.
type event = events.APIGatewayV2HTTPRequest

// streamed returns what Lambda calls for a function URL.
func streamed(mux http.Handler) func(context.Context, event) (*events.LambdaFunctionURLStreamingResponse, error) {
	return func(ctx context.Context, e event) (*events.LambdaFunctionURLStreamingResponse, error) {
		r, err := request(ctx, e)
		if err != nil {
			return nil, err
		}
		body, out := io.Pipe()
		w := &writer{header: http.Header{}, body: out, begun: make(chan struct{})}
		go func() {
			err := serve(mux, w, r)
			w.begin(http.StatusOK)
			out.CloseWithError(err) // an error tells Lambda that the answer is not whole
		}()
		<-w.begun
		return &events.LambdaFunctionURLStreamingResponse{StatusCode: w.status, Headers: w.sent, Cookies: w.cookies, Body: body}, nil
	}
}

// buffered returns what Lambda calls for an HTTP API.
func buffered(mux http.Handler) func(context.Context, event) (*events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, e event) (*events.APIGatewayV2HTTPResponse, error) {
		r, err := request(ctx, e)
		if err != nil {
			return nil, err
		}
		var body bytes.Buffer
		w := &writer{header: http.Header{}, body: &body, begun: make(chan struct{})}
		if err := serve(mux, w, r); err != nil {
			return nil, err
		}
		w.begin(http.StatusOK)
		res := &events.APIGatewayV2HTTPResponse{StatusCode: w.status, Headers: w.sent, Cookies: w.cookies, Body: body.String()}
		if !utf8.ValidString(res.Body) { // it goes through JSON
			res.Body, res.IsBase64Encoded = base64.StdEncoding.EncodeToString(body.Bytes()), true
		}
		return res, nil
	}
}

// serve has the mux answer, and waits for the work after the answer, at most until the invocation
// runs out of time. The error is for an answer that broke off.
func serve(mux http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	ctx := adapt.Waitable(r.Context())
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			err = errors.New("the answer broke off")
		default:
			panic(v)
		}
		if late := adapt.Wait(ctx); late != nil {
			log.Printf("%s %s: the work after the answer is not done: %v", r.Method, r.URL.Path, late)
		}
	}()
	// Under a server of net/http the mux cuts an answer that cannot be completed by a panic, which
	// that server recovers. Here serve does.
	mux.ServeHTTP(w, r.WithContext(context.WithValue(ctx, http.ServerContextKey, new(http.Server))))
	return nil
}

// request is the request that an event describes.
func request(ctx context.Context, e event) (*http.Request, error) {
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, e.RequestContext.HTTP.Method, "/", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for name, value := range e.Headers { // of several values one, with commas
		r.Header.Set(name, value)
	}
	if len(e.Cookies) > 0 { // which are taken out of the headers
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	r.Host = r.Header.Get("Host") // "" where a test event has none, which the mux takes
	r.Header.Del("Host")
	path := e.RawPath
	if rest, ok := strings.CutPrefix(path, "/"+e.RequestContext.Stage+"/"); ok { // a stage with a name is a prefix
		path = "/" + rest
	}
	r.URL = &url.URL{Scheme: "https", Host: r.Host, Path: path, RawQuery: e.RawQueryString}
	if decoded, err := url.PathUnescape(path); err == nil {
		r.URL.Path, r.URL.RawPath = decoded, path
	}
	r.RemoteAddr = e.RequestContext.HTTP.SourceIP // what X-Forwarded-For says anybody may have said
	return r, nil
}

// writer takes the answer: its head once, and the body as it comes.
type writer struct {
	header  http.Header
	body    io.Writer
	begun   chan struct{} // closed when the next three are there
	status  int
	sent    map[string]string
	cookies []string
}

func (w *writer) Header() http.Header { return w.header }

func (w *writer) Write(b []byte) (int, error) {
	w.begin(http.StatusOK)
	return w.body.Write(b)
}

func (w *writer) WriteHeader(status int) {
	if status >= 200 { // what is informational has no place in an invocation
		w.begin(status)
	}
}

// Flush has nothing to do: nothing is kept back.
func (w *writer) Flush() { w.begin(http.StatusOK) }

func (w *writer) begin(status int) {
	if w.status != 0 {
		return
	}
	w.status, w.sent = status, make(map[string]string, len(w.header))
	for name, values := range w.header {
		switch {
		case name == "Set-Cookie":
			w.cookies = values
		case len(values) > 0:
			w.sent[name] = strings.Join(values, ", ")
		}
	}
	close(w.begun)
}
