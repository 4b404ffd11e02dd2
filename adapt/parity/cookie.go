package parity

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Cookies are matched by name, domain and path, as a browser keeps them, and compared attribute by
// attribute. Values are compared by shape, because a session identifier is never the same twice;
// Rules.Exact asks for more.

// cookie is the attributes of one Set-Cookie line, "value" among them; nil is one that is not
// there.
type cookie map[string]string

// readCookie reads a line as browsers do (RFC 6265bis section 5.6): nothing is refused, of an
// attribute the last counts, unknown attributes are left out.
func readCookie(line string) (name string, c cookie) {
	parts := strings.Split(line, ";")
	name, value, ok := strings.Cut(parts[0], "=")
	if !ok {
		name, value = "", parts[0]
	}
	c = cookie{"value": strings.TrimSpace(value)}
	for _, part := range parts[1:] {
		key, v, _ := strings.Cut(part, "=")
		key, v = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(v)
		switch key {
		case "secure", "httponly", "partitioned":
			v = "yes"
		case "samesite":
			v = strings.ToLower(v)
		case "domain":
			v = strings.ToLower(strings.TrimPrefix(v, "."))
		case "max-age":
			if n, err := strconv.ParseInt(v, 10, 64); err == nil {
				v = strconv.FormatInt(max(n, 0), 10) // zero and less delete the cookie
			}
		}
		if v != "" && slices.Contains(cookieAttributes, key) && key != "value" {
			c[key] = v
		}
	}
	return strings.TrimSpace(name), c
}

// readCookies sorts the cookies of an answer by name, and those of one name by domain and path.
func readCookies(h http.Header) map[string][]cookie {
	byName := map[string][]cookie{}
	for _, line := range values(h, "set-cookie") {
		name, c := readCookie(line)
		byName[name] = append(byName[name], c)
	}
	for _, list := range byName {
		slices.SortStableFunc(list, func(a, b cookie) int {
			return cmp.Or(strings.Compare(a["domain"], b["domain"]), strings.Compare(a["path"], b["path"]))
		})
	}
	return byName
}

// cookies compares those of one name one by one, so that a path that changed is one difference and
// not two.
func (c *comparison) cookies(top *place, old, next *Message) {
	xs, ys := readCookies(old.Header), readCookies(next.Header)
	if len(xs)+len(ys) == 0 {
		return
	}
	p := c.enter(top, named("cookie"))
	defer c.leave(&p)
	for _, name := range eitherName(xs, ys) {
		for i := range max(len(xs[name]), len(ys[name])) {
			c.cookie(&p, name, nth(xs[name], i), nth(ys[name], i))
		}
	}
}

func nth(list []cookie, i int) cookie {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func (c *comparison) cookie(parent *place, name string, x, y cookie) {
	p := c.enter(parent, named(name))
	defer c.leave(&p)
	switch {
	case p.mode() == ignore:
		c.report.Forgiven++
	case x == nil:
		c.add(&p, KindExtra, none, textSide(y["value"]), "")
		c.unwalked(&p)
	case y == nil:
		c.add(&p, KindMissing, textSide(x["value"]), none, "")
		c.unwalked(&p)
	default:
		for _, key := range cookieAttributes {
			c.cookieAttribute(&p, key, x, y)
		}
	}
}

func (c *comparison) cookieAttribute(parent *place, key string, old, next cookie) {
	v, has := old[key]
	w, has2 := next[key]
	if !has && !has2 {
		return
	}
	p := c.enter(parent, named(key))
	defer c.leave(&p)
	x, y := textSide(v), textSide(w)
	switch {
	case !has:
		c.add(&p, KindExtra, none, y, "")
	case !has2:
		c.add(&p, KindMissing, x, none, "")
	case v == w:
		c.marked(&p, x)
	case key == "value" && p.policy == nil && !p.ruled:
		if a, b := lexicalClass(x), lexicalClass(y); a != b {
			c.add(&p, KindShape, x, y, a+" became "+b)
		}
	case key == "expires" && p.mode() != exact && closeDates(x, y):
	default:
		c.leaf(&p, KindValue, x, y, "")
	}
}
