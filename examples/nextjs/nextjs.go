// Package nextjs holds the test of a real Next.js app behind the mux; result.md has its last result.
package nextjs
