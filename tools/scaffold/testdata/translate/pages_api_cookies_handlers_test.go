package main

import (
	"testing"

	"github.com/crossfade-go/crossfade/adapt"
)

func TestServeCookies(t *testing.T) {
	same(t, func(r *adapt.Routes) { r.ReqRes.Any("/api/cookies", serveCookies) }, []asked{
		{method: "GET", target: "/api/cookies?x=q%26x", header: map[string]string{"Cookie": "session=c-session"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"session\":\"c-session\",\"upper\":\"q&x\"}"},
		{method: "GET", target: "/api/cookies", status: 307, answer: map[string]string{"location": "/login"}, text: "/login"},
		{method: "GET", target: "/api/cookies", header: map[string]string{"Cookie": "session=c-session"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"session\":\"c-session\",\"upper\":null}"},
		{method: "GET", target: "/api/cookies?x=q%26x", header: map[string]string{"Cookie": "session=old"}, status: 308, answer: map[string]string{"location": "/renew?s=old"}, text: "/renew?s=old"},
		{method: "GET", target: "/api/cookies?x=q%26x", status: 307, answer: map[string]string{"location": "/login"}, text: "/login"},
		{method: "POST", target: "/api/cookies?x=q%26x", header: map[string]string{"Cookie": "session=c-session"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"session\":\"c-session\",\"upper\":\"q&x\"}"},
		{method: "POST", target: "/api/cookies", status: 307, answer: map[string]string{"location": "/login"}, text: "/login"},
		{method: "POST", target: "/api/cookies", header: map[string]string{"Cookie": "session=c-session"}, status: 200, answer: map[string]string{"content-type": "application/json; charset=utf-8"}, text: "{\"session\":\"c-session\",\"upper\":null}"},
		{method: "POST", target: "/api/cookies?x=q%26x", header: map[string]string{"Cookie": "session=old"}, status: 308, answer: map[string]string{"location": "/renew?s=old"}, text: "/renew?s=old"},
		{method: "POST", target: "/api/cookies?x=q%26x", status: 307, answer: map[string]string{"location": "/login"}, text: "/login"},
	})
}
