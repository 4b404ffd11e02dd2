package dashboard

// The page itself: files that are compiled in and served as they are. There is no build step; what
// is in the directory page is what a browser reads.

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"net/http"
	"path"
	"time"
)

//go:embed page
var page embed.FS

// types of the files that are served: the system's table may say anything.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
	".txt":  "text/plain; charset=utf-8",
}

func (v visit) file(name string) {
	if name == "" {
		name = "index.html"
	}
	text, err := page.ReadFile("page/" + name)
	if err != nil {
		v.fail(http.StatusNotFound, "Not Found")
		return
	}
	h := v.w.Header()
	h.Set("Content-Type", types[path.Ext(name)])
	h.Set("Cache-Control", "no-cache") // asks each time, and is sent once
	h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(text)))
	http.ServeContent(v.w, v.r, "", time.Time{}, bytes.NewReader(text))
}
