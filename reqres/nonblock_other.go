//go:build !unix

package reqres

const nonblock = 0
