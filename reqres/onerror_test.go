package reqres_test

import (
	"errors"
	"testing"

	"github.com/crossfade-go/crossfade/reqres"
)

func TestOnError(t *testing.T) {
	boom := errors.New("boom")
	catch := reqres.OnError(func(err error, req *reqres.Request, res *reqres.Response) error {
		return res.Status(418).Send("caught: " + err.Error())
	})
	tests := []struct {
		rule    string
		handler reqres.Handler
		code    int
		body    string
	}{
		{"an error is answered", func(req *reqres.Request, res *reqres.Response) error { return boom }, 418, "caught: boom"},
		{"headers that were set stay", func(req *reqres.Request, res *reqres.Response) error {
			res.Set("X-Kept", "1")
			return boom
		}, 418, "caught: boom"},
		{"a refused call is an error", func(req *reqres.Request, res *reqres.Response) error {
			return res.Status(99).Send("x")
		}, 418, "caught: reqres: Invalid status code: 99. Status code must be greater than 99 and less than 1000."},
		{"no answer is an error", func(req *reqres.Request, res *reqres.Response) error { return nil },
			418, "caught: the handler returned without an answer"},
		{"an answer stays", func(req *reqres.Request, res *reqres.Response) error { return res.Send("fine") }, 200, "fine"},
		{"an error after the answer changes nothing", func(req *reqres.Request, res *reqres.Response) error {
			res.Send("fine")
			return boom
		}, 200, "fine"},
	}
	for _, tt := range tests {
		rec := through(t, reqres.Settings{}, catch(tt.handler), request())
		if rec.Code != tt.code || rec.Body.String() != tt.body {
			t.Errorf("%s: got %d %q, want %d %q", tt.rule, rec.Code, rec.Body, tt.code, tt.body)
		}
	}
}

func TestTakeErr(t *testing.T) {
	rec := through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		err := res.Vary("a b").TakeErr()
		if refused, ok := errors.AsType[*reqres.RefusedError](err); !ok || refused.Message != "field argument contains an invalid header name" {
			t.Errorf("TakeErr returned %v, want Express's words", err)
		}
		return res.Send("goes on")
	}, request())
	if rec.Code != 200 || rec.Body.String() != "goes on" {
		t.Errorf("after TakeErr: %d %q", rec.Code, rec.Body)
	}
}
