package main

// app/(shop)/cart/@modal/route.js, but for its handlers:
//
//	import { cookies } from 'next/headers';
//	import { redirect, notFound } from 'next/navigation';

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getCart answers GET /cart. It is translated by a program: read it before it serves.
// It stands behind middleware (middleware.ts).
//
//	export async function GET(request) {
//	  const cart = (await cookies()).get('cart')?.value;
//	  if (!cart) redirect('/login');
//	  if (cart === 'gone') notFound();
//	  return Response.json({ cart });
//	}
func getCart(req *fetch.Request) (*fetch.Response, error) {
	cart := cookie(req.Cookie("cart"))
	if orElse(cart, "") == "" {
		return fetch.Redirect("/login", fetch.Status(307))
	}
	if orElse(cart, "") == "gone" {
		return fetch.NoContent(fetch.Status(404))
	}
	return fetch.JSON(struct {
		Cart *string `json:"cart,omitempty"`
	}{cart})
}
