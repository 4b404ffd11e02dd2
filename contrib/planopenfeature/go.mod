module github.com/crossfade-go/crossfade/contrib/planopenfeature

go 1.26.0

replace github.com/crossfade-go/crossfade => ../../

require (
	github.com/crossfade-go/crossfade v0.0.0-00010101000000-000000000000
	github.com/open-feature/go-sdk v1.20.0
)

require (
	github.com/julienschmidt/httprouter v1.3.0 // indirect
	go.uber.org/mock v0.6.0 // indirect
)
