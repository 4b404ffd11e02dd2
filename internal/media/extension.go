package media

import (
	_ "embed"
	"strings"
)

// extensions maps file extensions to media types, one "extension type" a line, sorted by bytes: the
// answers of npm mime-types 3.0.2 over mime-db 1.54.0 (MIT License, copyright Jonathan Ong and
// Douglas Christopher Wilson), so that they do not depend on the machine as those of package mime
// do. It is searched where it lies; a map would cost every program a thousand entries at its start.
//
//go:embed extensions.txt
var extensions string

// ByExtension returns the media type of a file extension, with or without its dot and in any case,
// without a charset; "" if it is unknown.
func ByExtension(ext string) string {
	ext = strings.ToLower(strings.TrimPrefix(ext, "."))
	if ext == "" || strings.ContainsAny(ext, " \n") {
		return ""
	}
	low, high := 0, len(extensions) // both at the start of a line, or at the end
	for low < high {
		middle := (low + high) / 2
		start := low + 1 + strings.LastIndexByte(extensions[low:middle], '\n')
		end := middle + strings.IndexByte(extensions[middle:], '\n')
		name, kind, _ := strings.Cut(extensions[start:end], " ")
		switch strings.Compare(ext, name) {
		case 0:
			return kind
		case -1:
			high = start
		default:
			low = end + 1
		}
	}
	return ""
}

// Lookup returns the media type of a file name, a path or a bare extension ("a/b.png", ".png",
// "png"), or "": mime-types' lookup. As in Node's path.extname, the name of a dotfile in a
// directory is not an extension, a trailing slash does not count, and a bare ".png" is one.
func Lookup(path string) string {
	dir, base := "", strings.TrimRight(path, "/")
	if i := strings.LastIndexByte(base, '/'); i >= 0 {
		dir, base = base[:i+1], base[i+1:]
	}
	i := strings.LastIndexByte(base, '.')
	if dir != "" && i <= 0 {
		return ""
	}
	return ByExtension(base[i+1:])
}
