package text

import "strings"

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// HTMLEscape is npm escape-html, which Express calls for redirect and error pages: & < > " and '
// become &amp; &lt; &gt; &quot; and &#39;. The result is safe as text and in a quoted attribute.
func HTMLEscape(s string) string { return htmlEscaper.Replace(s) }
