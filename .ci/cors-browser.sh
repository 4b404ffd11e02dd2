#!/usr/bin/env bash
# Compares the model of package corstest with a real browser. It takes CROSSFADE_CHROMIUM or a Chromium that is there, or
# installs Debian's where it may; where there is none, that is said and nothing fails.
set -euo pipefail
cd "$(dirname "$0")/.."

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

chromium=${CROSSFADE_CHROMIUM:-$(find_chromium || true)}
if [ -z "$chromium" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 || true
	chromium=$(find_chromium || true)
fi
if [ -z "$chromium" ]; then
	echo "SKIP: there is no Chromium, and it cannot be installed; set CROSSFADE_CHROMIUM to its path"
	exit 0
fi
echo "with $("$chromium" --version 2>/dev/null || echo "$chromium")"
CROSSFADE_CHROMIUM=$chromium go test -count=1 -timeout 120s -run '^TestChromium$' ./cors/corstest
