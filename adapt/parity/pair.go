package parity

// pairUp gives every x the next y with the same text that is not taken yet, or -1. It returns also
// the ys that are left.
func pairUp(xs, ys []string) (partner, left []int) {
	at := make(map[string][]int, len(ys))
	for j, y := range ys {
		at[y] = append(at[y], j)
	}
	partner = make([]int, len(xs))
	taken := make([]bool, len(ys))
	for i, x := range xs {
		partner[i] = -1
		if js := at[x]; len(js) > 0 {
			partner[i], at[x] = js[0], js[1:]
			taken[js[0]] = true
		}
	}
	for j, done := range taken {
		if !done {
			left = append(left, j)
		}
	}
	return partner, left
}
