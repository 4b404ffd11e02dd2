// Package freeport finds a port for a program that a test builds, starts or stops for a while.
package freeport

import (
	"math/rand/v2"
	"net"
	"strconv"
	"testing"
)

// Get returns a port of localhost that is free, and stays so while nobody listens: Linux gives none
// below 32768 to a connection or a listener that asks for any, so no other program is given it
// meanwhile, nor does a client meet itself there. It fails t where it finds none.
func Get(t testing.TB) string {
	t.Helper()
	var err error
	for range 100 {
		port := strconv.Itoa(20_000 + rand.IntN(10_000))
		var l net.Listener
		if l, err = net.Listen("tcp", "localhost:"+port); err == nil {
			l.Close()
			return port
		}
	}
	t.Fatal(err)
	return ""
}
