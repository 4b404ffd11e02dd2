// Command crossfade-tests writes a test for each route that has both sides.
//
//	crossfade-tests ./...
//
// It is run after crossfade -fix. Each test is a paritytest.Test with requests that are made of what
// the old handler reads: names of parameters, headers and cookies, members of a body by their tags,
// and the constants that it compares with, through its helpers. A later run adds the tests of new
// routes and changes none that is there, so that requests can be added by hand.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"

	"github.com/crossfade-go/crossfade/tools/internal/paritygen"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("crossfade-tests: ")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: crossfade-tests packages…")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := paritygen.Run(os.Stdout, flag.Args()...); err != nil {
		log.Fatal(err)
	}
}
