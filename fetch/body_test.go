package fetch_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
)

// What to do instead is what this body has.
func TestC8ResponseReadTwice(t *testing.T) {
	res := fetch.Must(fetch.Stream(strings.NewReader("x")))
	res.Text()
	if _, err := res.Text(); !errors.Is(err, fetch.ErrBodyUsed) || !strings.Contains(err.Error(), "Clone") || strings.Contains(err.Error(), "Buffer") {
		t.Errorf("a response read twice: %v", err)
	}
	req := fetch.NewRequest("POST", "/", fetch.BlobBody([]byte("x"), "text/plain"))
	req.Text()
	if _, err := req.Text(); !errors.Is(err, fetch.ErrBodyUsed) || !strings.Contains(err.Error(), "Buffer") {
		t.Errorf("a request read twice: %v", err)
	}
}

// A response whose form it is, and what its media type says.
func TestResponse_Form(t *testing.T) {
	form := crossfade.NewForm(fetch.FormEntry{Name: "a", Value: "1"}, fetch.FormEntry{Name: "f", File: crossfade.NewFile("f.txt", "text/plain", []byte("x"))})
	res, err := fetch.NewResponse(fetch.FormBody(form))
	if err != nil {
		t.Fatal(err)
	}
	got, err := res.Form()
	if err != nil {
		t.Fatal(err)
	}
	file, _ := got.File("f")
	if got.Get("a") != "1" || file == nil || file.Name != "f.txt" {
		t.Errorf("Form() has %q and %v", got.Get("a"), file)
	}
	if s := res.Headers().MediaType(); !strings.HasPrefix(s, "multipart/form-data;boundary=") {
		t.Errorf("MediaType() = %q", s)
	}
	if _, err := fetch.Must(fetch.Text("x")).Form(); err == nil {
		t.Error("Form() of a text has no error")
	}
}

// The class of the error of a body that is not JSON.
func TestSyntaxError(t *testing.T) {
	var v any
	for _, m := range []interface{ JSON(any) error }{
		fetch.Must(fetch.Text("{")), fetch.NewRequest("POST", "/", fetch.BlobBody([]byte("{"), "text/plain")), fetch.NewRequest("POST", "/"),
	} {
		err := m.JSON(&v)
		if _, ok := errors.AsType[*json.SyntaxError](err); !ok {
			t.Errorf("JSON() = %v, want a *json.SyntaxError in it", err)
		}
	}
}
