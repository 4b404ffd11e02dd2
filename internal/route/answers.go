package route

// Answers is what handlers of the immutable shape, and the default body of an error, take over from
// the mutable shape, so that a handler that has moved answers as before. It is never written after
// New.
type Answers struct {
	JSON string // the media type of JSON that the handler has not given a type

	// Tag makes the entity tag of a body, which is text, or else bytes; raw says that the handler
	// sent them as such. nil: no tag is made.
	Tag func(text string, bytes []byte, raw bool) string

	// Respace rewrites JSON by the settings of the mutable shape. nil: it stays as it is.
	Respace func(json []byte) []byte

	// Redirect is the status of a redirection that names none. 0: redirections stay as they are.
	Redirect int

	NextJS bool // as API Routes of Next.js rather than as Express
}
