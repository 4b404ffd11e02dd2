package cors

import "net/http"

// The decision, for tests of its own.

type Request = request

func RequestOf(method string, h http.Header) Request { return requestOf(method, h) }

func (r request) IsPreflight() bool { return r.isPreflight() }

func (p *Policy) IsOff() bool { return p.isOff() }

func (p *Policy) Preflight(methods ...string) *preflight { return p.preflight(methods...) }

// Apply returns how many headers it has replaced.
func (p *Policy) Apply(response http.Header, req Request) int {
	before := p.Replaced()
	p.applyTo(response, req)
	return int(p.Replaced() - before)
}

type Preflight = preflight

func (f *preflight) Answer(response http.Header, req Request) int { return f.answer(response, req) }
