package main

// app/api/items/[id]/route.ts, but for its handlers:
//
//	type Context = { params: Promise<{ id: string }> };
//	export { h as PUT };

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// deleteItemsID answers DELETE /api/items/[id]. It is translated by a program: read it before it serves.
//
//	export async function DELETE() {
//	  return new Response(null, { status: 204 });
//	}
func deleteItemsID(req *fetch.Request) (*fetch.Response, error) {
	return fetch.NoContent(fetch.Status(204))
}

// getItemsID answers GET /api/items/[id]. It is translated by a program: read it before it serves.
//
//	export async function GET(request: Request, { params }: Context) {
//	  const { id } = await params;
//	  const agent = request.headers.get('user-agent');
//	  if (id === '0') return new Response(`no item ${id}`, { status: 404 });
//	  return Response.json({ id, agent });
//	}
func getItemsID(req *fetch.Request) (*fetch.Response, error) {
	id := req.Param("id")
	if id == "0" {
		return fetch.Text("no item "+id, fetch.Status(404))
	}
	return fetch.JSON(struct {
		ID    string  `json:"id"`
		Agent *string `json:"agent"`
	}{id, optional(req.HeaderValues("user-agent"))})
}

// optionsItemsID answers OPTIONS /api/items/[id]. It is translated by a program: read it before it serves.
//
//	export const { PATCH, OPTIONS } = { PATCH: h, OPTIONS: () => new Response(null, { status: 204, headers: { Allow: 'GET' } }) };
func optionsItemsID(req *fetch.Request) (*fetch.Response, error) {
	return fetch.NoContent(fetch.Status(204), fetch.SetHeader("Allow", "GET"))
}

// patchItemsID answers PATCH /api/items/[id]. It is translated by a program: read it before it serves.
//
//	const h = async (request: Request, context: Context) => {
//	  return Response.json({ put: (await context.params).id });
//	};
func patchItemsID(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct {
		Put string `json:"put"`
	}{req.Param("id")})
}

// putItemsID answers PUT /api/items/[id]. It is translated by a program: read it before it serves.
//
//	const h = async (request: Request, context: Context) => {
//	  return Response.json({ put: (await context.params).id });
//	};
func putItemsID(req *fetch.Request) (*fetch.Response, error) {
	return fetch.JSON(struct {
		Put string `json:"put"`
	}{req.Param("id")})
}
