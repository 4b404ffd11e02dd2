#!/usr/bin/env bash
# The example service against itself at its full size, without the race detector, which its database in pure Go does
# not bear: each answer compared with itself, ten thousand times.
set -euo pipefail
cd "$(dirname "$0")/../examples"
CROSSFADE_FULL=1 go test -count=1 -run TestServiceAgainstItself ./cocktails
