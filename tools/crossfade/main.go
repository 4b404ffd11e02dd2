// Command crossfade moves handlers from the mutable shape to the immutable one.
//
//	crossfade ./...               reports what can be converted, and what not, with the reason
//	crossfade -fix -diff ./...    shows the change
//	crossfade -fix ./...          makes it
//	crossfade -json ./...         reports as JSON
//	go fix -fixtool=$(which crossfade) ./...    makes it as the other fixes of Go
//	go vet -vettool=$(which crossfade) ./...    reports as vet does
//
// Two analyzers are in it. tofetch gives each handler a twin in the immutable shape and registers
// both; nothing behaves differently then. finish takes away what is over: where the team says New,
// the route becomes r.Fetch, and the old handler and what only it used go.
//
// A service with the flavor reqres.NextJS is converted with -tofetch.flavor=nextjs, because its calls
// answer otherwise.
package main

import (
	"github.com/crossfade-go/crossfade/tools/internal/finish"
	"github.com/crossfade-go/crossfade/tools/internal/tofetch"
	"golang.org/x/tools/go/analysis/multichecker"
)

func main() { multichecker.Main(tofetch.Analyzer, finish.Analyzer) }
