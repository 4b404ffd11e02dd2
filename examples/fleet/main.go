// Command fleet shows how many replicas move as one: it starts five of them as processes of their own,
// a NATS server that holds the document of plans, and a small balancer, and moves an endpoint from its
// old handler to its new one while one replica is sick, the server is stopped, and a storm comes. It
// checks what it shows, and exits with 1 if something is not as it says.
//
//	go run -C examples/fleet .
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

// replicaEnv is set in the processes that are replicas.
const replicaEnv = "FLEET_REPLICA"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := story
	if os.Getenv(replicaEnv) != "" {
		run = replica
	}
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}
