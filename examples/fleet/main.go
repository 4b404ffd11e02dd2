// Command fleet shows how many replicas move as one: it starts five of them as processes of their own,
// a NATS server that holds the document of plans, and a small balancer, and moves an endpoint from its
// old handler to its new one while one replica is sick, the server is stopped, and a storm comes. It
// checks what it shows, and exits with 1 if something is not as it says.
//
//	go run -C examples/fleet .
//
// With an argument it shows something else: twenty processes through every fault of distribution, with a
// kill in each; and how many requests are hurt until a fleet has gone back, as a table.
//
//	go run -C examples/fleet . faults [20]
//	go run -C examples/fleet . hurt [1 10 100]
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
)

// replicaEnv is set in the processes that are replicas.
const replicaEnv = "FLEET_REPLICA"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := run
	if os.Getenv(replicaEnv) != "" {
		run = func(ctx context.Context, out io.Writer, _ []string) error { return replica(ctx, out) }
	}
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fleet:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, args []string) error {
	if len(args) == 0 {
		return story(ctx, out)
	}
	var sizes []int
	for _, arg := range args[1:] {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is not a number of replicas", arg)
		}
		sizes = append(sizes, n)
	}
	switch {
	case args[0] == "faults" && len(sizes) == 0:
		return faults(ctx, out, 20)
	case args[0] == "faults" && len(sizes) == 1 && sizes[0] >= 15:
		return faults(ctx, out, sizes[0])
	case args[0] == "hurt" && len(sizes) == 0:
		return hurt(ctx, out, []int{1, 10, 100})
	case args[0] == "hurt":
		return hurt(ctx, out, sizes)
	}
	return fmt.Errorf("fleet knows faults, with at least 15 replicas, and hurt, not %q", args)
}
