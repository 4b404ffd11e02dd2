package cors

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// CrossOriginProtection returns Go's protection against cross-site request forgery, taught that
// requests from p's origins are wanted; on its own it refuses their POST, PUT and DELETE with 403.
// Put it inside [Policy.Handler], so that scripts can read that 403. If p is off, no origin is
// trusted.
//
// To trust an origin is to let it act as the user, so only origins of a credentialed policy are.
// The protection knows exact origins only. For every pattern that it cannot express, and for a
// policy without credentials, there is an error and no protection: decide then which origins to
// trust, and add them by hand.
func (p *Policy) CrossOriginProtection() (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	if p.isOff() {
		return protection, nil
	}
	if !p.credentials {
		return nil, errors.New("cors: the policy allows no credentials, so none of its origins may act as the user;" +
			" use http.NewCrossOriginProtection and add the origins that may")
	}
	var inexact []string
	for _, patterns := range p.origins.rules {
		for _, q := range patterns {
			inexact = append(inexact, quote(q.String()))
		}
	}
	if len(inexact) > 0 {
		slices.Sort(inexact)
		return nil, errors.New("cors: http.CrossOriginProtection trusts exact origins only; list the origins instead of " + strings.Join(inexact, ", "))
	}
	for origin := range p.origins.exact {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("cors: %w", err)
		}
	}
	return protection, nil
}
