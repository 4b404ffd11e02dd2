// Package door holds the key to what the public packages of this module keep for each other.
//
// Each of them has one exported name for that, Internal, and no other name of a public package says
// "for package adapt" or has a type of an internal package in its signature. Internal takes the
// Key:
//
//	fetch.Internal(door.Key()).Send(x, res)
//
// A package outside this module cannot import this one, so it cannot call Key; and the zero Of,
// which it can make by type inference, opens nothing (encoding/json/jsontext does the same).
package door

// Of is the type of the key. Its zero value opens nothing.
type Of struct{ ours bool }

// Key returns the key.
func Key() Of { return Of{ours: true} }

// Open panics unless k is the key. Every Internal calls it first.
func (k Of) Open() {
	if !k.ours {
		panic("crossfade: Internal is for the packages of this module")
	}
}
