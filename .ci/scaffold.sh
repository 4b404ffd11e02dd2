#!/usr/bin/env bash
# What tools/scaffold has translated of an Express app, against Express itself.
set -euo pipefail
cd "$(dirname "$0")/.."
.ci/need node:nodejs npm || true
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "skipped: Node and npm are not installed"
	exit 0
fi
[ -d examples/express/app/node_modules/express ] || npm ci --no-audit --no-fund --prefix examples/express/app
cd tools && go test -count=1 -run TestExpress ./scaffold
