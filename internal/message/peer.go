package message

// Who asked, and for which host. Forwarded headers are a claim of the peer: they
// count only as far as the addresses that relayed them are trusted proxies,
// read from the right (Express, "trust proxy" with a list of ranges).

import (
	"net"
	"net/netip"
	"strings"
)

// peerAddr is the address of the other end of the connection.
func (x *Exchange) peerAddr() string {
	host, _, err := net.SplitHostPort(x.R.RemoteAddr)
	if err != nil {
		return x.R.RemoteAddr
	}
	return host
}

func (x *Exchange) trusted(addr string) bool {
	if len(x.Env.Proxies) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		return x.trustsAll()
	}
	ip = ip.Unmap().WithZone("")
	for _, p := range x.Env.Proxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// trustsAll reports whether every IPv4 and every IPv6 address is trusted. Then
// also what is none is, as with Express's true.
func (x *Exchange) trustsAll() bool {
	var v4, v6 bool
	for _, p := range x.Env.Proxies {
		v4 = v4 || p.Bits() == 0 && p.Addr().Is4()
		v6 = v6 || p.Bits() == 0 && p.Addr().Is6()
	}
	return v4 && v6
}

// addresses lists the peer and what X-Forwarded-For claims before it, nearest
// first, up to and including the first one that is not trusted.
func (x *Exchange) addresses() []string {
	list := []string{x.peerAddr()}
	if !x.trusted(list[0]) {
		return list
	}
	claimed := strings.Split(strings.Join(x.R.Header["X-Forwarded-For"], ","), ",")
	for i := len(claimed) - 1; i >= 0; i-- {
		addr := strings.TrimSpace(claimed[i])
		if addr == "" {
			continue
		}
		list = append(list, addr)
		if !x.trusted(addr) {
			break
		}
	}
	return list
}

// IP returns the address of the client: the nearest one that is not a trusted
// proxy.
func (x *Exchange) IP() string {
	list := x.addresses()
	return list[len(list)-1]
}

// IPs returns the addresses from the client to the nearest proxy, without the
// peer itself; none where no proxy is trusted.
func (x *Exchange) IPs() []string {
	list := x.addresses()[1:]
	out := make([]string, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	return out
}

// forwarded returns the first element of a forwarding header of a trusted peer.
func (x *Exchange) forwarded(name string) string {
	values := x.R.Header[name]
	if len(values) == 0 || !x.trusted(x.peerAddr()) {
		return ""
	}
	first, _, _ := strings.Cut(values[0], ",")
	return strings.TrimSpace(first)
}

// Protocol returns "https" or "http", or what a trusted proxy says.
func (x *Exchange) Protocol() string {
	if p := x.forwarded("X-Forwarded-Proto"); p != "" {
		return p
	}
	if x.R.TLS != nil || x.R.URL.Scheme == "https" {
		return "https"
	}
	return "http"
}

// Host returns the host asked for, with its port.
func (x *Exchange) Host() string {
	if h := x.forwarded("X-Forwarded-Host"); h != "" {
		return h
	}
	return x.R.Host
}

// Hostname returns Host without its port; an IPv6 address keeps its brackets.
func (x *Exchange) Hostname() string {
	h := x.Host()
	from := 0
	if strings.HasPrefix(h, "[") {
		from = strings.IndexByte(h, ']') + 1
	}
	if i := strings.IndexByte(h[from:], ':'); i >= 0 {
		return h[:from+i]
	}
	return h
}
