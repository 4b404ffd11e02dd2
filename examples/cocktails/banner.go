package main

// What a terminal shows at the start: where the service listens, its routes with
// their shapes, straight from the mux, and three commands to try.

import (
	"fmt"
	"io"
	"net"
	"strings"
	"text/tabwriter"

	"github.com/crossfade-go/crossfade/adapt"
)

func banner(w io.Writer, addr net.Addr, mux *adapt.Mux) {
	url := "http://" + reachable(addr)
	fmt.Fprintf(w, "cocktails listens on %s\n\n", url)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for route := range mux.Routes() {
		shape, note := route.Shape.String(), ""
		if route.Pair != nil {
			shape, note = "both", "\t"+route.Pair.Plan().String()+" serves"
		}
		name := route.Handler[strings.LastIndexByte(route.Handler, '.')+1:]
		fmt.Fprintf(t, "%s\t%s\t%s\t%s%s\n", shape, route.Method, route.Pattern, name, note)
	}
	t.Flush()
	fmt.Fprintf(w, `
Open it in a browser, or try:

  curl '%[1]s/api/cocktails/search?ingredient=gin'
  curl -c cookies.txt --json '{"name":"ada","password":"lovelace"}' %[1]s/api/login
  curl -b cookies.txt -X POST %[1]s/api/cocktails/negroni/like

`, url)
}

// reachable is addr as one types it on this machine.
func reachable(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("localhost:%d", tcp.Port)
	}
	return addr.String()
}
