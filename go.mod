module github.com/crossfade-go/crossfade

go 1.26

require (
	github.com/google/go-cmp v0.7.0
	github.com/julienschmidt/httprouter v1.3.0
)
