// Package tools is the root of the module of the programs that write the move: see README.md.
package tools
