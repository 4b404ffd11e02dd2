package tofetch

// The codemod knows this of the library by name: which members both shapes have, which are spelled
// in another way, and why the others have no counterpart. What depends on a value (a content type, a
// reason phrase) is not here: package play asks the library.

import "go/types"

const (
	rootPath   = "github.com/crossfade-go/crossfade"
	reqresPath = rootPath + "/reqres"
	fetchPath  = rootPath + "/fetch"
	adaptPath  = rootPath + "/adapt"
)

// sameOnBoth are the members of Request that read the same in both shapes.
var sameOnBoth = set("Bytes", "Context", "Cookie", "Cookies", "Form", "Header", "HeaderValues", "Headers", "IP", "JSON", "Method",
	"Param", "Params", "Parts", "Path", "Query", "QueryParams", "QueryValues", "Reader", "Route", "Text", "URL")

// collects are the members that read the whole body, which fetch allows once unless Buffer came first.
var collects = set("Bytes", "Form", "JSON", "Text")

// streams are the members that read the body as it comes, which nothing makes possible twice.
var streams = set("Parts", "Reader")

// spelled are accessors that fetch has under another name. The dollar sign is the request.
var spelled = map[string]string{
	"Host":     "$.URL().Host",
	"Hostname": "$.URL().Hostname()",
	"Protocol": "$.URL().Scheme",
	"Secure":   `$.URL().Scheme == "https"`,
	"XHR":      `strings.EqualFold($.Header("X-Requested-With"), "XMLHttpRequest")`,
}

const negotiates = "fetch does not negotiate content: keep this handler, or answer one form at a path of its own"

// whyNotRequest says why an accessor has no counterpart, and what to do.
var whyNotRequest = map[string]string{
	"Body":        "req.Body() is a value of any type, as in Express: decode into a type with reqres.Decode first",
	"QueryObject": "req.QueryObject() nests as in Express: read with Query, QueryValues or QueryParams first",
	"HTTP":        "req.HTTP() hands the request to code of net/http: keep this handler, or serve that code with fetch.FromHTTP",
	"Accepts":     negotiates, "AcceptsLanguages": negotiates, "AcceptsEncodings": negotiates, "AcceptsCharsets": negotiates,
	"Accepted":     negotiates,
	"Is":           "fetch has no Is: compare req.Headers().MediaType(), which both shapes have",
	"Fresh":        "fetch has no Fresh: the mux answers 304 by itself",
	"Stale":        "fetch has no Stale: the mux answers 304 by itself",
	"Range":        "fetch has no Range: serve the content with http.ServeContent and fetch.FromHTTP",
	"SignedCookie": "fetch has no signed cookies: keep this handler, or sign the value in code of your own",
	"OriginalURL":  "fetch does not see the target as it was sent: use req.URL(), which both shapes have",
	"IPs":          "fetch has no list of proxies: use req.IP(), which both shapes have",
	"Subdomains":   "fetch has no Subdomains: cut them from req.URL().Host, which both shapes have",
}

// terminals are the calls of Response that answer; mutators say something about the answer.
var (
	terminals = set("End", "JSON", "Redirect", "Send", "SendStatus", "SSE")
	mutators  = set("Append", "Attachment", "ClearCookie", "Cookie", "Link", "Links", "Location", "Set", "Status", "Type", "Vary")
)

const byHand = "writes the body piece by piece: choose among fetch.StreamFunc, StreamSeq and NDJSON by hand"

// whyNotResponse says why a member of Response has no counterpart, and what to do.
var whyNotResponse = map[string]string{
	"Write": byHand, "WriteString": byHand, "Flush": byHand, "FlushError": byHand, "WriteHeader": byHand,
	"Hijack":      "takes the connection over, which a value cannot: keep this handler",
	"Unwrap":      "hands the writer to code of net/http: keep this handler",
	"CloseNotify": "hands the writer to code of net/http: keep this handler",
	"SendFile":    "fetch does not send files: serve it with http.ServeFile and fetch.FromHTTP",
	"Download":    "fetch does not send files: serve it with http.ServeFile and fetch.FromHTTP",
	"Format":      negotiates,
	"CookieJSON":  "fetch has no JSON cookies: encode the value and use Cookie first",
	"Remove":      "removes a header that other code has set, which a value has not seen",
	"HeadersSent": "asks whether the head is out, and a value has not been sent",
	"StatusCode":  "reads the status back: keep it in a variable first",
	"Get":         "reads a header back: keep it in a variable first",
	"Header":      "uses the header map, which is not checked: use Set or Append first",
	"Err":         "asks for a call that was refused", "TakeErr": "asks for a call that was refused",
}

// twins are the names of package reqres that package fetch has too, with the same meaning.
var twins = set("CookieError", "CookieOptions", "Decode", "ErrAlreadySent", "ErrAnswerComplete", "ErrBodyUsed", "ErrClientGone", "ErrNoResponse",
	"Error", "Errorf", "Event", "File", "Form", "FromHTTP", "Handler", "Header", "Invalid", "Limits", "Methods", "Middleware", "Params", "Request")

// verbs are the methods that register a handler.
var verbs = set("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

// isNamed reports whether t is the type of that name.
func isNamed(t types.Type, path, name string) bool {
	if t == nil {
		return false
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path && n.Obj().Name() == name
}

// isPointer reports whether t points to the type of that name.
func isPointer(t types.Type, path, name string) bool {
	if t == nil {
		return false
	}
	p, ok := types.Unalias(t).(*types.Pointer)
	return ok && isNamed(p.Elem(), path, name)
}

func isRequest(t types.Type) bool  { return isPointer(t, reqresPath, "Request") }
func isResponse(t types.Type) bool { return isPointer(t, reqresPath, "Response") }

// isHandler reports whether t is a reqres.Handler, or a function that is one.
func isHandler(t types.Type) bool {
	if isNamed(t, reqresPath, "Handler") {
		return true
	}
	s, ok := types.Unalias(t).(*types.Signature)
	return ok && s.Params().Len() == 2 && isRequest(s.Params().At(0).Type()) && isResponse(s.Params().At(1).Type()) && returnsError(s)
}

// isMiddleware reports whether t is a reqres.Middleware, or a function that is one.
func isMiddleware(t types.Type) bool {
	if isNamed(t, reqresPath, "Middleware") {
		return true
	}
	s, ok := t.(*types.Signature)
	return ok && s.Params().Len() == 1 && s.Results().Len() == 1 && isNamed(s.Params().At(0).Type(), reqresPath, "Handler") &&
		isNamed(s.Results().At(0).Type(), reqresPath, "Handler")
}

// isFetch reports whether t is a handler, middleware or helper of the immutable shape.
func isFetch(t types.Type) bool {
	found := false
	var look func(t types.Type, depth int)
	look = func(t types.Type, depth int) {
		if found || t == nil || depth > 4 {
			return
		}
		switch t := types.Unalias(t).(type) {
		case *types.Named:
			if p := t.Obj().Pkg(); p != nil && p.Path() == fetchPath {
				found = true
			}
		case *types.Pointer:
			look(t.Elem(), depth+1)
		case *types.Slice:
			look(t.Elem(), depth+1)
		case *types.Map:
			look(t.Elem(), depth+1)
		case *types.Signature:
			for v := range t.Params().Variables() {
				look(v.Type(), depth+1)
			}
			for v := range t.Results().Variables() {
				look(v.Type(), depth+1)
			}
		}
	}
	look(t, 0)
	return found
}

func returnsError(s *types.Signature) bool {
	return s.Results().Len() == 1 && types.Identical(s.Results().At(0).Type(), types.Universe.Lookup("error").Type())
}
