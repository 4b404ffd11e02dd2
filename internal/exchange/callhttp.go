package exchange

// An http.Handler called as net/http calls it: what it may expect of its writer and of its request
// that is not in their types.

import (
	"context"
	"net/http"
)

// CallHTTP calls h. The temporary files of a form that h has parsed of r are removed when it
// returns: net/http removes those of the request that it has made, and r is a copy of that.
func CallHTTP(h http.Handler, w http.ResponseWriter, r *http.Request) {
	before := r.MultipartForm
	defer func() {
		if form := r.MultipartForm; form != nil && form != before {
			form.RemoveAll()
		}
	}()
	h.ServeHTTP(w, r)
}

// CloseNotify is what a writer of ours answers to a handler that asserts http.CloseNotifier, as
// gin's streams do: the channel gets a value when ctx, the request's, ends.
func CloseNotify(ctx context.Context) <-chan bool {
	gone := make(chan bool, 1)
	context.AfterFunc(ctx, func() { gone <- true })
	return gone
}
