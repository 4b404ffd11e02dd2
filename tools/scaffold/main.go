// Command scaffold reads a Next.js or an Express project and writes the Go service that takes its
// endpoints over: the table, a stub for each handler with the original above it, a first
// translation where the handler is simple, and the set-up with which Node goes on answering until
// each is done.
//
//	scaffold -o api ./my-next-app
//
// Without -o it reports what it would write. Run again on a project that has grown, it adds what is
// new. It ends with 1 where two files serve the same requests; then nothing is written.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/crossfade-go/crossfade/tools/scaffold/internal/emit"
	"github.com/crossfade-go/crossfade/tools/scaffold/internal/project"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run runs the command, and returns its exit status.
func run(args []string, out, problems io.Writer) int {
	flags := flag.NewFlagSet("scaffold", flag.ContinueOnError)
	flags.SetOutput(problems)
	var o emit.Options
	flags.StringVar(&o.Dir, "o", "", "the folder to write; without it there is a report only")
	flags.StringVar(&o.Module, "module", "", "the path of the module, where there is none around the folder; default its name")
	flags.StringVar(&o.Checkout, "crossfade", "", "a checkout of the library to build against, in place of a release")
	flags.Usage = func() {
		fmt.Fprintln(problems, "usage: scaffold [-o folder] project")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return 2
	}
	o.Source = flags.Arg(0)
	if info, err := os.Stat(o.Source); err != nil || !info.IsDir() {
		fmt.Fprintf(problems, "scaffold: %s is not a folder\n", o.Source)
		return 2
	}
	o.Files = os.DirFS(o.Source)
	p, err := project.Read(o.Files)
	if err != nil {
		fmt.Fprintln(problems, "scaffold:", err)
		return 1
	}
	write := emit.Write
	if o.Dir == "" {
		write = emit.Dry
	}
	report, err := write(p, o)
	if err != nil {
		fmt.Fprintln(problems, "scaffold:", err)
		return 1
	}
	for _, n := range report.Notes {
		fmt.Fprintln(out, n)
	}
	fmt.Fprintf(out, "%d endpoints, %d of them new, %d translated\n", report.Endpoints, report.New, report.Translated)
	for _, name := range report.Written {
		fmt.Fprintln(out, "wrote", name)
	}
	if o.Dir != "" && len(report.Written) == 0 {
		fmt.Fprintln(out, "nothing to add")
	}
	return 0
}
