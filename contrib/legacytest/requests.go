package legacytest

// The requests, as bytes: what a client library would tidy up is what routers disagree about.

import "strings"

// request is one raw request. Its lines end with CR LF, and Host and Connection are added.
type request struct {
	name   string
	line   string // method and target
	header string
	body   string
}

const (
	jsonType = "Content-Type: application/json\r\n"
	formType = "Content-Type: multipart/form-data; boundary=frontier\r\n"
	preflit  = "Origin: https://front.example\r\nAccess-Control-Request-Method: "
	ada      = `{"id":"7","name":"Ada","email":"ada@example.com"}`
	login    = "Authorization: Bearer x\r\n"
)

// upload returns the body of a form with a text and a file of n bytes.
func upload(n int) string {
	part := func(disposition, content string) string {
		return "--frontier\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n"
	}
	return part(`name="note"`, "hello") + part(`name="file"; filename="a.txt"`, strings.Repeat("x", n)) + "--frontier--\r\n"
}

var requests = []request{
	{name: "param", line: "GET /users/1"},
	{name: "param: space", line: "GET /users/a%20b"},
	{name: "param: plus", line: "GET /users/a+b"},
	{name: "param: not ASCII", line: "GET /users/%E4%B8%AD"},
	{name: "param: lower-case escape", line: "GET /users/%c3%a9"},
	{name: "param: escaped slash", line: "GET /users/a%2Fb"},
	{name: "param: escaped percent", line: "GET /users/a%25b"},
	{name: "param: escaped letter", line: "GET /users/%41da"},
	{name: "param: not UTF-8", line: "GET /users/%FF"},
	{name: "param: signs", line: "GET /users/a:b@c;d=e,f"},
	{name: "param: bar", line: "GET /users/a|b"},
	{name: "param: brackets", line: "GET /users/[x]"},
	{name: "param: 404 of the handler", line: "GET /users/none"},
	{name: "path: slash at the end", line: "GET /users/1/"},
	{name: "path: two slashes before", line: "GET //users/1"},
	{name: "path: two slashes within", line: "GET /users//1"},
	{name: "path: dots", line: "GET /x/../users/1"},
	{name: "path: escaped dots", line: "GET /x/%2e%2e/users/1"},
	{name: "path: one dot", line: "GET /./users/1"},
	{name: "path: backslash", line: `GET /users\1`},
	{name: "path: capitals", line: "GET /USERS/1"},
	{name: "path: escaped literal", line: "GET /%75sers/1"},
	{name: "path: not UTF-8", line: "GET /caf%E9.txt"},
	{name: "path: absolute form", line: "GET http://other.example/users/1"},
	{name: "path: root", line: "GET /"},
	{name: "404", line: "GET /nowhere"},
	{name: "405", line: "DELETE /search"},
	{name: "HEAD", line: "HEAD /users/1"},
	{name: "HEAD of 404", line: "HEAD /nowhere"},
	{name: "OPTIONS", line: "OPTIONS /users/1"},
	{name: "OPTIONS *", line: "OPTIONS *"},
	{name: "preflight", line: "OPTIONS /users/1", header: preflit + "GET\r\n"},
	{name: "preflight of any", line: "OPTIONS /any/x", header: preflit + "PUT\r\n"},
	{name: "TRACE", line: "TRACE /any/x"},
	{name: "a method of its own", line: "PURGE /any/x"},
	{name: "JSON", line: "POST /users", header: jsonType, body: ada},
	{name: "JSON: invalid", line: "POST /users", header: jsonType, body: `{"id":"7","name":"A"}`},
	{name: "JSON: broken", line: "POST /users", header: jsonType, body: `{"id":`},
	{name: "JSON: empty", line: "POST /users", header: jsonType},
	{name: "JSON: slash at the end", line: "POST /users/", header: jsonType, body: ada},
	{name: "query", line: "GET /search?q=a+b&tag=1&tag=2&f[a]=1"},
	{name: "query: semicolon", line: "GET /search?q=a;b=1"},
	{name: "query: bad escape", line: "GET /search?q=%zz"},
	{name: "query: empty", line: "GET /search?"},
	{name: "cookie: none", line: "GET /me"},
	{name: "cookie", line: "GET /me", header: "Cookie: sid=s1; x=\"q\"\r\n"},
	{name: "upload", line: "POST /upload", header: formType, body: upload(1000)},
	{name: "upload: to a file", line: "POST /upload", header: formType, body: upload(3 << 20)},
	{name: "upload: not a form", line: "POST /upload", header: "Content-Type: text/plain\r\n", body: "x"},
	{name: "events", line: "GET /events", header: "Accept: text/event-stream\r\n"},
	{name: "panic", line: "GET /panic"},
	{name: "cut", line: "GET /cut"},
	{name: "fail", line: "GET /fail"},
	{name: "redirect", line: "GET /old"},
	{name: "target", line: "GET /target?x=1&y=%20"},
	{name: "body", line: "POST /any/a/b%2Fc", body: "12345"},
	{name: "body: large", line: "POST /any/large", body: strings.Repeat("z", 5<<20)},
	{name: "body: chunked", line: "POST /any/chunked", header: "Transfer-Encoding: chunked\r\n", body: "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"},
	{name: "body: expected", line: "PUT /any/expected", header: "Expect: 100-continue\r\n", body: "EXPECTED"},
	{name: "body: of GET", line: "GET /any/get", body: "body"},
	{name: "catch-all: nothing", line: "GET /any/"},
	{name: "catch-all: no slash", line: "GET /any"},
	{name: "catch-all: HEAD", line: "HEAD /any/h"},
	{name: "static", line: "GET /static/site.css"},
	{name: "static: range", line: "GET /static/site.css", header: "Range: bytes=2-4\r\n"},
	{name: "static: not modified", line: "GET /static/site.css", header: "If-Modified-Since: Tue, 01 Jan 2080 00:00:00 GMT\r\n"},
	{name: "static: directory", line: "GET /static/"},
	{name: "static: no slash", line: "GET /static"},
	{name: "static: up", line: "GET /static/../secret.txt"},
	{name: "static: 404", line: "GET /static/none.css"},
	{name: "group: 401", line: "GET /api/v1/items/3"},
	{name: "group", line: "GET /api/v1/items/3", header: login},
	{name: "group: 204", line: "DELETE /api/v1/items/3", header: login},
	{name: "group: 405", line: "PUT /api/v1/items/3", header: login},
	{name: "host: underscore", line: "GET /users/1", header: "Host: a_b..c\r\n"},
	{name: "host: space", line: "GET /users/1", header: "Host: x y\r\n"},
	{name: "host: a number at the end", line: "GET /users/1", header: "Host: svc-1.default.10\r\n"},
	{name: "upgrade", line: "GET /upgrade", header: "Connection: Upgrade\r\nUpgrade: echo\r\n"},
}
