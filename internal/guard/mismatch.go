package guard

import "math"

// Wrong answers show only where both sides answer one request and are compared. Such a comparison
// has no baseline, since what differs without cause has been taken out before; it is held against
// the share of differences that the user accepts. At half of that share nothing trips; at the share
// itself one run in two hundred of 20,000 comparisons does; at three times it, 1 % is found within
// 850.

const mismatchTrips = 12

type mismatches struct {
	accepted float64 // at most 0: off
	weight   float64
	span     Counts // since weight was 0
}

// add takes one comparison.
func (m *mismatches) add(differs bool) bool {
	worse := min(0.98, max(3*m.accepted, m.accepted+0.01))
	if m.accepted <= 0 || worse <= m.accepted {
		return false
	}
	m.span.Of++
	if differs {
		m.span.Bad++
		m.weight += min(math.Log(worse/m.accepted), mismatchTrips/leastBad)
	} else if m.weight = max(0, m.weight+math.Log((1-worse)/(1-m.accepted))); m.weight == 0 {
		m.span = Counts{}
	}
	return m.weight >= mismatchTrips && m.span.Bad >= leastBad
}
