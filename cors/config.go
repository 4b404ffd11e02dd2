package cors

import (
	"errors"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/internal/header"
)

// NoCache as [Config.MaxAge] tells browsers not to remember preflight answers.
const NoCache time.Duration = -1

const maxMaxAge = 24 * time.Hour // what Firefox, the most generous browser, honours

// Config describes a policy. Nothing is allowed that is not listed; there is no default that opens
// anything. [New] copies what it needs, so that a Config may be changed and used again.
type Config struct {
	// Origins lists who may read responses: exact origins ("https://app.example.com"), all
	// subdomains of a domain at any depth, itself excluded ("https://*.example.com"), any port
	// ("http://localhost:*"), or everybody ("*"). At least one is required. See the package
	// documentation for the rules.
	Origins []string

	// Credentials lets scripts of the allowed origins send cookies, client certificates and HTTP
	// authentication along, and act as the user. Everybody ("*") cannot have this.
	Credentials bool

	// Methods lists the methods that scripts may use beyond GET, HEAD and POST, which browsers
	// never refuse; "*" means any. Empty, in a mux: whatever is registered for the path, and
	// DELETE, PATCH and PUT where that is a handler of any method. Empty elsewhere: no further
	// method.
	Methods []string

	// RequestHeaders lists the headers that scripts may set beyond those that need no permission.
	// Note that Content-Type needs one for application/json. "*" means any, but Authorization only
	// if it is listed as well or Credentials is set.
	RequestHeaders []string

	// ExposedHeaders lists the response headers that scripts may read beyond the seven that are
	// always readable; "*" means all but Set-Cookie, and does not go together with Credentials.
	ExposedHeaders []string

	// MaxAge is how long browsers may remember the answer to a preflight. 0 leaves it to them (five
	// seconds); NoCache forbids it. Narrowing a policy takes that long to reach everybody.
	MaxAge time.Duration

	// PreflightStatus is the status of an answered preflight: 0 means 204 (No Content); 200 is
	// there for clients so old that they take 204 for a failure.
	PreflightStatus int

	// DangerouslyAllowInsecure repeats those elements of Origins that may act with the user's
	// credentials although they are not https, so that anybody on the network path can pose as
	// them.
	DangerouslyAllowInsecure []string

	// DangerouslyAllowPublicSuffix repeats those elements of Origins with "*." that may act with
	// the user's credentials although strangers can register names that they match
	// (https://*.github.io).
	DangerouslyAllowPublicSuffix []string

	// PublicSuffixes knows under which names strangers can register, for example
	// golang.org/x/net/publicsuffix.List. A credentialed policy with a "*." pattern needs it (or
	// names the pattern in DangerouslyAllowPublicSuffix); others do not.
	PublicSuffixes cookiejar.PublicSuffixList
}

// New compiles c. If anything is wrong with it, New returns nil and one error that holds every
// mistake as a [*ConfigError]; range over them with [Errors].
func New(c Config) (*Policy, error) {
	var f findings
	p := &Policy{active: true, credentials: c.Credentials}
	p.setOrigins(&c, &f)
	p.setMethods(&c, &f)
	p.setRequestHeaders(&c, &f)
	p.setExposedHeaders(&c, &f)
	p.setMaxAge(&c, &f)
	p.setStatus(&c, &f)
	if len(f.errs) > 0 {
		return nil, errors.Join(f.errs...)
	}
	p.notes = f.notes
	p.own = p.preflight()
	return p, nil
}

func (p *Policy) setMethods(c *Config, f *findings) {
	p.anyMethod = slices.Contains(c.Methods, "*")
	p.listsMethods = len(c.Methods) > 0
	for i, written := range c.Methods {
		if written == "*" {
			continue
		}
		method := header.NormalMethod(written)
		switch kind := methodFault(method); {
		case kind == KindMethodCase:
			f.refuse("Methods", i, written, kind, "write "+quote(strings.ToUpper(method)))
		case kind != "":
			f.refuse("Methods", i, written, kind, listHint(written))
		case p.anyMethod:
			f.note("Methods", i, written, KindMethodRedundant, "")
		case method == "OPTIONS":
			f.note("Methods", i, written, KindMethodOptions, "")
		}
		if !header.SafelistedMethod(method) {
			p.methods = append(p.methods, method)
		}
	}
}

func (p *Policy) setRequestHeaders(c *Config, f *findings) {
	anyName := slices.Contains(c.RequestHeaders, "*")
	p.reflectHeaders = anyName && c.Credentials
	var names []string
	for i, written := range c.RequestHeaders {
		name := strings.ToLower(written)
		if kind := requestHeaderFault(name); kind != "" {
			f.refuse("RequestHeaders", i, written, kind, listHint(written))
			continue
		}
		// The wildcard of the protocol never covers Authorization (Fetch, "CORS non-wildcard
		// request-header name").
		if anyName && name != "*" && (c.Credentials || name != "authorization") {
			f.note("RequestHeaders", i, written, KindRequestHeaderRedundant, "")
			continue
		}
		names = append(names, name)
	}
	p.allowHeaders = join(names)
}

func (p *Policy) setExposedHeaders(c *Config, f *findings) {
	anyName := slices.Contains(c.ExposedHeaders, "*")
	var names []string
	for i, written := range c.ExposedHeaders {
		name := strings.ToLower(written)
		switch kind := exposedHeaderFault(name); {
		case kind != "":
			f.refuse("ExposedHeaders", i, written, kind, listHint(written))
		case name == "*" && c.Credentials:
			f.refuse("ExposedHeaders", i, written, KindExposedHeaderCredentialedAny, "list the headers")
		case header.SafelistedResponse(name):
			f.note("ExposedHeaders", i, written, KindExposedHeaderRedundant, "")
		case anyName && name != "*":
			f.note("ExposedHeaders", i, written, KindExposedHeaderRedundant, `"*" exposes it`)
		default:
			names = append(names, name)
		}
	}
	p.expose = join(names)
}

func (p *Policy) setMaxAge(c *Config, f *findings) {
	switch age := c.MaxAge; {
	case age == 0:
	case age == NoCache:
		p.maxAge = "0"
	case age < 0 || age > maxMaxAge:
		f.refuse("MaxAge", -1, age.String(), KindMaxAgeRange, "0 leaves it to the browser, cors.NoCache forbids remembering")
	case age%time.Second != 0:
		f.refuse("MaxAge", -1, age.String(), KindMaxAgeFraction, "a duration of n seconds is n*time.Second")
	default:
		if age > 2*time.Hour {
			f.note("MaxAge", -1, age.String(), KindMaxAgeCapped, "")
		}
		p.maxAge = strconv.Itoa(int(age / time.Second))
	}
}

func (p *Policy) setStatus(c *Config, f *findings) {
	switch p.status = c.PreflightStatus; p.status {
	case 0:
		p.status = http.StatusNoContent
	case http.StatusOK, http.StatusNoContent:
	default:
		f.refuse("PreflightStatus", -1, strconv.Itoa(p.status), KindPreflightStatusInvalid, "use 204, or 200 for very old clients")
	}
}
