package fetch

// Typed endpoints: a function of what is asked, which returns what is answered. How a request
// becomes its argument is worked out once, from the tags of the type (internal/binding).

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/crossfade-go/crossfade/internal/binding"
	"github.com/crossfade-go/crossfade/internal/exchange"
)

// Typed makes a handler of a function that takes what a request says as a value, and returns what
// is answered as another. The function needs no import of HTTP: the context is the request's, and
// has what guards have put there, a user or a tenant.
//
//	type search struct {
//		Shelf string     `path:"shelf"`                   // the parameter of the route's pattern
//		Limit int        `query:"limit" default:"20"`     // what counts where the request does not say it
//		Since *time.Time `query:"since"`                  // nil where the request does not say it
//		Tags  []string   `query:"tag"`                    // ?tag=a&tag=b
//		Agent string     `header:"User-Agent"`
//		Theme string     `cookie:"theme" required:"true"` // without it the request is a 400
//		Name  string     `json:"name" required:"true"`    // no tag of those: a member of the body
//	}
//
//	r.Fetch.POST("/shelves/:shelf", fetch.Typed(find, fetch.Status(201)))
//
// In is a struct, or a pointer to one, with what it embeds; of another type it is the whole body,
// as JSON. A member with the tag path, query, header or cookie is a string, a bool, a number, a
// time.Duration (1m30s), a time.Time (RFC 3339), or whatever has a method UnmarshalText; a pointer
// to one of them; or a list of them, which a cookie cannot be: of a catch-all its segments, of a
// header what stands between the commas. An empty text counts as absent, except for a string. All
// other members are those of the body, named as encoding/json names them: JSON, or, where each of
// them can be said as a text, a form as well, by the media type; anything else is a 415. The body
// of GET and HEAD is never read, DELETE needs none, other methods need one if there are members for
// it. A member of one part of a request cannot be set in another.
//
// A member that the request does not have is zero, unless it has the tag default, or required,
// which also works within the structs, lists and maps of a JSON body and does not let null pass.
// Last, Validate() error is called where In has it; see Decode. All mistakes are answered at once:
// 400, with an [Error] whose Fields have the names in the request, such as limit or parts.2.amount,
// at most 100 of them. Validate is called even then, and what it says of other members is added. So
// it must change nothing.
//
// A page of another site can send a form with the cookies of this one. Where cookies say who
// somebody is, put [net/http.CrossOriginProtection] in front.
//
// Out is answered as [JSON] with the options, struct{} as 204 without a body, and a *[Response] as
// it is, without the options. An error is answered as that of any handler.
//
// A mistake in the tags or the options is reported by adapt.New; without a mux it is an error of
// each request. In adapt.Route the handler has the name of f, and In and Out stand there for
// generators. f is called from many goroutines at once.
func Typed[In, Out any](f func(context.Context, In) (Out, error), opts ...ResponseOption) Handler {
	plan, mistake := binding.Of(reflect.TypeFor[In]())
	t := &exchange.Typed{In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](), Path: plan.PathNames(), Body: plan.HasBody}
	t.Fails = fails(plan, opts)
	answer, err := answerOf(t, opts)
	t.Mistake = errors.Join(mistake, err)
	return newTyped(f, t, func(req *Request) (*Response, error) {
		if err := errors.Join(t.Mistake, req.Err()); err != nil {
			return nil, err
		}
		var in In
		err := plan.Read(&req.x, reflect.ValueOf(&in).Elem(), func() error { return exchange.Validate(&in) })
		if err != nil {
			return nil, err
		}
		out, err := f(req.Context(), in)
		if err != nil {
			return nil, err
		}
		return answer(out)
	})
}

//go:noinline
func newTyped(f any, t *exchange.Typed, h Handler) Handler {
	return func(req *Request) (*Response, error) {
		if req == originProbe {
			return nil, exchange.Origin{Handler: f, Typed: t}
		}
		return h(req)
	}
}

// Fails says with which statuses a [Typed] function may fail, 400 to 599, for the documents that
// are made of its route. It changes no response.
func Fails(statuses ...int) ResponseOption {
	var b strings.Builder
	for _, code := range statuses {
		if code < 400 || code > 599 {
			return ResponseOption{kind: optFailed, err: fmt.Errorf("%d is not the status of an error, 400 to 599", code)}
		}
		fmt.Fprintf(&b, "%d ", code)
	}
	return ResponseOption{kind: optFails, value: b.String()}
}

// fails returns the statuses that Typed fails with by itself, and those of the options.
func fails(plan *binding.Plan, opts []ResponseOption) string {
	var all []string // of three digits
	if plan.Reads() {
		all = append(all, "400")
	}
	if plan.HasBody {
		all = append(all, "413", "415")
	}
	for _, o := range opts {
		if o.kind == optFails {
			all = append(all, strings.Fields(o.value)...)
		}
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), " ")
}

// answerOf returns how a result is answered, and notes with which status.
func answerOf(t *exchange.Typed, opts []ResponseOption) (func(out any) (*Response, error), error) {
	opts = slices.Clone(opts)
	switch {
	case t.Out == reflect.TypeFor[*Response]():
		t.Status = http.StatusOK
		return func(out any) (*Response, error) { return out.(*Response), nil }, nil
	case t.Out == reflect.TypeFor[struct{}]():
		res, err := NoContent(opts...)
		if err == nil {
			t.Status = res.Status()
		}
		return func(any) (*Response, error) { return NoContent(opts...) }, badOptions(t, err)
	}
	res, err := JSON(nil, opts...)
	if err == nil {
		t.Status = res.Status()
	}
	return func(out any) (*Response, error) { return JSON(out, opts...) }, badOptions(t, err)
}

func badOptions(t *exchange.Typed, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("an option of Typed: %w", err)
	case t.Status < 200 || t.Status > 299:
		return fmt.Errorf("the status %d of Typed is not one of success: return an Error, or a *fetch.Response", t.Status)
	}
	return nil
}
