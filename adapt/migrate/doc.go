// Package migrate decides, for a pair of an old and a new handler, which of them serves a request, and counts what came
// of it. It knows no handler shape and calls no handler: package adapt calls both sides.
package migrate
