package conformance

// The values of a case: JSON with tags, computed against the request, the response and the error.

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/crossfade-go/crossfade/reqres"
)

// undefined is JavaScript's.
type undefined struct{}

// handler is a list of operations as a callback.
type handler struct{ ops []any }

// thrown is a value that is not an error, thrown.
type thrown struct{ value any }

func (t thrown) Error() string { return jsString(t.value) }

// thrownError is an error without a status.
func thrownError(message string) error { return &caseError{message: message} }

// caseError is an $error.
type caseError struct {
	message string
	status  int
	header  http.Header
	fields  *object
}

func (e *caseError) Error() string { return e.message }

// StatusCode is what the error is answered with.
func (e *caseError) StatusCode() int {
	if e.status == 0 {
		return -1
	}
	return e.status
}

// eval computes a value.
func (c *call) eval(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = c.eval(x)
		}
		return out
	case *object:
		if len(v.keys) > 0 && strings.HasPrefix(v.keys[0], "$") {
			return c.tag(v.keys[0], v.values[v.keys[0]])
		}
		out := new(object)
		for _, k := range v.keys {
			out.set(k, c.eval(v.values[k]))
		}
		return out
	}
	return v
}

func (c *call) tag(tag string, v any) any {
	switch tag {
	case "$":
		if op, ok := v.([]any); ok {
			out, err := c.invoke(op)
			if err != nil {
				panic(unknown("an error of " + op[0].(string) + " as a value: " + err.Error()))
			}
			return out
		}
		return c.path(v.(string))
	case "$undefined", "$nan", "$inf", "$u8", "$url", "$typeof", "$get":
		panic(scope("js"))
	case "$buf":
		return []byte(jsString(c.eval(v)))
	case "$hex":
		b, err := hex.DecodeString(v.(string))
		if err != nil {
			panic(unknown(err.Error()))
		}
		return b
	case "$hexOf":
		switch b := c.eval(v).(type) {
		case []byte:
			return hex.EncodeToString(b)
		case string:
			return hex.EncodeToString([]byte(b))
		}
		panic(scope("undefined"))
	case "$date":
		ms, ok := v.(float64)
		if !ok {
			panic(scope("signature"))
		}
		return time.UnixMilli(int64(ms)).UTC()
	case "$repeat":
		l := c.eval(v).([]any)
		return strings.Repeat(l[0].(string), int(l[1].(float64)))
	case "$error":
		return newCaseError(v.(*object))
	case "$fixture":
		return c.p.fixture(v.(string))
	case "$handler":
		return &handler{v.([]any)}
	case "$fn":
		return v
	case "$str":
		return jsString(c.eval(v))
	case "$concat":
		s := ""
		for _, x := range c.eval(v).([]any) {
			s += jsString(x)
		}
		return s
	case "$join":
		l := v.([]any)
		var parts []string
		for _, x := range manyOf(c.eval(l[0])) {
			parts = append(parts, jsString(x))
		}
		return strings.Join(parts, l[1].(string))
	case "$count":
		switch x := c.eval(v).(type) {
		case *object:
			return float64(len(x.keys))
		case []any:
			return float64(len(x))
		}
		panic(scope("undefined"))
	case "$isArray":
		_, ok := c.eval(v).([]any)
		return ok
	case "$eq":
		l := v.([]any)
		return c.eval(l[0]) == c.eval(l[1])
	case "$number":
		n, err := strconv.ParseFloat(jsString(c.eval(v)), 64)
		if err != nil {
			panic(scope("js"))
		}
		return n
	case "$sortedPairs":
		o, ok := c.eval(v).(*object)
		if !ok {
			panic(scope("undefined"))
		}
		var pairs []any
		for _, k := range slices.Sorted(slices.Values(o.keys)) {
			pairs = append(pairs, []any{k, o.values[k]})
		}
		return pairs
	case "$throws":
		_, err := c.invoke(v.([]any))
		c.res.TakeErr()
		if err == nil {
			return "no throw"
		}
		class, message := words(err)
		return class + ": " + message
	case "$result":
		out := new(object)
		out.set("value", c.eval(v))
		return out
	case "$try":
		return c.eval(v)
	}
	panic(unknown("the tag " + tag))
}

// path reads a member such as req.query.a.
func (c *call) path(path string) any {
	root, rest, _ := strings.Cut(path, ".")
	switch root {
	case "log":
		return append([]any{}, c.p.log...)
	case "res":
		if rest == "" {
			return c.res
		}
		return c.member(rest, c.resMember)
	case "req":
		return c.member(rest, c.reqMember)
	case "err":
		if rest == "" {
			if t, ok := c.err.(thrown); ok {
				return t.value
			}
			return c.err
		}
		return c.member(rest, c.errMember)
	}
	panic(scope("app"))
}

// member reads the first name with get, and the others from what it is.
func (c *call) member(path string, get func(string) any) any {
	first, rest, more := strings.Cut(path, ".")
	v := get(first)
	for more {
		first, rest, more = strings.Cut(rest, ".")
		v = element(v, first)
	}
	return v
}

// element is v[name].
func element(v any, name string) any {
	switch v := v.(type) {
	case *object:
		if x, ok := v.get(name); ok {
			return x
		}
	case []any:
		if i, err := strconv.Atoi(name); err == nil && i < len(v) {
			return v[i]
		}
		if name == "length" {
			return float64(len(v))
		}
	case string:
		if name == "length" {
			return float64(len(utf16.Encode([]rune(v))))
		}
	}
	return undefined{}
}

func (c *call) resMember(name string) any {
	switch name {
	case "statusCode":
		return float64(c.res.StatusCode())
	case "headersSent":
		return c.res.HeadersSent()
	case "locals":
		o := new(object)
		locals := c.res.Locals()
		for k := range locals {
			o.set(k, locals[k])
		}
		slices.Sort(o.keys)
		return o
	}
	panic(scope("node"))
}

func (c *call) reqMember(name string) any {
	req := c.req
	orUndefined := func(s string) any {
		if s == "" {
			return undefined{}
		}
		return s
	}
	switch name {
	case "method":
		return req.Method()
	case "path":
		if _, path, ok := strings.Cut(req.OriginalURL(), "://"); !ok || !strings.HasSuffix(path, req.HTTP().URL.RequestURI()) {
			if path, _, _ := strings.Cut(req.OriginalURL(), "?"); path != req.Path() {
				panic(scope("path"))
			}
		}
		return req.Path()
	case "originalUrl":
		return req.OriginalURL()
	case "url":
		return req.OriginalURL()
	case "query":
		return fromGo(req.QueryObject())
	case "params":
		return c.params()
	case "body":
		body, err := req.Body()
		if err != nil {
			panic(unknown("req.body: " + err.Error()))
		}
		if body == nil {
			return undefined{}
		}
		return fromGo(body)
	case "cookies", "signedCookies":
		return c.cookies(name == "signedCookies")
	case "fresh":
		return req.Fresh()
	case "stale":
		return req.Stale()
	case "ip":
		return req.IP()
	case "ips":
		return anys(req.IPs())
	case "protocol":
		return req.Protocol()
	case "secure":
		return req.Secure()
	case "host":
		return orUndefined(req.Host())
	case "hostname":
		return orUndefined(req.Hostname())
	case "subdomains":
		return anys(req.Subdomains())
	case "xhr":
		return req.XHR()
	case "headers":
		return c.headers()
	case "baseUrl", "route":
		panic(scope("router"))
	case "app", "res", "next":
		panic(scope("app"))
	case "socket", "connection", "httpVersion", "rawHeaders", "complete", "readable", "aborted", "trailers":
		panic(scope("node"))
	}
	if v, ok := c.res.Locals()["req."+name]; ok {
		return v
	}
	return undefined{}
}

func (c *call) headers() any {
	o := new(object)
	for name := range c.req.HTTP().Header {
		o.set(strings.ToLower(name), fromLatin1(c.req.Header(name)))
	}
	o.set("host", c.req.Header("Host"))
	return o
}

func (c *call) params() any {
	o := new(object)
	for _, l := range c.p.c.App.Stack {
		layer := l.value.(*object)
		path, _ := layer.values["path"].(string)
		for segment := range strings.SplitSeq(path, "/") {
			switch {
			case strings.HasPrefix(segment, ":"):
				if v := c.req.Param(segment[1:]); v != "" {
					o.set(segment[1:], v)
				}
			case strings.HasPrefix(segment, "*"):
				if v := c.req.Params(segment[1:]); v != nil {
					list := []any{}
					for _, s := range v {
						list = append(list, s)
					}
					o.set(segment[1:], list)
				}
			}
		}
	}
	return o
}

// cookies are req.cookies, without those whose signature holds or fails, or these.
func (c *call) cookies(signed bool) any {
	o := new(object)
	for name, value := range c.req.Cookies() {
		isSigned := strings.HasPrefix(value, "s:") && len(c.p.settings.CookieSecrets) > 0
		if isSigned != signed {
			continue
		}
		var holds ordered
		isJSON, err := c.req.CookieJSON(name, &holds)
		switch v, ok := c.req.SignedCookie(name); {
		case signed && !ok:
			o.set(name, false)
		case isJSON && err == nil && truthy(holds.value):
			o.set(name, holds.value)
		case signed:
			o.set(name, v)
		default:
			o.set(name, value)
		}
	}
	return o
}

func (c *call) errMember(name string) any {
	err := c.err
	body, isBody := errors.AsType[*reqres.BodyError](err)
	if e, ok := errors.AsType[*caseError](err); ok && e.fields != nil {
		if v, ok := e.fields.get(name); ok {
			return v
		}
	}
	switch name {
	case "message":
		if _, ok := err.(thrown); ok {
			return undefined{}
		}
		_, message := words(err)
		return message
	case "status", "statusCode":
		if code := statusOf(err, 0); code != 0 {
			return float64(code)
		}
		return undefined{}
	case "expose":
		return statusOf(err, 500) < 500
	case "name", "stack", "code", "errno", "syscall":
		panic(scope("class"))
	case "types":
		if _, types, ok := strings.Cut(fmt.Sprint(errors.Unwrap(err)), " is acceptable: "); ok {
			return anys(strings.Split(types, ", "))
		}
	}
	var v any
	if isBody {
		switch name {
		case "type":
			v = body.Type
		case "body":
			v = body.Body
		case "limit":
			v = float64(body.Limit)
		case "length", "expected":
			v = float64(body.Length)
		case "charset":
			v = body.Charset
		case "encoding":
			v = body.Encoding
		}
	}
	if !truthy(v) {
		return undefined{}
	}
	return v
}

func newCaseError(o *object) error {
	e := &caseError{fields: o}
	e.message, _ = o.values["message"].(string)
	for _, key := range []string{"statusCode", "status"} {
		if n, ok := o.values[key].(float64); ok && n >= 400 && n < 600 {
			e.status = int(n)
		}
	}
	if h, ok := o.values["headers"].(*object); ok {
		e.header = http.Header{}
		for _, k := range h.keys {
			e.header.Set(k, headerValue(h.values[k]))
		}
	}
	return e
}

// fromGo turns a value of ours into one of the interpreter's.
func fromGo(v any) any {
	switch v := v.(type) {
	case *reqres.QueryObject, map[string]any, []any:
		b, err := json.Marshal(v)
		if err != nil {
			panic(unknown(err.Error()))
		}
		var o ordered
		if err := json.Unmarshal(b, &o); err != nil {
			panic(unknown(err.Error()))
		}
		return o.value
	}
	return v
}

// goValue is what Go code hands to Send and JSON.
func goValue(v any) any {
	switch v := v.(type) {
	case time.Time:
		panic(scope("toJSON"))
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	case error:
		return v.Error()
	}
	return v
}

func truthy(v any) bool {
	switch v := v.(type) {
	case nil, undefined:
		return false
	case bool:
		return v
	case float64:
		return v != 0
	case string:
		return v != ""
	}
	return true
}

// jsString is JavaScript's String(v).
func jsString(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case undefined:
		return "undefined"
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			if x != nil {
				parts[i] = jsString(x)
			}
		}
		return strings.Join(parts, ",")
	case *object:
		return "[object Object]"
	case []byte:
		return string(v)
	case error:
		return v.Error()
	}
	panic(unknown("the text of a value"))
}

// jsError names the JavaScript error that stands for an error of ours.
func jsError(err error, message string) (string, string) {
	if e, ok := errors.AsType[*reqres.RefusedError](err); ok {
		message = e.Message
	}
	if e, ok := errors.AsType[*reqres.CookieError](err); ok {
		message = e.Option + " is invalid"
	}
	if e, ok := errors.AsType[*reqres.Error](err); ok {
		message = e.Message
	}
	switch {
	case errors.Is(err, reqres.ErrAlreadySent):
		return "Error", "Cannot set headers after they are sent to the client"
	case strings.HasPrefix(message, "Invalid status code: "):
		return "RangeError", message
	case strings.HasPrefix(message, "cookieParser"):
		return "Error", message
	}
	return "TypeError", message
}
