package tofetch

// Whether a constructor, with what has been said, gives a client the same answer.

import (
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/tools/internal/play"
)

// fits returns the options with which a constructor answers as the calls do, whatever of what may have
// been said was said, or the reason why there are none.
func (c *conv) fits(cand candidate, k link, last play.Call, p pending, withType bool) (options, why string) {
	options, why = c.fitsAfter(cand, k, last, p.maybe, p.said, withType)
	if why != "" || len(p.maybe) == 0 {
		return options, why
	}
	if fewer, _ := c.fitsAfter(cand, k, last, nil, p.said, withType); fewer != options {
		return "", "is answered in two ways, depending on what was said before"
	}
	if options == "" {
		return c.options + "...", ""
	}
	return "append(" + c.options + ", " + options + ")...", ""
}

// fitsAfter is fits where all of maybe has been said, in a variable.
func (c *conv) fitsAfter(cand candidate, k link, last play.Call, maybe, said []said, withType bool) (options, why string) {
	var calls []play.Call
	var before, list []option
	for _, s := range maybe {
		calls, before = append(calls, s.old), append(before, s.new...)
	}
	for _, s := range said {
		calls, list = append(calls, s.old), append(list, s.new...)
	}
	want := play.Old(append(calls, last))
	say := func(name string, args []any, texts ...string) option {
		return option{play.Call{Name: name, Args: args}, c.fetch + "." + name + "(" + strings.Join(texts, ", ") + ")"}
	}
	plain := withoutStatus(list, false)
	tries := [][]option{withoutStatus(list, true)}
	switch {
	case k.name == "SendStatus" || k.name == "Redirect":
		text := strconv.Itoa(want.Status)
		if n := len(k.args) - 1; n == 1 || k.name == "SendStatus" {
			text = c.text(k.args[n])
		}
		tries = [][]option{plain, append(plain[:len(plain):len(plain)], say("Status", []any{want.Status}, text))}
	case cand.name == "NoContent":
		tries = [][]option{plain} // another status than its own is NewResponse's
	}
	if tag := want.Header.Get("ETag"); tag != "" && (k.name == "Send" && cand.name == "NewResponse" || k.name == "SendStatus" && cand.name == "NoContent") {
		// An empty body has a tag, and a 204 that of the phrase which it does not send.
		tries[0] = append(tries[0][:len(tries[0]):len(tries[0])], say("SetHeader", []any{"ETag", tag}, `"ETag"`, quote(tag)))
	}
	if types := want.Header.Values("Content-Type"); withType && len(types) == 1 {
		for i, t := range tries {
			tries[i] = append(t[:len(t):len(t)], say("SetHeader", []any{"Content-Type", types[0]}, `"Content-Type"`, strconv.Quote(types[0])))
		}
	}
	var got play.Answer
	for i, t := range tries {
		var o []play.Call
		for _, x := range append(before[:len(before):len(before)], t...) {
			o = append(o, x.Call)
		}
		answer := play.New(play.Call{Name: cand.name, Args: argsFor(cand, last)}, o)
		if reflect.DeepEqual(answer, want) {
			var texts []string
			for _, x := range t {
				texts = append(texts, x.text)
			}
			return strings.Join(texts, between), ""
		}
		if i == 0 {
			got = answer
		}
	}
	return "\x00", fmt.Sprintf("is answered with %v, and fetch.%s gives %v", want, cand.name, got)
}

// argsFor returns the arguments of a constructor in a play; a text that the program computes from
// the status is the text of the status.
func argsFor(cand candidate, last play.Call) []any {
	if cand.name == "Text" && cand.args == nil {
		return []any{http.StatusText(last.Args[0].(int))}
	}
	return cand.args
}

// withoutStatus drops the statuses, all or but for the last one.
func withoutStatus(list []option, keepLast bool) (out []option) {
	last := -1
	for i, o := range list {
		if o.Name == "Status" && keepLast {
			last = i
		}
	}
	for i, o := range list {
		if i == last || o.Name != "Status" {
			out = append(out, o)
		}
	}
	return out
}

// appended returns the statement that adds what is said to the variable of options.
func (c *conv) appended(s said) string {
	var texts []string
	for _, o := range s.new {
		texts = append(texts, o.text)
	}
	return c.options + " = append(" + c.options + ", " + strings.Join(texts, ", ") + ")"
}
