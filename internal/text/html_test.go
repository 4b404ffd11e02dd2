package text_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/text"
)

func TestHTMLEscape(t *testing.T) {
	if got, want := text.HTMLEscape(`<a href="x" b='y'>&amp;é`), `&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;é`; got != want {
		t.Errorf("HTMLEscape = %q, want %q", got, want)
	}
}
