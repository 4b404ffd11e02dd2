#!/usr/bin/env bash
# Opens the page about migrations in a real browser: the one that CROSSFADE_CHROMIUM names, one that is there, or
# Debian's. Where there is none and none can be installed, that is said and nothing fails.
set -euo pipefail
cd "$(dirname "$0")/.."

chromium=${CROSSFADE_CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
if [ -z "$chromium" ] && .ci/need chromium; then chromium=$(command -v chromium); fi
if [ -z "$chromium" ]; then
	echo "SKIP: there is no Chromium, and it cannot be installed; set CROSSFADE_CHROMIUM to its path"
	exit 0
fi
echo "with $("$chromium" --version 2>/dev/null || echo "$chromium")"
CROSSFADE_CHROMIUM=$chromium go test -count=1 -timeout 5m -run '^TestChromium' ./adapt/dashboard
