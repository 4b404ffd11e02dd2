# The tests of examples/hosts run the mux as WebAssembly in Node, and in Cloudflare's runtime, which npm has. Where it
# cannot be had they leave it out, and say so.
.ci/need node:nodejs npm
if npm ci --no-audit --no-fund --silent --prefix examples/hosts/edge/testdata; then
	for program in "$PWD"/examples/hosts/edge/testdata/node_modules/@cloudflare/workerd-*/bin/workerd; do export WORKERD=$program; done
else
	echo "skipped: npm cannot install workerd"
fi
