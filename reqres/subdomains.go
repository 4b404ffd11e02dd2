package reqres

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"
)

// Subdomains returns the labels of the host in front of its domain, the nearest to the domain
// first: for a.b.example.com it is b, a. Settings.SubdomainOffset says how many labels the domain
// has. An IP address has none, but with the offset -1 it is one label itself.
func (r *Request) Subdomains() []string {
	host := r.x.Hostname()
	if host == "" {
		return nil
	}
	labels := []string{host}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err != nil {
		labels = strings.Split(host, ".")
		slices.Reverse(labels)
	}
	offset := max(cmp.Or(r.settings().SubdomainOffset, 2), 0)
	if offset >= len(labels) {
		return nil
	}
	return labels[offset:]
}
