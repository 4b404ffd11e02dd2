// Command bench measures crossfade beside its peers and keeps README.md.
//
//	go run -C bench . inproc   every workload of every peer, in this process
//
// Flags: -rounds, -time (of one cell in one round), -only (a prefix of
// workloads; README.md is then left alone), -cpuprofile.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/pprof"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/work"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 {
		log.Fatal("usage: bench inproc [flags]")
	}
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	rounds := flags.Int("rounds", 9, "rounds")
	d := flags.Duration("time", 15*time.Millisecond, "CPU time of one peer in one round")
	only := flags.String("only", "", "prefix of the workloads to measure")
	who := flags.String("peers", "", "names of the peers to measure, separated by commas; the baseline is always among them")
	profile := flags.String("cpuprofile", "", "file for a CPU profile")
	flags.Parse(os.Args[2:])
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			log.Fatal(err)
		}
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	switch os.Args[1] {
	case "inproc":
		chosen := choose(*who)
		rows := inproc(chosen, *only, *rounds, *d, os.Stderr)
		text := tables(rows, chosen)
		fmt.Print(text)
		if *only == "" && *who == "" {
			if err := publish("inproc", text, chosen); err != nil {
				log.Fatal(err)
			}
		}
	default:
		log.Fatalf("there is no %q; see the comment of main.go", os.Args[1])
	}
}

func choose(names string) (chosen []work.Peer) {
	if names == "" {
		return peers
	}
	for _, p := range peers {
		if p.Name == baseline.Name || strings.Contains(","+names+",", ","+p.Name+",") {
			chosen = append(chosen, p)
		}
	}
	return chosen
}
