package adapt

// How far a legacy app has come on its way out.

import "fmt"

// AppCount is how far one legacy app has come. An endpoint for ANY counts as one, which is left
// until ANY of it has moved.
type AppCount struct {
	Name   string `json:"name"`   // App.Name
	Prefix string `json:"prefix"` // under which it is served, "" for /
	// Listed is false for an app of which nobody knows the endpoints. Then Left is 0 and means
	// nothing.
	Listed    bool   `json:"listed"`
	Moved     int    `json:"moved"`     // endpoints of Moved
	Migrating int    `json:"migrating"` // endpoints of Migrate
	Left      int    `json:"left"`      // endpoints that the app serves
	Requests  uint64 `json:"requests"`  // that reached the app since the start
}

// count returns how far an app has come.
func (m *Mux) count(a *app) AppCount {
	c := AppCount{Name: a.Name, Prefix: a.prefix, Listed: a.listed(), Requests: a.seen.Load()}
	for _, e := range m.rows {
		switch {
		case e.app != a || e.rest || e.taken != nil || e.part():
		case e.ofApp():
			c.Left++
		case e.Pair != nil:
			c.Migrating++
		default:
			c.Moved++
		}
	}
	return c
}

// String is the count in one line, such as
//
//	gin: 1 of 25 endpoints moved, 2 migrating, 22 left (1204 requests)
func (a AppCount) String() string {
	total := a.Moved + a.Migrating + a.Left
	switch {
	case !a.Listed:
		return fmt.Sprintf("%s: its endpoints are not known; %d moved, %d migrating (%d requests)", a.place(), a.Moved, a.Migrating, a.Requests)
	case a.Moved == total:
		return fmt.Sprintf("%s: all %d endpoints moved, so it can go (%d requests)", a.place(), total, a.Requests)
	}
	return fmt.Sprintf("%s: %d of %d endpoints moved, %d migrating, %d left (%d requests)", a.place(), a.Moved, total, a.Migrating, a.Left, a.Requests)
}

// place returns the name of the app, with its prefix if it has one.
func (a AppCount) place() string {
	if a.Prefix == "" {
		return a.Name
	}
	return a.Name + " under " + a.Prefix
}
