package inbound

// Who asked, and for which host. Forwarded headers are a claim of the peer: they
// count only as far as the addresses that relayed them are trusted proxies,
// read from the right (Express, "trust proxy" with a list of ranges).

import (
	"net"
	"net/netip"
	"strings"
)

// peerAddr is the address of the other end of the connection.
func (r *Request) peerAddr() string {
	host, _, err := net.SplitHostPort(r.R.RemoteAddr)
	if err != nil {
		return r.R.RemoteAddr
	}
	return host
}

func (r *Request) trusted(addr string) bool {
	if len(r.Env.Proxies) == 0 {
		return false
	}
	ip, err := netip.ParseAddr(addr)
	if err != nil {
		return r.trustsAll()
	}
	ip = ip.Unmap().WithZone("")
	for _, p := range r.Env.Proxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// trustsAll reports whether every IPv4 and every IPv6 address is trusted. Then
// also what is none is, as with Express's true.
func (r *Request) trustsAll() bool {
	var v4, v6 bool
	for _, p := range r.Env.Proxies {
		v4 = v4 || p.Bits() == 0 && p.Addr().Is4()
		v6 = v6 || p.Bits() == 0 && p.Addr().Is6()
	}
	return v4 && v6
}

// addresses lists the peer and what X-Forwarded-For claims before it, nearest
// first, up to and including the first one that is not trusted.
func (r *Request) addresses() []string {
	list := []string{r.peerAddr()}
	if !r.trusted(list[0]) {
		return list
	}
	claimed := strings.Split(strings.Join(r.R.Header["X-Forwarded-For"], ","), ",")
	for i := len(claimed) - 1; i >= 0; i-- {
		addr := strings.TrimSpace(claimed[i])
		if addr == "" {
			continue
		}
		list = append(list, addr)
		if !r.trusted(addr) {
			break
		}
	}
	return list
}

// IP returns the address of the client: the nearest one that is not a trusted
// proxy.
func (r *Request) IP() string {
	list := r.addresses()
	return list[len(list)-1]
}

// IPs returns the addresses from the client to the nearest proxy, without the
// peer itself; none where no proxy is trusted.
func (r *Request) IPs() []string {
	list := r.addresses()[1:]
	out := make([]string, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		out = append(out, list[i])
	}
	return out
}

// forwarded returns the first element of a forwarding header of a trusted peer.
func (r *Request) forwarded(name string) string {
	values := r.R.Header[name]
	if len(values) == 0 || !r.trusted(r.peerAddr()) {
		return ""
	}
	first, _, _ := strings.Cut(values[0], ",")
	return strings.TrimSpace(first)
}

// Protocol returns "https" or "http", or what a trusted proxy says.
func (r *Request) Protocol() string {
	if p := r.forwarded("X-Forwarded-Proto"); p != "" {
		return p
	}
	if r.R.TLS != nil || r.R.URL.Scheme == "https" {
		return "https"
	}
	return "http"
}

// Host returns the host asked for, with its port.
func (r *Request) Host() string {
	if h := r.forwarded("X-Forwarded-Host"); h != "" {
		return h
	}
	return r.R.Host
}

// Hostname returns Host without its port; an IPv6 address keeps its brackets.
func (r *Request) Hostname() string {
	h := r.Host()
	from := 0
	if strings.HasPrefix(h, "[") {
		from = strings.IndexByte(h, ']') + 1
	}
	if i := strings.IndexByte(h[from:], ':'); i >= 0 {
		return h[:from+i]
	}
	return h
}
