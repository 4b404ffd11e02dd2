package main

// app/api/items/[id]/route.ts, but for its handlers:
//
//	type Context = { params: Promise<{ id: string }> };
//	export { h as PUT };

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/fetch"
)

// deleteItemsID answers DELETE /api/items/[id]. It is a stub: not yet.
//
//	export async function DELETE() {
//	  return new Response(null, { status: 204 });
//	}
func deleteItemsID(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/items/[id]/route.ts", migrate.ErrDecline)
}

// getItemsID answers GET /api/items/[id]. It is a stub: not yet.
//
//	export async function GET(request: Request, { params }: Context) {
//	  const { id } = await params;
//	  const agent = request.headers.get('user-agent');
//	  if (id === '0') return new Response(`no item ${id}`, { status: 404 });
//	  return Response.json({ id, agent });
//	}
func getItemsID(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/items/[id]/route.ts", migrate.ErrDecline)
}

// optionsItemsID answers OPTIONS /api/items/[id]. It is a stub: not yet.
//
//	export const { PATCH, OPTIONS } = { PATCH: h, OPTIONS: () => new Response(null, { status: 204, headers: { Allow: 'GET' } }) };
func optionsItemsID(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/items/[id]/route.ts", migrate.ErrDecline)
}

// patchItemsID answers PATCH /api/items/[id]. It is a stub: not yet.
//
//	const h = async (request: Request, context: Context) => {
//	  return Response.json({ put: (await context.params).id });
//	};
func patchItemsID(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/items/[id]/route.ts", migrate.ErrDecline)
}

// putItemsID answers PUT /api/items/[id]. It is a stub: not yet.
//
//	const h = async (request: Request, context: Context) => {
//	  return Response.json({ put: (await context.params).id });
//	};
func putItemsID(req *fetch.Request) (*fetch.Response, error) {
	return nil, fetch.Errorf(501, "%s is not ported: %w", "app/api/items/[id]/route.ts", migrate.ErrDecline)
}
