// Package engine runs a handler that writes its answer and gives back an answer that can be read:
// the hard direction of every conversion.
//
// The handler runs on a goroutine of its own (see worker.go) with the writer that it would have
// natively; underneath is the engine's (see writer.go, and head.go, upgrade.go). What it writes is
// held back, up to 4 KiB, until the head is known to be final: at the first flush, when the buffer
// is full, or when the handler returns. From then on nothing is buffered. A consumer that reads
// meets the handler write by write; a consumer that has a sink of its own hands the sink over, and
// the handler writes straight into it on its own goroutine, with the sink's back-pressure, until it
// returns or the consumer closes.
//
// An io.Pipe does the same in twenty times the time for a megabyte, and iter.Pull kills the process
// when a handler locks its thread. BenchmarkEngine measures it.
package engine
