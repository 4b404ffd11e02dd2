package main

// app/constants/route.ts, but for its handlers:
//
//	import { COMMON_HEADERS, LIMIT } from "../../lib/headers";
//
//	const OWN_HEADERS = new Headers({ "X-Own": "1", "Cache-Control": "no-store" });

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getConstants answers GET /constants. It is translated by a program: read it before it serves.
//
//	export function GET() {
//	  return Response.json({ limit: LIMIT }, { headers: OWN_HEADERS });
//	}
func getConstants(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct {
		Limit int `json:"limit"`
	}{50}, fetch.SetHeader("X-Own", "1"), fetch.SetHeader("Cache-Control", "no-store"))
}

// optionsConstants answers OPTIONS /constants. It is translated by a program: read it before it serves.
//
//	export function OPTIONS() {
//	  return new Response(null, { status: 204, headers: COMMON_HEADERS });
//	}
func optionsConstants(req *fetch.Request) (*fetch.Response, error) {
	return fetch.NoContent(fetch.Status(204), fetch.SetHeader("Access-Control-Allow-Origin", "*"), fetch.SetHeader("Access-Control-Allow-Methods", "GET, POST"))
}

// postConstants answers POST /constants. It is translated by a program: read it before it serves.
//
//	export function POST() {
//	  return Response.json("made", { status: 201, headers: { ...COMMON_HEADERS, "X-Made": "1" } });
//	}
func postConstants(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON("made", fetch.Status(201), fetch.SetHeader("Access-Control-Allow-Origin", "*"), fetch.SetHeader("Access-Control-Allow-Methods", "GET, POST"), fetch.SetHeader("X-Made", "1"))
}
