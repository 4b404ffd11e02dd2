#!/usr/bin/env bash
# Twenty replicas as processes through every fault of distribution, with a kill by hand in each, in about a minute; then
# up to 1,000 replicas in one process, of which all must go back together. Both check themselves: examples/fleet. Its
# table over HTTP (`go run . hurt`) takes six minutes, so it is not run here.
set -euo pipefail
cd "$(dirname "$0")/../examples/fleet"
go run . faults 20
CROSSFADE_FULL=1 go test -count 1 -run TestHurtAtAnySize -v .
