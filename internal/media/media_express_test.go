package media_test

import (
	"encoding/json"
	"testing"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/reference"
)

type vector struct {
	ID  string
	App struct {
		Stack []struct{ Do [][]json.RawMessage }
	}
	Expect struct {
		Headers map[string]json.RawMessage
	}
	JS bool
}

// call returns the string arguments of the first call of op in the handler, if they all are
// strings.
func (v vector) call(op string) (args []string, ok bool) {
	for _, layer := range v.App.Stack {
		for _, call := range layer.Do {
			var name string
			if json.Unmarshal(call[0], &name) != nil || name != op {
				continue
			}
			for _, raw := range call[1:] {
				var arg string
				if json.Unmarshal(raw, &arg) != nil {
					return nil, false
				}
				args = append(args, arg)
			}
			return args, true
		}
	}
	return nil, false
}

func (v vector) header(name string) (value string) {
	json.Unmarshal(v.Expect.Headers[name], &value)
	return value
}

func TestObserved(t *testing.T) {
	var file struct {
		Lookup             []struct{ Path, Want string }
		ContentType        []struct{ Type, Want, Charset string }
		SetCharset         []struct{ ContentType, Want string }
		ContentDisposition []struct{ Kind, Name, Want string }
	}
	reference.Read(t, "observed/media.json", &file)
	for _, c := range file.Lookup {
		if got := media.Lookup(c.Path); got != c.Want {
			t.Errorf("mime-types lookup: %q is %q, want %q", c.Path, got, c.Want)
		}
	}
	for _, c := range file.ContentType {
		if c.Charset == "us-ascii" {
			continue // of a type that Charset does not know
		}
		if got := media.ContentType(c.Type); got != c.Want {
			t.Errorf("mime-types contentType: %q is %q, want %q", c.Type, got, c.Want)
		}
		if got := media.Charset(c.Type); got != c.Charset {
			t.Errorf("mime-types charset: %q has %q, want %q", c.Type, got, c.Charset)
		}
	}
	for _, c := range file.SetCharset {
		if got := media.WithCharset(c.ContentType, "utf-8"); got != c.Want {
			t.Errorf("setCharset: %q becomes %q, want %q", c.ContentType, got, c.Want)
		}
	}
	for _, c := range file.ContentDisposition {
		if got := media.ContentDisposition(c.Kind, c.Name, true); got != c.Want {
			t.Errorf("content-disposition: %q is %s, want %s", c.Name, got, c.Want)
		}
	}
	if got := media.ContentDisposition("attachment", "", false); got != "attachment" {
		t.Errorf("without a name: %q", got)
	}
}
