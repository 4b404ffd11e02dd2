package parity

// Structural reports whether a difference of a kind can never be noise.
func Structural(k Kind) bool { return k.structural() }

// ReprintPath parses a path and prints it as a report does, for the round trip that pasting into a
// rule is.
func ReprintPath(text string) (string, bool) {
	path, err := parsePath(text)
	if err != nil {
		return "", false
	}
	at := make([]step, len(path))
	for i, s := range path {
		switch at[i].index = -1; s.kind {
		case byName:
			at[i].key = []byte(s.name)
		case byIndex:
			at[i].index = s.index
		default:
			return "", false // places have no wildcards
		}
	}
	return printPath(at, false), true
}

// MatchesItself reports whether a path read as a pattern matches the place it names.
func MatchesItself(text string) bool {
	path, err := parsePath(text)
	if err != nil {
		return false
	}
	c := comparison{rules: []rule{{action: ignore, path: path}}}
	p := c.top()
	for _, s := range path {
		at := step{index: -1, key: []byte(s.name)}
		if s.kind == byIndex {
			at.index = s.index
		}
		p = c.enter(&p, at)
	}
	return p.ruled
}
