package main

// pages/api/wrapped.ts, but for its handlers:
//
//	import { withAuth } from '@/lib/auth';

import (
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// serveWrapped answers ANY /api/wrapped. It is a stub: it is wrapped in withAuth.
// It is wrapped in withAuth.
//
//	export default withAuth(async (req, res) => { res.json({ secret: 1 }); });
func serveWrapped(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "pages/api/wrapped.ts", migrate.ErrDecline)
}
