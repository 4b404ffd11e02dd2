package cors

import (
	"errors"
	"fmt"
	"iter"

	"github.com/crossfade-go/crossfade/internal/weburl"
)

// Kind names what is wrong with one element of a [Config]. The part before the dot is the subject,
// so that a program can group findings; the whole is stable and may be matched on.
type Kind string

// Kinds for which [New] refuses the configuration.
const (
	KindOriginMissing                  Kind = "origin.missing"
	KindOriginInvalid                  Kind = "origin.invalid"
	KindOriginProhibited               Kind = "origin.prohibited"
	KindOriginCredentialedWildcard     Kind = "origin.credentialed-wildcard"
	KindOriginCredentialedInsecure     Kind = "origin.credentialed-insecure"
	KindOriginCredentialedPublicSuffix Kind = "origin.credentialed-public-suffix"
	KindOriginUnknownPublicSuffix      Kind = "origin.unknown-public-suffix"
	KindMethodInvalid                  Kind = "method.invalid"
	KindMethodForbidden                Kind = "method.forbidden"
	KindMethodCase                     Kind = "method.case"
	KindRequestHeaderInvalid           Kind = "requestHeader.invalid"
	KindRequestHeaderForbidden         Kind = "requestHeader.forbidden"
	KindRequestHeaderProhibited        Kind = "requestHeader.prohibited"
	KindExposedHeaderInvalid           Kind = "responseHeader.invalid"
	KindExposedHeaderForbidden         Kind = "responseHeader.forbidden"
	KindExposedHeaderProhibited        Kind = "responseHeader.prohibited"
	KindExposedHeaderCredentialedAny   Kind = "responseHeader.credentialed-wildcard"
	KindMaxAgeRange                    Kind = "maxAge.range"
	KindMaxAgeFraction                 Kind = "maxAge.fraction"
	KindPreflightStatusInvalid         Kind = "preflightStatus.invalid"
)

// Kinds that only [Policy.Notes] reports: the policy works, but some line of it does nothing or
// surprises.
const (
	KindOriginRedundant        Kind = "origin.redundant"
	KindMethodOptions          Kind = "method.options-note"
	KindMethodRedundant        Kind = "method.redundant"
	KindRequestHeaderRedundant Kind = "requestHeader.redundant"
	KindExposedHeaderRedundant Kind = "responseHeader.redundant"
	KindMaxAgeCapped           Kind = "maxAge.capped"
	KindToleranceUnused        Kind = "tolerance.unused"
)

// rules says, for each kind, which rule the value breaks; it follows the value in the error text.
var rules = map[Kind]string{
	KindOriginMissing:                  `no origin is allowed`,
	KindOriginInvalid:                  `is not an origin pattern, scheme://host or scheme://host:port`,
	KindOriginProhibited:               `cannot be allowed`,
	KindOriginCredentialedWildcard:     `would give every site on the web credentialed access`,
	KindOriginCredentialedInsecure:     `is not https: whoever controls the network could act with the user's credentials`,
	KindOriginCredentialedPublicSuffix: `covers a public suffix: anyone can register a name under it and act with the user's credentials`,
	KindOriginUnknownPublicSuffix:      `may cover a public suffix, and with credentials that has to be known`,
	KindMethodInvalid:                  `is not a method name (RFC 9110, section 9.1)`,
	KindMethodForbidden:                `is a method that browsers never send (Fetch, forbidden method)`,
	KindMethodCase:                     `never matches: browsers send this method as the script spells it, and servers know it in upper case`,
	KindRequestHeaderInvalid:           `is not a header name (RFC 9110, section 5.1)`,
	KindRequestHeaderForbidden:         `is a header that scripts cannot set (Fetch, forbidden request-header)`,
	KindRequestHeaderProhibited:        `is a response header of the CORS protocol, not a request header`,
	KindExposedHeaderInvalid:           `is not a header name (RFC 9110, section 5.1)`,
	KindExposedHeaderForbidden:         `is a header that scripts can never read (Fetch, forbidden response-header name)`,
	KindExposedHeaderProhibited:        `has no meaning to a script that reads a response`,
	KindExposedHeaderCredentialedAny:   `is not a wildcard in a credentialed response (Fetch, CORS protocol and credentials)`,
	KindMaxAgeRange:                    `is outside 0 to 24 hours`,
	KindMaxAgeFraction:                 `is not a whole number of seconds, which is what Access-Control-Max-Age holds`,
	KindPreflightStatusInvalid:         `is not a status for a successful preflight`,
	KindOriginRedundant:                `is covered by another pattern`,
	KindMethodOptions:                  `is only needed where scripts send OPTIONS themselves; preflights need no listing`,
	KindMethodRedundant:                `is covered by "*"`,
	KindRequestHeaderRedundant:         `is covered by "*"`,
	KindExposedHeaderRedundant:         `can be read without being exposed`,
	KindMaxAgeCapped:                   `is more than browsers keep: Chromium caps at 2 hours, WebKit at 10 minutes`,
	KindToleranceUnused:                `acknowledges nothing`,
}

// ConfigError is one mistake in a [Config], or one of the notes on a policy that works
// ([Policy.Notes]). It is never changed after it has been returned.
type ConfigError struct {
	Field string // name of the Config field
	Index int    // position in that field's list; -1 if the field is not a list or the list as a whole is meant
	Value string // the offending value as it was written
	Kind  Kind   // which rule is broken
	Hint  string // what to write instead; may be empty
}

// Error names the field, the value, the rule it breaks and what to write instead.
func (e *ConfigError) Error() string {
	at := ":"
	if e.Index >= 0 {
		at = fmt.Sprintf("[%d] %q", e.Index, weburl.Redacted(e.Value))
	} else if e.Value != "" {
		at = " " + e.Value
	}
	text := "cors: " + e.Field + at + " " + rules[e.Kind]
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// Errors yields every [ConfigError] in err, in the order of the fields of [Config]. It looks
// through errors that wrap or join the one that [New] returned.
func Errors(err error) iter.Seq[*ConfigError] {
	return func(yield func(*ConfigError) bool) { walk(err, yield) }
}

func walk(err error, yield func(*ConfigError) bool) bool {
	switch e := err.(type) {
	case *ConfigError:
		return yield(e)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !walk(inner, yield) {
				return false
			}
		}
		return true
	case nil:
		return true
	default:
		return walk(errors.Unwrap(err), yield)
	}
}

// findings gathers what New has to say, so that one run reports everything.
type findings struct {
	errs  []error
	notes []*ConfigError
}

func (f *findings) refuse(field string, index int, value string, kind Kind, hint string) {
	f.errs = append(f.errs, &ConfigError{field, index, value, kind, hint})
}

func (f *findings) note(field string, index int, value string, kind Kind, hint string) {
	f.notes = append(f.notes, &ConfigError{field, index, value, kind, hint})
}
