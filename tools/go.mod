module github.com/crossfade-go/crossfade/tools

go 1.26.0

replace github.com/crossfade-go/crossfade => ../

require (
	github.com/crossfade-go/crossfade v0.0.0-00010101000000-000000000000
	github.com/dlclark/regexp2/v2 v2.5.2
	github.com/dop251/goja v0.0.0-20260917113740-793a2a65c13b
	github.com/evanw/esbuild v0.28.2
	github.com/go-sourcemap/sourcemap v2.1.3+incompatible
	github.com/google/go-cmp v0.7.0
	golang.org/x/tools v0.52.0
)

require (
	github.com/google/pprof v0.0.0-20230207041349-798e818bf904 // indirect
	github.com/julienschmidt/httprouter v1.3.0 // indirect
	golang.org/x/mod v0.42.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.3.8 // indirect
)
