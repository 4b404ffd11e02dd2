// Package play gives an answer in both shapes and says what a client gets. The codemod has no table
// of content types, reason phrases or defaults of its own: it asks the library, here.
package play

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// Call is one call on a reqres.Response, or one constructor or option of package fetch: its name and
// its arguments. Arguments that only the program knows are samples of their type.
type Call struct {
	Name string
	Args []any
}

// Answer is what a client gets.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// String is the answer on one line, for the reason of a refusal.
func (a Answer) String() string { return fmt.Sprintf("%d %v %q", a.Status, a.Header, a.Body) }

type asked struct {
	old []Call
	new Call
	say []Call
}

type askedKey struct{}

// Settings are those of the service whose handlers answer. They must be set before anything is asked.
var Settings reqres.Settings

// mux serves an answer of either shape with the defaults of a service.
var mux = sync.OnceValue(func() *adapt.Mux {
	m, err := adapt.Config{Logger: slog.New(slog.DiscardHandler), ReqRes: Settings}.New(func(r *adapt.Routes) {
		r.ReqRes.GET("/old", func(req *reqres.Request, res *reqres.Response) error {
			return old(res, req.Context().Value(askedKey{}).(asked).old)
		})
		r.Fetch.GET("/new", func(req *fetch.Request) (*fetch.Response, error) {
			a := req.Context().Value(askedKey{}).(asked)
			return construct(a.new, a.say)
		})
	})
	if err != nil {
		panic(err)
	}
	return m
})

var answers sync.Map // of what has been asked, as text

func ask(path string, a asked) Answer {
	key := path + fmt.Sprintf("%#v", a) // which tells a text from the same bytes
	if known, ok := answers.Load(key); ok {
		return known.(Answer)
	}
	r := httptest.NewRequest("GET", path, nil)
	w := httptest.NewRecorder()
	mux().ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), askedKey{}, a)))
	res := w.Result()
	body, _ := io.ReadAll(res.Body)
	res.Header.Del("Content-Length") // net/http makes it of the body, whoever answers
	res.Header.Del("Date")
	answer := Answer{res.StatusCode, res.Header, string(body)}
	answers.Store(key, answer)
	return answer
}

// Old is the answer of the calls on a reqres.Response, the last of which is terminal.
func Old(calls []Call) Answer { return ask("/old", asked{old: calls}) }

// New is the answer of a constructor of package fetch with options.
func New(constructor Call, options []Call) Answer {
	return ask("/new", asked{new: constructor, say: options})
}
