package exchange

// Guards: functions of no shape that are asked before a handler of any shape runs. One costs no
// allocation of its own: what it needs beside the record of the request is made together with that,
// see Room.

import (
	"context"
	"fmt"
	"net/http"

	"github.com/crossfade-go/crossfade/internal/callsite"
	"github.com/crossfade-go/crossfade/internal/route"
)

// Room is what a guard makes necessary: the request as net/http knows it, and a place for a
// context.
type Room struct {
	extras Extras
	first  firstExtras
	http   http.Request
}

// Furnish gives x, which has not begun, room that was allocated with it.
func (x *Exchange) Furnish(room *Room) {
	room.extras.room, room.extras.firstExtras = &room.http, &room.first
	x.extras.Store(&room.extras)
}

// Admit asks the guards of the route and puts their contexts in place. Only the first exchange of a
// request asks them.
func (x *Exchange) Admit() error {
	if x.up != nil {
		return nil
	}
	for _, guard := range x.Env.Guards {
		if err := x.Pass(guard); err != nil {
			return err
		}
	}
	return nil
}

// Pass asks one guard and puts its context in place.
func (x *Exchange) Pass(guard route.Guard) error {
	ctx, err := x.Ask(guard)
	if ctx != nil {
		x.SetContext(ctx)
	}
	return err
}

// Ask asks one guard. The context is nil where it stays as it is.
func (x *Exchange) Ask(guard route.Guard) (context.Context, error) {
	x.ShowParams()
	r := x.HTTP()
	ctx, err := guard(r)
	switch {
	case err != nil:
		return nil, err
	case ctx == nil || ctx == r.Context():
		return nil, nil
	}
	if of := FromContext(ctx); of == nil || of.root() != x.root() {
		return nil, fmt.Errorf("the guard %s returned a context that is not made from that of its request: make it with r.Context() as the parent", callsite.FuncName(guard))
	}
	return ctx, nil
}

// ShowParams puts the parameters into the request that the mux was given, as path values, as
// http.ServeMux does. Only the first exchange of a request has that one, before a handler may share
// it.
func (x *Exchange) ShowParams() {
	if x.up == nil {
		x.pathValues(x.R)
	}
}

// pathValues sets the parameters that r does not have yet.
func (x *Exchange) pathValues(r *http.Request) {
	for name, value := range x.ParamTexts() {
		if r.PathValue(name) != value {
			r.SetPathValue(name, value)
		}
	}
}
