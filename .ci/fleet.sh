#!/usr/bin/env bash
# Twenty replicas as processes through every fault of distribution, with a kill by hand in each: examples/fleet.
# It checks itself, in about a minute.
set -euo pipefail
cd "$(dirname "$0")/../examples/fleet"
go run . faults 20
