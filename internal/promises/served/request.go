package served

// What both request types answer in the same words, as one interface.

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

// Request is what both request types answer, in the same words.
type Request interface {
	Method() string
	URL() *url.URL
	Path() string
	Param(name string) string
	Params(name string) []string
	Query(name string) string
	QueryValues(name string) []string
	QueryParams() fetch.Params
	Header(name string) string
	HeaderValues(name string) []string
	Headers() fetch.Header
	Cookie(name string) (string, bool)
	Cookies() iter.Seq2[string, string]
	IP() string
	Context() context.Context
	Bytes() ([]byte, error)
	Text() (string, error)
	JSON(dst any) error
	Form() (*fetch.Form, error)
	Reader() io.Reader
	Parts() iter.Seq2[*multipart.Part, error]
}

// Reads is an endpoint in both shapes that answers with what read returns.
func Reads(read func(req Request) (any, error)) Twins {
	return Twins{
		ReqRes: func(req *reqres.Request, res *reqres.Response) error {
			v, err := read(req)
			if err != nil {
				return err
			}
			return res.JSON(v)
		},
		Fetch: func(req *fetch.Request) (*fetch.Response, error) {
			v, err := read(req)
			if err != nil {
				return nil, err
			}
			return fetch.JSON(v)
		},
	}
}

func JSONError(status int, text string) Answer {
	if text == "" {
		return Answer{Status: status}
	}
	b, _ := json.Marshal(map[string]string{"error": text})
	b = []byte(strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b)))
	return Answer{status, http.Header{"Content-Type": {"application/json"}}, string(b)}
}
