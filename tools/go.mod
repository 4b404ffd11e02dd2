module github.com/crossfade-go/crossfade/tools

go 1.26.0

replace github.com/crossfade-go/crossfade => ../
