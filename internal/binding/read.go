package binding

import (
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/query"
	"github.com/crossfade-go/crossfade/internal/value"
)

// Read fills dst, which is settable and of the type of the plan, from a request, and asks validate.
// The error names everything that is wrong with the request at once, by the names of the members:
// validate is asked too where others are wrong already, and heard about the rest.
func (p *Plan) Read(x *exchange.Exchange, dst reflect.Value, validate func() error) error {
	if dst.Kind() == reflect.Pointer {
		dst.Set(reflect.New(p.typ))
		dst = dst.Elem()
	}
	w := wrong{}
	var body error
	if p.HasBody && x.R.Method != http.MethodGet && x.R.Method != http.MethodHead {
		for _, m := range p.Body {
			if m.presets {
				_ = m.parse(m.preset, field(dst, m.index)) // tried by Of
			}
		}
		body = p.readBody(x, dst, &w)
		if body != nil && exchange.StatusOf(body) != http.StatusBadRequest {
			return body
		}
	}
	for _, m := range p.Params {
		m.read(x, nil, field(dst, m.index), &w)
	}
	switch {
	case body == nil && len(w.fields) == 0:
		return validate()
	case len(w.fields) == 0:
		return body
	case body != nil:
		w.say("body", exchange.TextOf(body, http.StatusBadRequest))
	default:
		w.listen(validate)
	}
	return crossfade.Invalid(w.fields)
}

// wrong is what is wrong with a request, by the names of the members.
type wrong struct{ fields map[string]string }

// most bounds what one request is told.
const most = 100

func (w *wrong) full() bool { return len(w.fields) >= most }

func (w *wrong) say(name, message string) {
	if w.fields == nil {
		w.fields = make(map[string]string)
	}
	if said, ok := w.fields[name]; ok {
		message = said + "; " + message // a query parameter and a member of the body, say
	} else if w.full() {
		return
	}
	w.fields[name] = message
}

// listen adds what a Validate method says of the members that are not wrong yet. It was written for
// values that could be read, so one that panics has nothing to add.
func (w *wrong) listen(validate func() error) {
	defer func() { _ = recover() }()
	e, ok := errors.AsType[*crossfade.Error](validate())
	if !ok {
		return
	}
	for name, message := range e.Fields {
		if _, said := w.fields[name]; !said {
			w.say(name, message)
		}
	}
}

// readBody reads the body by its media type. A body that cannot be read at all is the error.
func (p *Plan) readBody(x *exchange.Exchange, dst reflect.Value, w *wrong) error {
	contentType := x.R.Header.Get("Content-Type")
	t, _ := media.Parse(contentType)
	if e := t.Essence(); p.Forms && (e == "application/x-www-form-urlencoded" || e == "multipart/form-data") {
		form, err := x.Body().UseForm()
		if err != nil {
			return err
		}
		for _, m := range p.Body {
			m.read(x, form, field(dst, m.index), w)
		}
		return nil
	}
	if x.R.Method == http.MethodDelete && x.Bodyless() { // which needs none (RFC 9110, 9.3.5)
		p.missing(dst, w)
		return nil
	}
	if err := exchange.WantsJSON(contentType); err != nil {
		return err
	}
	b, err := x.Body().Use()
	if err != nil {
		return err
	}
	if len(b) == 0 {
		return crossfade.Errorf(http.StatusBadRequest, "the body is missing")
	}
	return p.readJSON(b, dst, w)
}

// missing names what a body that is not there lacks.
func (p *Plan) missing(dst reflect.Value, w *wrong) {
	for _, m := range p.Body {
		m.absent(field(dst, m.index), w)
	}
}

// read sets dst from the request, or from its form. Whatever the body has put there before is gone:
// nobody can say in JSON what comes from elsewhere.
func (m *Member) read(x *exchange.Exchange, form *crossfade.Form, dst reflect.Value, w *wrong) {
	if m.list {
		m.readList(m.texts(x, form), dst, w)
		return
	}
	s, ok := m.first(x, form)
	if !ok || s == "" && !m.text && m.From != Path {
		m.absent(dst, w)
		return
	}
	if m.pointer {
		dst.Set(reflect.New(m.typ.Elem()))
		dst = dst.Elem()
	}
	if err := m.parse(s, dst); err != nil {
		dst.SetZero()
		w.say(m.Name, err.Error())
	}
}

// absent sets dst to what a request has said that says nothing.
func (m *Member) absent(dst reflect.Value, w *wrong) {
	switch {
	case m.required:
		w.say(m.Name, "is missing")
		fallthrough
	case !m.presets:
		dst.SetZero()
	default:
		_ = m.parse(m.preset, dst) // tried by Of
	}
}

func (m *Member) readList(texts []string, dst reflect.Value, w *wrong) {
	list, n := reflect.MakeSlice(m.typ, len(texts), len(texts)), 0
	for i, s := range texts {
		if s == "" && !m.text && m.From != Path {
			continue
		}
		if err := m.parse(s, list.Index(n)); err != nil {
			w.say(m.Name+"."+strconv.Itoa(i), err.Error())
		}
		n++
	}
	if n == 0 {
		m.absent(dst, w)
		return
	}
	dst.Set(list.Slice(0, n))
}

// first returns the first value, and whether there is one.
func (m *Member) first(x *exchange.Exchange, form *crossfade.Form) (string, bool) {
	switch m.From {
	case Path:
		return x.Param(m.Name), true
	case Query:
		return query.First(x.RawQuery(), m.Name)
	case Header:
		s := x.Header(m.Name)
		return s, s != "" || len(x.R.Header[header.Canonical(m.Name)]) > 0
	case Cookie:
		return x.Cookie(m.Name)
	}
	for name, s := range form.All() {
		if name == m.Name {
			return s, true
		}
	}
	return "", false
}

// texts returns all values. A header is a list by its commas too (RFC 9110, 5.3).
func (m *Member) texts(x *exchange.Exchange, form *crossfade.Form) (texts []string) {
	switch m.From {
	case Path:
		return x.Params(m.Name)
	case Query:
		return x.QueryValues(m.Name)
	case Header:
		for s := range header.Tokens(strings.Join(x.HeaderValues(m.Name), ",")) {
			texts = append(texts, s)
		}
		return texts
	}
	return form.Values(m.Name)
}

// set makes dst, a time say, of a string; the error is for the client.
func set(dst reflect.Value, s string) error {
	parse, err := value.Of(dst.Type())
	if err != nil {
		return err
	}
	return parse(s, dst)
}
