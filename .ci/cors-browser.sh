#!/usr/bin/env bash
# Compares the model of package corstest with a real browser. Where none can be had, that is said and nothing fails.
set -euo pipefail
cd "$(dirname "$0")/.."
chromium=$(.ci/chromium) || exit 0
CROSSFADE_CHROMIUM=$chromium go test -count=1 -timeout 120s -run '^TestChromium$' ./cors/corstest
