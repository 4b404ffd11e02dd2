module github.com/crossfade-go/crossfade/contrib/legacygorilla

go 1.26.0

replace github.com/crossfade-go/crossfade => ../../

require (
	github.com/crossfade-go/crossfade v0.0.0-00010101000000-000000000000
	github.com/crossfade-go/crossfade/contrib/legacytest v0.0.0-00010101000000-000000000000
	github.com/google/go-cmp v0.7.0
	github.com/gorilla/mux v1.8.1
	github.com/julienschmidt/httprouter v1.3.0
)

replace github.com/crossfade-go/crossfade/contrib/legacytest => ../legacytest
