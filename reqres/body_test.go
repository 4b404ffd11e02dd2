package reqres_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/reqres"
)

// What to do instead is what this shape has.
func TestC8BodyReadTwice(t *testing.T) {
	for name, again := range map[string]func(req *reqres.Request) error{
		"Text":   func(req *reqres.Request) error { _, err := req.Text(); return err },
		"Bytes":  func(req *reqres.Request) error { _, err := req.Bytes(); return err },
		"JSON":   func(req *reqres.Request) error { return req.JSON(new(any)) },
		"Body":   func(req *reqres.Request) error { _, err := req.Body(); return err },
		"Form":   func(req *reqres.Request) error { _, err := req.Form(); return err },
		"Reader": func(req *reqres.Request) error { _, err := io.ReadAll(req.Reader()); return err },
	} {
		through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
			io.ReadAll(req.Reader())
			err := again(req)
			if !errors.Is(err, reqres.ErrBodyUsed) || !strings.Contains(err.Error(), "Bytes, Text, JSON or Form") || strings.Contains(err.Error(), "Buffer") || strings.Contains(err.Error(), "Clone") {
				t.Errorf("%s after Reader: %v", name, err)
			}
			return res.End()
		}, posted("application/x-www-form-urlencoded", "a=1"))
	}
}
