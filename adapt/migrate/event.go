package migrate

import "time"

// Kind tells events apart.
type Kind uint8

const (
	KindSet   Kind = iota // somebody called Set
	KindKill              // somebody called Kill
	KindTrip              // the guard rolled back
	KindReset             // somebody called Reset
)

// Event is one thing that happened to a pair. It carries no value of a request or an answer.
type Event struct {
	Kind     Kind
	Pair     string
	At       time.Time
	By       string // who called Set or Reset
	Reason   string // of Kill or of a trip
	From, To Plan   // effective plan before and after
}
