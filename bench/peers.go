package main

import (
	"slices"

	"github.com/crossfade-go/crossfade/bench/peer/chi"
	"github.com/crossfade-go/crossfade/bench/peer/echo"
	"github.com/crossfade-go/crossfade/bench/peer/fiber"
	"github.com/crossfade-go/crossfade/bench/peer/gin"
	"github.com/crossfade-go/crossfade/bench/peer/httprouter"
	"github.com/crossfade-go/crossfade/bench/peer/huma"
	"github.com/crossfade-go/crossfade/bench/peer/ours"
	"github.com/crossfade-go/crossfade/bench/peer/plain"
	"github.com/crossfade-go/crossfade/bench/peer/servemux"
	"github.com/crossfade-go/crossfade/bench/work"
)

// baseline is the peer that all ratios are to, and whose answers are the right
// ones.
var baseline = httprouter.Peer

var others = []work.Peer{baseline, plain.Peer, servemux.Peer, chi.Peer, gin.Peer, echo.Peer, fiber.Peer, huma.Peer}

var peers = slices.Concat(others, ours.All)
