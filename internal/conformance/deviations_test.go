package conformance

// deviations are the differences that are kept on purpose, by the folder of
// their reference.
var deviations = map[string][]deviation{
	"express": {},
}
