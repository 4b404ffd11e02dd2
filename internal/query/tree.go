package query

import "strconv"

// The rule by which names with brackets make objects and lists:
//
//	[]      the next place of a list; in front of further brackets, its first place
//	[3]     that place of a list
//	[name]  a member of an object
//
// What has only numbers below Array, and no more than Array of them, becomes a list without its
// holes, all else an object. A second value for a place goes to its next number; where a string, or
// an object without numbers, is in the place, the two become a list. In a list a string moves to
// the end instead of into another value.
//
// npm qs has no rule but a history. It answers all reference cases as this does, and differs where
// three kinds of names meet in one place: in the order in which it looks at repeated names, and in
// dropping an empty string beside an object.

// branch is an object or a list in the making. Its values are strings and branches.
type branch struct {
	Object
	list bool  // so far
	end  int64 // the number after the largest one
}

// put puts a value at the place that keys say, which are at least one.
func (b Brackets) put(o *branch, keys []key, value string) {
	k, rest := keys[0], keys[1:]
	last := len(rest) == 0
	o.list = o.list && b.numbers(k)
	number, isNumber := integer(k.name)
	switch {
	case k.bracketed && k.name == "" && last:
		b.push(o, value)
		return
	case k.bracketed && k.name == "":
		k.name, isNumber = "0", true
	case k.name == "__proto__":
		return
	}
	old := o.Get(k.name)
	if _, isString := old.(string); o.list && (isString || old != nil && last) {
		old, number = nil, o.end
		k.name = strconv.FormatInt(number, 10)
	}
	if isNumber {
		o.end = max(o.end, number+1)
	}
	inner, isBranch := old.(*branch)
	switch {
	case old == nil && last:
		o.Set(k.name, value)
	case old == nil:
		inner = &branch{list: true}
		o.Set(k.name, inner)
	case !isBranch || last && inner.end == 0:
		inner = &branch{list: true}
		b.push(inner, old)
		o.Set(k.name, inner)
	}
	switch {
	case inner != nil && last:
		b.push(inner, value)
	case inner != nil && old != nil && !isBranch && !b.numbers(rest[0]):
		member := new(branch)
		b.push(inner, member)
		b.put(member, rest, value)
	case inner != nil:
		b.put(inner, rest, value)
	}
	o.list = o.list && o.Len() <= b.Array
}

// numbers reports whether a list can have such a key.
func (b Brackets) numbers(k key) bool {
	number, ok := integer(k.name)
	return k.bracketed && (k.name == "" || ok && number < int64(b.Array))
}

// push puts a value behind the others.
func (b Brackets) push(o *branch, value any) {
	o.Set(strconv.FormatInt(o.end, 10), value)
	o.end++
	o.list = o.list && o.Len() <= b.Array
}

// finish makes the value that Object holds of one in the making.
func finish(value any) any {
	o, ok := value.(*branch)
	if !ok {
		return value
	}
	for name, inner := range o.values {
		o.values[name] = finish(inner)
	}
	if !o.list {
		return &o.Object
	}
	items := make([]any, 0, o.Len())
	for _, item := range o.All() {
		items = append(items, item)
	}
	return items
}
