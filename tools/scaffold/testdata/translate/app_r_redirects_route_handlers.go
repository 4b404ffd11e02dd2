package main

// app/r/redirects/route.js, but for its handlers:
//
//	import { NextResponse } from 'next/server';
//	import { redirect, permanentRedirect, notFound } from 'next/navigation';

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getRRedirects answers GET /r/redirects. It is translated by a program: read it before it serves.
//
//	export async function GET(request) {
//	  const to = request.nextUrl.searchParams.get('to');
//	  if (to === 'home') return NextResponse.redirect(new URL('/', request.url));
//	  if (to === 'moved') permanentRedirect('/moved');
//	  if (to === 'old') return redirect('/old?x=1');
//	  if (to === null) notFound();
//	  return Response.redirect(new URL(`/p/${to}`, request.url), 303);
//	}
func getRRedirects(req *fetch.Request) (*fetch.Response, error) {
	if req.Query("to") == "home" {
		return fetch.Redirect(resolve(req, "/"), fetch.Status(307))
	}
	if req.Query("to") == "moved" {
		return fetch.Redirect("/moved", fetch.Status(308))
	}
	if req.Query("to") == "old" {
		return fetch.Redirect("/old?x=1", fetch.Status(307))
	}
	if optional(req.QueryValues("to")) == nil {
		return fetch.NoContent(fetch.Status(404))
	}
	return fetch.Redirect(resolve(req, "/p/"+orElse(optional(req.QueryValues("to")), "null")), fetch.Status(303))
}
