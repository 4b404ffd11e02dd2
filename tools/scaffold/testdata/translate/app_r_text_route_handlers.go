package main

// app/r/text/route.js

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// deleteRText answers DELETE /r/text. It is translated by a program: read it before it serves.
//
//	export const DELETE = () => new Response();
func deleteRText(req *fetch.Request) (*fetch.Response, error) {
	return fetch.NoContent(fetch.Status(200))
}

// getRText answers GET /r/text. It is translated by a program: read it before it serves.
//
//	export const GET = () => new Response('plain');
func getRText(req *fetch.Request) (*fetch.Response, error) {
	return fetch.Text("plain")
}

// postRText answers POST /r/text. It is translated by a program: read it before it serves.
//
//	export const POST = () => new Response('made', { status: 201 });
func postRText(req *fetch.Request) (*fetch.Response, error) {
	return fetch.Text("made", fetch.Status(201))
}

// putRText answers PUT /r/text. It is translated by a program: read it before it serves.
//
//	export const PUT = async () => new Response(JSON.stringify({ ok: true }), { status: 200, headers: { 'Content-Type': 'application/json' } });
func putRText(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct {
		Ok bool `json:"ok"`
	}{true}, fetch.Status(200), fetch.SetHeader("Content-Type", "application/json"))
}
