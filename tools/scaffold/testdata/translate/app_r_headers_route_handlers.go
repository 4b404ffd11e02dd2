package main

// app/r/headers/route.js, but for its handlers:
//
//	import { headers, cookies } from 'next/headers';

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getRHeaders answers GET /r/headers. It is translated by a program: read it before it serves.
//
//	export async function GET() {
//	  const list = await headers();
//	  const theme = (await cookies()).get('theme')?.value ?? 'light';
//	  return new Response(`theme ${theme}`, { headers: { 'Content-Type': 'text/html', 'X-Agent': list.get('user-agent') ?? 'none', Vary: 'Cookie' } });
//	}
func getRHeaders(req *fetch.Request) (*fetch.Response, error) {
	theme := orElse(cookie(req.Cookie("theme")), "light")
	return fetch.Text("theme "+theme, fetch.SetHeader("Content-Type", "text/html"), fetch.SetHeader("X-Agent", orElse(optional(req.HeaderValues("user-agent")), "none")), fetch.SetHeader("Vary", "Cookie"))
}
