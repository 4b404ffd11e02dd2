package media

import "strings"

// Charset returns the charset that mime-types 3.0.2 knows for a media type, in lower case: what
// mime-db says (application/json, JavaScript and the web manifest have one, XML and SVG have none),
// utf-8 for all other text types, else "". Parameters of the type are ignored.
func Charset(contentType string) string {
	essence := strings.TrimLeft(contentType, " \t\r\n\f\v")
	essence = lower(essence[:until(essence, "; \t\r\n\f\v")])
	if charset, ok := charsets[essence]; ok {
		return charset
	}
	if strings.HasPrefix(essence, "text/") {
		return "utf-8"
	}
	return ""
}

// ContentType returns the Content-Type that Express sends for an extension, a file name or a media
// type: the type with its charset added where mime-types knows one and none is named. It is "" for
// an unknown extension; a media type is not validated.
func ContentType(s string) string {
	if !strings.Contains(s, "/") {
		s = Lookup(s)
	}
	if strings.Contains(s, "charset") {
		return s // mime-types asks no more than that
	}
	if charset := Charset(s); charset != "" {
		return s + "; charset=" + charset
	}
	return s
}

// charsets are those of mime-db 1.54.0 outside text/*, where every type has utf-8.
var charsets = map[string]string{
	"application/3gpdash-qoe-report+xml":    "utf-8",
	"application/beep+xml":                  "utf-8",
	"application/cda+xml":                   "utf-8",
	"application/elm+json":                  "utf-8",
	"application/emergencycalldata.cap+xml": "utf-8",
	"application/fhir+json":                 "utf-8",
	"application/fhir+xml":                  "utf-8",
	"application/hl7v2+xml":                 "utf-8",
	"application/im-iscomposing+xml":        "utf-8",
	"application/javascript":                "utf-8",
	"application/json":                      "utf-8",
	"application/manifest+json":             "utf-8",
	"application/msc-ivr+xml":               "utf-8",
	"application/msc-mixer+xml":             "utf-8",
	"application/news-checkgroups":          "us-ascii",
	"application/news-groupinfo":            "us-ascii",
	"application/pidf+xml":                  "utf-8",
	"application/pidf-diff+xml":             "utf-8",
	"application/poc-settings+xml":          "utf-8",
	"application/prs.cyn":                   "7-bit",
	"application/vnd.fdsn.stationxml+xml":   "xml-based",
	"application/vnd.omads-email+xml":       "utf-8",
	"application/vnd.omads-file+xml":        "utf-8",
	"application/vnd.omads-folder+xml":      "utf-8",
	"application/vnd.syncml+xml":            "utf-8",
	"application/vnd.syncml.dm+wbxml":       "utf-8",
	"application/vnd.syncml.dm+xml":         "utf-8",
	"application/vnd.syncml.dmddf+xml":      "utf-8",
	"application/vnd.syncml.dmtnds+xml":     "utf-8",
	"application/vnd.wap.wbxml":             "utf-8",
}
