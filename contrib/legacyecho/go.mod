module github.com/crossfade-go/crossfade/contrib/legacyecho

go 1.26.0

replace github.com/crossfade-go/crossfade => ../../

replace github.com/crossfade-go/crossfade/contrib/legacytest => ../legacytest

require (
	github.com/crossfade-go/crossfade v0.0.0-00010101000000-000000000000
	github.com/crossfade-go/crossfade/contrib/legacytest v0.0.0-00010101000000-000000000000
	github.com/google/go-cmp v0.7.0
	github.com/julienschmidt/httprouter v1.3.0
	github.com/labstack/echo/v5 v5.4.4
)
