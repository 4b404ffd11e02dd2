package parity

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Cookies are matched by name, domain and path, as a browser keeps them, and compared attribute by
// attribute. Values are compared by shape, because a session identifier is never the same twice;
// Rules.Exact asks for more.

// cookie is one Set-Cookie line, read as browsers do (RFC 6265bis section 5.6): nothing is refused,
// of an attribute the last counts, unknown attributes are left out.
type cookie struct {
	name  string
	attrs map[string]string // "value" among them
}

func readCookie(line string) cookie {
	parts := strings.Split(line, ";")
	name, value, ok := strings.Cut(parts[0], "=")
	if !ok {
		name, value = "", parts[0]
	}
	c := cookie{strings.TrimSpace(name), map[string]string{"value": strings.TrimSpace(value)}}
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
			c.attrs[key] = v
		}
	}
	return c
}

func readCookies(h http.Header) []cookie {
	lines := values(h, "set-cookie")
	list := make([]cookie, len(lines))
	for i, line := range lines {
		list[i] = readCookie(line)
	}
	slices.SortStableFunc(list, func(a, b cookie) int { return strings.Compare(a.name, b.name) })
	return list
}

func (c *comparison) cookies(top *place, old, next *Message) {
	xs, ys := readCookies(old.Header), readCookies(next.Header)
	if len(xs)+len(ys) == 0 {
		return
	}
	p := c.enter(top, stepCookie)
	defer c.leave(&p)
	for _, pair := range pairCookies(xs, ys) {
		c.cookie(&p, pair[0], pair[1])
	}
}

// pairCookies finds for every cookie its counterpart: first one with the same name, domain and
// path, then one with the same name, so that a path that changed is one difference and not two. The
// result is in the order of names.
func pairCookies(xs, ys []cookie) (pairs [][2]*cookie) {
	full := func(c *cookie) string { return c.name + ";" + c.attrs["domain"] + ";" + c.attrs["path"] }
	restX, restY, pairs := matchCookies(pointers(xs), pointers(ys), full, nil)
	restX, restY, pairs = matchCookies(restX, restY, func(c *cookie) string { return c.name }, pairs)
	for _, x := range restX {
		pairs = append(pairs, [2]*cookie{x, nil})
	}
	for _, y := range restY {
		pairs = append(pairs, [2]*cookie{nil, y})
	}
	slices.SortStableFunc(pairs, func(a, b [2]*cookie) int { return strings.Compare(nameOf(a), nameOf(b)) })
	return pairs
}

func pointers(list []cookie) (out []*cookie) {
	for i := range list {
		out = append(out, &list[i])
	}
	return out
}

func matchCookies(xs, ys []*cookie, by func(*cookie) string, pairs [][2]*cookie) (restX, restY []*cookie, all [][2]*cookie) {
	texts := func(list []*cookie) (out []string) {
		for _, c := range list {
			out = append(out, by(c))
		}
		return out
	}
	partner, left := pairUp(texts(xs), texts(ys))
	for i, j := range partner {
		if j < 0 {
			restX = append(restX, xs[i])
		} else {
			pairs = append(pairs, [2]*cookie{xs[i], ys[j]})
		}
	}
	for _, j := range left {
		restY = append(restY, ys[j])
	}
	return restX, restY, pairs
}

func nameOf(pair [2]*cookie) string {
	if pair[0] != nil {
		return pair[0].name
	}
	return pair[1].name
}

func (c *comparison) cookie(parent *place, x, y *cookie) {
	p := c.enter(parent, member([]byte(nameOf([2]*cookie{x, y}))))
	defer c.leave(&p)
	switch {
	case p.mode() == ignore:
		c.report.Forgiven++
		return
	case x == nil:
		c.add(&p, KindExtra, none, textSide(y.attrs["value"]), "")
		x = &cookie{}
	case y == nil:
		c.add(&p, KindMissing, textSide(x.attrs["value"]), none, "")
		y = &cookie{}
	}
	outer := c.visiting
	c.visiting = outer || x.attrs == nil || y.attrs == nil
	for _, key := range cookieAttributes {
		v, has := x.attrs[key]
		w, has2 := y.attrs[key]
		if has || has2 {
			c.cookieAttribute(&p, key, v, w, has, has2)
		}
	}
	c.visiting = outer
}

func (c *comparison) cookieAttribute(parent *place, key, v, w string, has, has2 bool) {
	p := c.enter(parent, member([]byte(key)))
	defer c.leave(&p)
	x, y := textSide(v), textSide(w)
	switch {
	case c.visiting:
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
