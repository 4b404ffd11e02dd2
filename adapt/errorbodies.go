package adapt

// Ready error bodies, for Config.ErrorResponse: those of the services that move.

import (
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/internal/exchange"
	"github.com/crossfade-go/crossfade/internal/status"
)

// ExpressErrors answers errors as Express 5 does in production (finalhandler 2): with a page that says the
// status text, whatever the error says. It is a value for Config.ErrorResponse.
func ExpressErrors(_ *fetch.Request, err error) *fetch.Response {
	code := exchange.StatusOf(err)
	return fetch.Must(fetch.HTML("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>"+
		status.Phrase(code)+"</pre>\n</body>\n</html>\n",
		fetch.Status(code), fetch.SetHeader("Content-Type", "text/html; charset=utf-8"),
		fetch.SetHeader("Content-Security-Policy", "default-src 'none'"), fetch.SetHeader("X-Content-Type-Options", "nosniff")))
}

// TextErrors answers errors as http.Error does: what a client may read of the error as one line of text. It
// is a value for Config.ErrorResponse.
func TextErrors(_ *fetch.Request, err error) *fetch.Response {
	code := exchange.StatusOf(err)
	return fetch.Must(fetch.Text(exchange.TextOf(err, code)+"\n", fetch.Status(code),
		fetch.SetHeader("Content-Type", "text/plain; charset=utf-8"), fetch.SetHeader("X-Content-Type-Options", "nosniff")))
}

var _, _ func(*fetch.Request, error) *fetch.Response = ExpressErrors, TextErrors
