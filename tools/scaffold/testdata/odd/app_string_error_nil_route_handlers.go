package main

// app/string/[error]/[nil]/route.ts

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getStringErrorNil answers GET /string/[error]/[nil]. It is translated by a program: read it before it serves.
//
//	export async function GET(req, { params }) { const { error, nil } = await params; return Response.json({ error, nil }); }
func getStringErrorNil(req *fetch.Request) (*fetch.Response, error) {
	error := req.Param("error")
	nilValue := req.Param("nil")
	return fetch.JSON(struct {
		Error string `json:"error"`
		Nil   string `json:"nil"`
	}{error, nilValue})
}
