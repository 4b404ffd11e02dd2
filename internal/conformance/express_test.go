package conformance

import "testing"

var express = reference{
	name: "Express 5.3.0",
	dir:  "express",
	run:  func(t *testing.T, b *book) {},
}
