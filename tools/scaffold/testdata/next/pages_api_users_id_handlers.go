package main

// pages/api/users/[id].ts, but for its handlers:
//
//	import { db } from '@/lib/db';
//	export const config = { api: { bodyParser: { sizeLimit: '4mb' }, externalResolver: true }, maxDuration: 30 };

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveUsersID answers ANY /api/users/[id]. It is a stub: it uses the package @/lib/db.
// Of its file: asks for GET, DELETE; maxDuration = 30; bodyParser.sizeLimit = 4mb; externalResolver = true.
//
//	export default async function handler(req, res) {
//	  switch (req.method) {
//	    case 'GET':
//	      return res.json(await db.user(req.query.id));
//	    case 'DELETE':
//	      return res.status(204).end();
//	  }
//	  res.setHeader('Allow', 'GET, DELETE');
//	  res.status(405).json({ error: 'Method Not Allowed' });
//	}
func serveUsersID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/users/[id].ts", migrate.ErrDecline)
}
