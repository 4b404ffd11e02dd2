package inbound

import (
	"slices"

	"github.com/crossfade-go/crossfade/internal/peer"
)

// IP returns the address of the client: the nearest one that is not a trusted proxy.
func (r *Request) IP() string {
	return r.Env.Proxies.IP(r.R)
}

// IPs returns the addresses from the client to the nearest proxy, without the peer itself; none
// where no proxy is trusted.
func (r *Request) IPs() []string {
	list := r.Env.Proxies.Addresses(r.R)[1:]
	slices.Reverse(list)
	return list
}

// Protocol returns "https" or "http", or what a trusted proxy says.
func (r *Request) Protocol() string { return r.Env.Proxies.Scheme(r.R) }

// Host returns the host asked for, with its port.
func (r *Request) Host() string { return r.Env.Proxies.Host(r.R) }

// Hostname returns Host without its port; an IPv6 address keeps its brackets.
func (r *Request) Hostname() string { return peer.Hostname(r.Host()) }
