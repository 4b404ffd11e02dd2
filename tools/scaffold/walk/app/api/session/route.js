import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { sessionOf } from '../../../lib/session';

export async function GET() {
  const id = (await cookies()).get('session')?.value;
  if (!id) {
    redirect('/api/hello?name=stranger');
  }
  return Response.json(await sessionOf(id)); // no tool translates what it cannot see into
}
