#!/usr/bin/env bash
# The example that puts a mux in front of a real Express 5 app, installed by npm ci, and some 4,000 requests that this
# Express and the reqres shape are asked alike. Without Node it says so.
set -euo pipefail
cd "$(dirname "$0")/../examples"
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "skipped: Node and npm are not installed"
	exit 0
fi
npm ci --no-audit --no-fund --prefix express/app
go test -count=1 ./express
cd .. && CONFORMANCE_EXPRESS=$PWD/examples/express/app go test -count=1 -run TestDifferential ./internal/conformance
