package freeport

import (
	"net"
	"testing"
)

func TestGet(t *testing.T) {
	l, err := net.Listen("tcp", "localhost:"+Get(t))
	if err != nil {
		t.Fatalf("the port cannot be listened on: %v", err)
	}
	l.Close()
}
