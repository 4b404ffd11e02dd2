module github.com/crossfade-go/crossfade/tools

go 1.26.0

replace github.com/crossfade-go/crossfade => ../

require github.com/crossfade-go/crossfade v0.0.0-00010101000000-000000000000

require github.com/julienschmidt/httprouter v1.3.0 // indirect
