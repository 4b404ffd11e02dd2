export async function GET(request, { params }) {
  const { id } = await params;
  if (id === '0') {
    return Response.json({ error: 'no such item' }, { status: 404 });
  }
  const lang = request.headers.get('accept-language');
  return Response.json({ id, lang, name: 'Tea & Co.' }, { headers: { 'Cache-Control': 'no-store' } });
}

export async function DELETE() {
  return new Response(null, { status: 204 });
}
