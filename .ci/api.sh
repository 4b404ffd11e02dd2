#!/usr/bin/env bash
# What has changed for users since the last release: the exported API of the main module beside that of its last tag. In
# version 0 the changes are printed, for CHANGELOG.md to name; from version 1 on an incompatible one fails.
set -euo pipefail
cd "$(dirname "$0")/.."
tag=$(git describe --tags --match 'v[0-9]*' --abbrev=0 2>/dev/null || true)
if [ -z "$tag" ]; then
	echo "no version has a tag yet: there is nothing to compare with"
	exit 0
fi
apidiff() { # without its line for each internal package
	go run golang.org/x/exp/cmd/apidiff@v0.0.0-20261113113407-e3970619a1a4 "$@" 2> >(grep -v '^Ignoring internal' >&2)
}
dir=$(mktemp -d)
trap 'git worktree remove --force "$dir/old" >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
git worktree add -q --detach "$dir/old" "$tag"
module=$(go list -m)
(cd "$dir/old" && apidiff -m -w "$dir/old.api" "$module")
apidiff -m -w "$dir/new.api" "$module"
changes=$(apidiff -m -incompatible "$dir/old.api" "$dir/new.api")
if [ -z "$changes" ]; then
	echo "nothing incompatible since $tag"
	exit 0
fi
printf 'incompatible since %s:\n%s\n' "$tag" "$changes"
[[ $tag = v0.* ]]
