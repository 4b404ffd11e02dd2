#!/usr/bin/env bash
# Opens the page about migrations in a real browser. Where none can be had, that is said and nothing fails.
set -euo pipefail
cd "$(dirname "$0")/.."
chromium=$(.ci/chromium) || exit 0
CROSSFADE_CHROMIUM=$chromium go test -count=1 -timeout 5m -run '^TestChromium' ./adapt/dashboard
