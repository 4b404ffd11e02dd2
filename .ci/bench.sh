#!/usr/bin/env bash
# The guard on what is stable about speed: allocations and bytes of each workload, and a generous ratio of CPU time to
# raw httprouter. The race detector would falsify both, so it runs here and not with the other tests.
set -euo pipefail
cd "$(dirname "$0")/.."
go test -C bench -run 'TestGuard' .
