package query

import "strconv"

// What qs does with two values for one place is no rule but a history: lists take in what comes, objects take in
// keys, a string beside an object makes a list of both, and a list that grows too long becomes an object that counts
// on. The functions here follow it case by case; qs 6.17 calls them merge, combine and compact. While an object is
// being made, a value is a string, a *list or a *branch; finish turns these into what Object holds.

// none marks a list or a branch that does not count.
const none = -1

// list is an array that may still have holes (nil).
type list struct {
	items []any
	// conflict is not none if the list was made of an object and a string that stood in one place.
	conflict int64
}

// branch is an object that may count: then a value without a key goes to the number after the last one.
type branch struct {
	Object
	overflow int64 // the last number of what was a list, until it was too long
	conflict int64 // the last number of what was a list with a conflict
}

func newList(items ...any) *list { return &list{items, none} }

func newBranch() *branch { return &branch{overflow: none, conflict: none} }

// put sets an item; holes appear before it if need be.
func (l *list) put(i int, item any) {
	for len(l.items) <= i {
		l.items = append(l.items, nil)
	}
	l.items[i] = item
}

// has reports whether there is an item and no hole.
func (l *list) has(i int) bool { return i < len(l.items) && l.items[i] != nil }

// count is the number of items, without the holes.
func (l *list) count() (n int) {
	for i := range l.items {
		if l.has(i) {
			n++
		}
	}
	return n
}

// object is the items with their indices as keys.
func (l *list) object() *branch {
	o := newBranch()
	for i, item := range l.items {
		if item != nil {
			o.setIndex(int64(i), item)
		}
	}
	return o
}

// limit is l, or an object that counts on if l has more places than Array.
func (b Brackets) limit(l *list, places int) any {
	if places <= b.Array {
		return l
	}
	o := l.object()
	o.overflow = int64(len(l.items)) - 1
	return o
}

func (o *branch) setIndex(i int64, value any) { o.set(strconv.FormatInt(i, 10), value) }

// combine puts a value behind those of a repeated name, or of a name that ends in [].
func (b Brackets) combine(values, value any) any {
	if o, ok := values.(*branch); ok && o.overflow != none {
		o.overflow++
		o.setIndex(o.overflow, value)
		return o
	}
	l := newList()
	for _, v := range [...]any{values, value} {
		if inner, ok := v.(*list); ok {
			l.items = append(l.items, inner.items...)
		} else {
			l.items = append(l.items, v)
		}
	}
	return b.limit(l, len(l.items))
}

// merge puts source into the place of target and returns what is there then.
func (b Brackets) merge(target, source any) any {
	if source == "" {
		return target
	}
	switch t := target.(type) {
	case string:
		return b.mergeIntoString(t, source)
	case *list:
		switch s := source.(type) {
		case string:
			t.items = append(t.items, s)
			return b.limit(t, t.count())
		case *list:
			return b.mergeLists(t, s)
		case *branch:
			o := t.object()
			if t.conflict != none {
				o.conflict = int64(len(t.items)) - 1
			}
			return b.mergeObjects(o, s)
		}
	case *branch:
		switch s := source.(type) {
		case string:
			return b.mergeStringIntoObject(t, s)
		case *list:
			return b.mergeObjects(t, s.object())
		case *branch:
			return b.mergeObjects(t, s)
		}
	}
	panic("query: a value is a string, a list or a branch")
}

// mergeIntoString makes a list that begins with target.
func (b Brackets) mergeIntoString(target string, source any) any {
	if s, ok := source.(*branch); ok && s.overflow != none {
		o := newBranch()
		o.set("0", target)
		for name, value := range s.All() {
			i, _ := integer(name) // an object that counts has no other keys while it is new
			o.setIndex(i+1, value)
		}
		o.overflow = s.overflow + 1
		return o
	}
	return b.combine(target, source)
}

// mergeStringIntoObject gives the string the next number, or makes a list of the two.
func (b Brackets) mergeStringIntoObject(target *branch, source string) any {
	switch {
	case target.overflow != none:
		target.overflow++
		target.setIndex(target.overflow, source)
		return target
	case target.conflict != none:
		target.conflict++
		target.setIndex(target.conflict, source)
		return target
	}
	pair := newList(target, source)
	pair.conflict = 1
	return b.limit(pair, 2)
}

// mergeLists merges item by item: objects and lists in one place merge, of two other items the new one goes to the
// end.
func (b Brackets) mergeLists(target, source *list) any {
	for i, item := range source.items {
		if item == nil {
			continue
		}
		if !target.has(i) {
			target.put(i, item)
			continue
		}
		_, isString := item.(string)
		if _, wasString := target.items[i].(string); isString || wasString {
			target.items = append(target.items, item)
		} else {
			target.items[i] = b.merge(target.items[i], item)
		}
	}
	return b.limit(target, target.count())
}

// mergeObjects merges key by key, and keeps what target counts with up to date.
func (b Brackets) mergeObjects(target, source *branch) any {
	for name, value := range source.All() {
		if existing := target.Get(name); existing != nil {
			value = b.merge(existing, value)
		}
		target.set(name, value)
		if source.overflow != none && target.overflow == none {
			target.overflow = source.overflow
			for _, n := range target.names {
				if i, ok := integer(n); ok {
					target.overflow = max(target.overflow, i)
				}
			}
		}
		if i, ok := integer(name); ok {
			if target.overflow != none {
				target.overflow = max(target.overflow, i)
			}
			if target.conflict != none {
				target.conflict = max(target.conflict, i)
			}
		}
	}
	return target
}

// finish makes the value that Object holds: lists lose their holes.
func finish(value any) any {
	switch v := value.(type) {
	case *list:
		items := make([]any, 0, len(v.items))
		for _, item := range v.items {
			if item != nil {
				items = append(items, finish(item))
			}
		}
		return items
	case *branch:
		for i := range v.values {
			v.values[i] = finish(v.values[i])
		}
		return &v.Object
	}
	return value
}
