package media

import "strings"

// Charset returns the charset that mime-types 3.0.2 knows for a media type: utf-8 for text types
// and for JSON, JavaScript, the web manifest and FHIR, "" for others, XML and SVG among them. Of
// the rare types for which mime-db has one it knows nothing. Parameters of the type are ignored.
func Charset(contentType string) string {
	essence := strings.TrimLeft(contentType, " \t\r\n\f\v")
	essence = strings.ToLower(essence[:until(essence, "; \t\r\n\f\v")])
	switch essence {
	case "application/json", "application/javascript", "application/manifest+json",
		"application/fhir+json", "application/fhir+xml":
		return "utf-8"
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
