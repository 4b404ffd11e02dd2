package media

import "strings"

// Extensions are the lines of the table.
func Extensions() []string { return strings.Split(strings.TrimSuffix(extensions, "\n"), "\n") }
