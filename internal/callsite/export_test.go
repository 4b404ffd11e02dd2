package callsite

var (
	InLibrary         = inLibrary
	InStandardLibrary = inStandardLibrary
)
