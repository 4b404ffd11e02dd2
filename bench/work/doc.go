// Package work says what is measured: a table of workloads, the data that their
// handlers share, and a client that asks any peer for them. It knows no peer
// and imports the standard library only, so that a program which serves one
// peer links nothing of the others.
package work
