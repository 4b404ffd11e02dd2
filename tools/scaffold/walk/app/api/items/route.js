import { NextResponse } from 'next/server';

export async function GET(request) {
  const q = request.nextUrl.searchParams.get('q');
  if (!q) {
    return new NextResponse('q is missing', { status: 400 });
  }
  return NextResponse.json({ q, items: [] });
}

export async function POST(request) {
  const { name, price } = await request.json();
  if (!name || typeof name !== 'string') {
    return NextResponse.json({ error: 'name is missing' }, { status: 422 });
  }
  return NextResponse.json({ name, price, sold: false }, { status: 201 });
}
