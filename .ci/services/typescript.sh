# The tests of contrib/openapi compile the client with tsc, and ask a second validator of its document; npm has both.
# Where they cannot be had the tests leave that out, and say so.
.ci/need node:nodejs npm
if npm ci --no-audit --no-fund --silent --prefix contrib/openapi/testdata/node; then
	export CROSSFADE_TYPESCRIPT=$PWD/contrib/openapi/testdata/node
else
	echo "skipped: npm cannot install TypeScript"
fi
