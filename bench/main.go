// Command bench measures crossfade beside its peers and keeps README.md.
//
//	go run -C bench . inproc   every workload of every peer, in this process; draws the chart too
//	go run -C bench . wire     over loopback, asked by wrk; Express too where npm is
//	go run -C bench . grow     what routes, open streams and CORS origins cost as they become many
//	go run -C bench . typed    a request as a value, beside a handler that reads it and beside other binders
//	go run -C bench . watched  pairs under watch without a shadow, beside both sides natively
//	go run -C bench . loop     a mutable handler behind immutable middleware, in a plain loop
//	go run -C bench . chart    chart.svg, from what inproc has measured last
//
// With -only or -peers, figures are printed and no file is changed.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/bench/work"
)

// options are the flags of a command.
type options struct {
	rounds  int
	time    time.Duration // of one cell in one round
	only    string
	peers   []work.Peer
	partial bool
}

var commands = map[string]struct {
	rounds int
	time   time.Duration
	run    func(o options) (section string, err error)
}{
	"inproc":  {9, 15 * time.Millisecond, runInproc},
	"wire":    {5, 2 * time.Second, runWire},
	"grow":    {5, 15 * time.Millisecond, runGrow},
	"typed":   {15, 15 * time.Millisecond, runTyped},
	"watched": {41, 15 * time.Millisecond, runWatched},
	"loop":    {200, 2 * time.Millisecond, runLoop},
	"chart":   {0, 0, runChart},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) < 2 || commands[os.Args[1]].run == nil {
		log.Fatal("usage: bench inproc|wire|grow|typed|watched|loop|chart [flags]")
	}
	name, command := os.Args[1], commands[os.Args[1]]
	var o options
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	flags.IntVar(&o.rounds, "rounds", command.rounds, "how often all peers are asked")
	flags.DurationVar(&o.time, "time", command.time, "for how long each of them")
	flags.StringVar(&o.only, "only", "", "measure the workloads with this prefix")
	who := flags.String("peers", "", "measure these peers, separated by commas, and httprouter")
	profile := flags.String("cpuprofile", "", "write a CPU profile to this file")
	flags.Parse(os.Args[2:])
	o.peers, o.partial = choose(*who), o.only != "" || *who != ""
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			log.Fatal(err)
		}
		defer pprof.StopCPUProfile()
	}
	text, err := command.run(o)
	if err == nil {
		fmt.Print(text)
		if text != "" && !o.partial {
			err = publish(name, text, o.peers)
		}
	}
	if err != nil {
		pprof.StopCPUProfile()
		log.Fatal(err)
	}
}

func choose(names string) (chosen []work.Peer) {
	for _, p := range peers {
		if names == "" || p.Name == baseline.Name || slices.Contains(strings.Split(names, ","), p.Name) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}
