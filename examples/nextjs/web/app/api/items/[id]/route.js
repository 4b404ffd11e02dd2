// The legacy service: a Route Handler.
export async function GET(request, { params }) {
  const { id } = await params;
  if (id === '0') {
    return Response.json({ error: 'no such item' }, { status: 404 });
  }
  return Response.json({ id, name: 'Tea & Co.', note: 'long leaves, '.repeat(200) }, { headers: { 'Cache-Control': 'no-store' } });
}

export async function POST() {
  return new Response(null, { status: 204 });
}
