package media_test

import (
	"path"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/reference"
)

func TestResAttachmentVectors(t *testing.T) {
	var vectors []vector
	reference.Read(t, "express/res.attachment.json", &vectors)
	asked := 0
	for _, v := range vectors {
		args, ok := v.call("res.attachment")
		if !ok {
			continue
		}
		asked++
		name := ""
		if len(args) > 0 {
			name = args[0][strings.LastIndexByte(args[0], '/')+1:]
		}
		if got := media.ContentDisposition("attachment", name, len(args) > 0); got != v.header("content-disposition") {
			t.Errorf("%s: %q gives %q, want %q", v.ID, args, got, v.header("content-disposition"))
		}
		if name == "" {
			continue
		}
		kind := resType(path.Ext(name))
		if i := strings.LastIndexByte(name, '.'); i <= 0 {
			kind = "application/octet-stream" // Node's extname: a dotfile has no extension
		}
		if body, sent := v.call("res.send"); sent && len(body) == 1 {
			kind = media.WithCharset(kind, "utf-8")
		}
		if kind != v.header("content-type") {
			t.Errorf("%s: the type is %q, want %q", v.ID, kind, v.header("content-type"))
		}
	}
	if asked < 12 {
		t.Errorf("only %d vectors asked", asked)
	}
}
