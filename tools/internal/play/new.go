package play

import (
	"fmt"
	"strings"

	"github.com/crossfade-go/crossfade/fetch"
)

// construct calls a constructor of package fetch.
func construct(c Call, say []Call) (*fetch.Response, error) {
	var o []fetch.ResponseOption
	for _, option := range say {
		s := text(option.Args)
		switch option.Name {
		case "Status":
			o = append(o, fetch.Status(option.Args[0].(int)))
		case "SetHeader":
			o = append(o, fetch.SetHeader(s[0], s[1]))
		case "AddHeader":
			o = append(o, fetch.AddHeader(s[0], s[1]))
		case "SetCookie":
			o = append(o, fetch.SetCookie(s[0], s[1], fetch.CookieOptions{}))
		case "ClearCookie":
			o = append(o, fetch.ClearCookie(s[0], fetch.CookieOptions{}))
		default:
			return nil, fmt.Errorf("play: no option %s", option.Name)
		}
	}
	switch c.Name {
	case "JSON":
		return fetch.JSON(c.Args[0], o...)
	case "Text":
		return fetch.Text(c.Args[0].(string), o...)
	case "HTML":
		return fetch.HTML(c.Args[0].(string), o...)
	case "Bytes":
		return fetch.Bytes(c.Args[0].([]byte), o...)
	case "Stream":
		return fetch.Stream(strings.NewReader("sample"), o...)
	case "StreamFunc":
		return fetch.StreamFunc(func(w *fetch.Writer) error {
			_, err := w.WriteString("sample")
			return err
		}, o...)
	case "Redirect":
		return fetch.Redirect(c.Args[0].(string), o...)
	case "NoContent":
		return fetch.NoContent(o...)
	case "NewResponse":
		return fetch.NewResponse(fetch.RequestOption{}, o...)
	case "SSE":
		return fetch.SSE(func(func(fetch.Event, error) bool) {}, o...)
	}
	return nil, fmt.Errorf("play: no constructor %s", c.Name)
}
