// Package peer says who sent a request, in which scheme and for which host. Forwarded headers are a
// claim of the peer: they count only as far as the addresses that relayed them are trusted proxies,
// read from the right (Express, "trust proxy" with a list of ranges), and only where they are what
// they should be.
package peer

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/pathname"
	"github.com/crossfade-go/crossfade/internal/weburl"
)

// Proxies are the addresses whose forwarded headers are believed. The zero value believes none.
type Proxies []netip.Prefix

// Check returns a 400 for a host that is not one, be it of the request itself or of what a trusted
// proxy forwards, and for a forwarded scheme that is not http or https: a URL must not be made of
// them.
func (p Proxies) Check(r *http.Request) error {
	if r.Host != "" && !pathname.ValidHost(r.Host) {
		return crossfade.Errorf(http.StatusBadRequest, "the Host header %q is not a host", weburl.Redacted(r.Host))
	}
	if len(p) == 0 {
		return nil
	}
	if h := p.forwarded(r, "X-Forwarded-Host"); h != "" && !pathname.ValidHost(h) {
		return crossfade.Errorf(http.StatusBadRequest, "the X-Forwarded-Host header %q is not a host", weburl.Redacted(h))
	}
	if s := p.forwarded(r, "X-Forwarded-Proto"); s != "" && scheme(s) == "" {
		return crossfade.Errorf(http.StatusBadRequest, "the X-Forwarded-Proto header %q is not http or https", weburl.Redacted(s))
	}
	return nil
}

// Addresses lists the peer and what X-Forwarded-For claims before it, nearest first, up to and
// including the first one that is not trusted; what is not an address, as a trusted proxy may
// write, is not.
func (p Proxies) Addresses(r *http.Request) []string {
	list := []string{remote(r)}
	if !p.trust(list[0]) {
		return list
	}
	claimed := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(claimed) - 1; i >= 0; i-- {
		claim := strings.TrimSpace(claimed[i])
		if claim == "" {
			continue
		}
		addr := address(claim)
		list = append(list, addr)
		if !p.trust(addr) {
			break
		}
	}
	return list
}

// IP is the address of the client: the nearest one that is not trusted.
func (p Proxies) IP(r *http.Request) string {
	list := p.Addresses(r)
	return list[len(list)-1]
}

// Scheme is "https" or "http": of the connection, or what a trusted proxy says. That the request
// line names another one means nothing.
func (p Proxies) Scheme(r *http.Request) string {
	if s := scheme(p.forwarded(r, "X-Forwarded-Proto")); s != "" {
		return s
	}
	// A request that no server has read has no connection; its URL is what its maker says.
	if r.TLS != nil || r.RequestURI == "" && r.URL.Scheme == "https" {
		return "https"
	}
	return "http"
}

// Host is the host asked for, with its port.
func (p Proxies) Host(r *http.Request) string {
	if h := p.forwarded(r, "X-Forwarded-Host"); pathname.ValidHost(h) {
		return h
	}
	return r.Host
}

// Hostname is a host without its port; an IPv6 address keeps its brackets.
func Hostname(host string) string {
	from := 0
	if strings.HasPrefix(host, "[") {
		from = strings.IndexByte(host, ']') + 1
	}
	if i := strings.IndexByte(host[from:], ':'); i >= 0 {
		return host[:from+i]
	}
	return host
}

// forwarded returns the first element of a forwarding header of a trusted peer.
func (p Proxies) forwarded(r *http.Request, name string) string {
	values := r.Header[name]
	if len(values) == 0 || !p.trust(remote(r)) {
		return ""
	}
	first, _, _ := strings.Cut(values[0], ",")
	return strings.TrimSpace(first)
}

// trust reports whether the address is that of a trusted proxy. Where all are trusted, also what is
// not an address is, such as the peer of a Unix socket.
func (p Proxies) trust(addr string) bool {
	if len(p) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(addr)
	ip = ip.Unmap().WithZone("")
	var v4, v6 bool
	for _, prefix := range p {
		if err == nil && prefix.Contains(ip) {
			return true
		}
		v4 = v4 || prefix.Bits() == 0 && prefix.Addr().Is4()
		v6 = v6 || prefix.Bits() == 0 && prefix.Addr().Is6()
	}
	return err != nil && v4 && v6
}

// remote returns the address of the other end of the connection.
func remote(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		return host
	}
	return r.RemoteAddr
}

// address returns the address in an element of X-Forwarded-For, which some proxies write with its
// port (RFC 7239, section 6 has the forms), or else the element.
func address(claim string) string {
	addr := claim
	if host, _, err := net.SplitHostPort(claim); err == nil {
		addr = host
	} else if inner, ok := strings.CutPrefix(claim, "["); ok {
		addr = strings.TrimSuffix(inner, "]")
	}
	if _, err := netip.ParseAddr(addr); err != nil {
		return claim
	}
	return addr
}

// scheme is "https" or "http" for the schemes of HTTP and of WebSockets over it, in any letter
// case; "" for others.
func scheme(s string) string {
	switch strings.ToLower(s) {
	case "https", "wss":
		return "https"
	case "http", "ws":
		return "http"
	}
	return ""
}
