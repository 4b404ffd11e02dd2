package play

import (
	"fmt"
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
)

// Reader stands for an io.Reader among the arguments of a Call.
type Reader struct{}

// old makes the calls on a response.
func old(res *reqres.Response, calls []Call) error {
	for _, c := range calls {
		s, n := text(c.Args), func(i int) int { return c.Args[i].(int) }
		switch c.Name {
		case "Status":
			res.Status(n(0))
		case "Set":
			res.Set(s[0], s[1])
		case "Append":
			res.Append(s[0], s[1:]...)
		case "Type":
			res.Type(s[0])
		case "Vary":
			res.Vary(s...)
		case "Location":
			res.Location(s[0])
		case "Attachment":
			res.Attachment(s...)
		case "Link":
			res.Link(s[0], s[1:]...)
		case "Cookie":
			res.Cookie(s[0], s[1], reqres.CookieOptions{})
		case "ClearCookie":
			res.ClearCookie(s[0], reqres.CookieOptions{})
		case "JSON":
			return res.JSON(c.Args[0])
		case "Send":
			if c.Args[0] == (Reader{}) {
				return res.Send(strings.NewReader("sample"))
			}
			return res.Send(c.Args[0])
		case "SendStatus":
			return res.SendStatus(n(0))
		case "Redirect":
			if len(c.Args) > 1 {
				return res.Redirect(s[0], n(1))
			}
			return res.Redirect(s[0])
		case "End":
			return res.End()
		case "Write":
			_, err := res.Write([]byte("sample"))
			return err
		case "SSE":
			return res.SSE(func(func(reqres.Event, error) bool) {})
		case "Error":
			return reqres.Errorf(400, "sample")
		default:
			return fmt.Errorf("play: no call %s", c.Name)
		}
	}
	return nil
}

func text(args []any) []string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i], _ = a.(string)
	}
	return out
}
