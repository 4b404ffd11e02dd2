package main

// app/r/json/route.js, but for its handlers:
//
//	import { NextResponse } from 'next/server';

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// patchRJSON answers PATCH /r/json. It is translated by a program: read it before it serves.
//
//	export async function PATCH(req) {
//	  return NextResponse.json({ patched: (await req.json()).id });
//	}
func patchRJSON(req *fetch.Request) (*fetch.Response, error) {
	var body map[string]any
	if err := req.JSON(&body); err != nil {
		return nil, err
	}
	return fetch.JSON(struct {
		Patched *any `json:"patched,omitempty"`
	}{member(body, "id")})
}

// postRJSON answers POST /r/json. It is translated by a program: read it before it serves.
//
//	export async function POST(req) {
//	  const body = await req.json();
//	  if (!body.id) return new NextResponse('no id', { status: 422 });
//	  if (typeof body.id !== 'string') return NextResponse.json({ error: 'id' }, { status: 400, headers: { 'X-Error': 'id' } });
//	  return NextResponse.json(body, { status: 201 });
//	}
func postRJSON(req *fetch.Request) (*fetch.Response, error) {
	var body map[string]any
	if err := req.JSON(&body); err != nil {
		return nil, err
	}
	if !truthy(member(body, "id")) {
		return fetch.Text("no id", fetch.Status(422))
	}
	if !isText(member(body, "id")) {
		return fetch.JSON(struct {
			Error string `json:"error"`
		}{"id"}, fetch.Status(400), fetch.SetHeader("X-Error", "id"))
	}
	return fetch.JSON(body, fetch.Status(201))
}
