package main

// app/(shop)/cart/@modal/route.js, but for its handlers:
//
//	import { cookies } from 'next/headers';
//	import { redirect, notFound } from 'next/navigation';

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// getCart answers GET /cart. It is a stub: not yet.
// It stands behind middleware (middleware.ts).
//
//	export async function GET(request) {
//	  const cart = (await cookies()).get('cart')?.value;
//	  if (!cart) redirect('/login');
//	  if (cart === 'gone') notFound();
//	  return Response.json({ cart });
//	}
func getCart(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/(shop)/cart/@modal/route.js", migrate.ErrDecline)
}
