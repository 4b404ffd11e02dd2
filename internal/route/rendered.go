package route

import "context"

// Rendered is an error with the answer that it becomes, decided once: what a migration counts,
// falls back on and compares is what the client gets, whoever has rendered it.
type Rendered struct {
	Err    error
	Status int // of the answer
	// Handled says that an error handler of the chain has answered, which then has nothing left to
	// do.
	Handled bool
	// Send sends the answer as that of the exchange of ctx.
	Send func(ctx context.Context) error
}

func (r *Rendered) Error() string { return r.Err.Error() }

// Unwrap returns the error itself.
func (r *Rendered) Unwrap() error { return r.Err }

// StatusCode returns the status of the answer.
func (r *Rendered) StatusCode() int { return r.Status }
