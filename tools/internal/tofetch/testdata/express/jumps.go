package express

import (
	"fmt"
	"strconv"

	"github.com/crossfade-go/crossfade/adapt"
	"github.com/crossfade-go/crossfade/reqres"
)

// Ways that leave a statement in the middle, results with names, and other rare forms.
func jumps(r *adapt.Routes) {
	greet := &greeter{words: map[string]string{"en": "hello", "fr": "salut"}}
	r.ReqRes.GET("/jumps/falls", falls)
	r.ReqRes.GET("/jumps/breaks", breaks)
	r.ReqRes.GET("/jumps/leaves", leaves)
	r.ReqRes.GET("/jumps/skips", skips)
	r.ReqRes.GET("/jumps/found", found)
	r.ReqRes.GET("/jumps/named/:n", named)
	r.ReqRes.GET("/jumps/instance", instance[int](3))
	r.ReqRes.POST("/jumps/orders/:n", order)
	r.ReqRes.GET("/jumps/greet", greet.serve)
	r.ReqRes.GET("/jumps/short", unlessOff(short))
}

// falls sets a header for the clause below.
func falls(req *reqres.Request, res *reqres.Response) error {
	switch q := req.Query("q"); {
	case len(q) > 3:
		res.Set("X-Long", q)
		fallthrough
	case len(q) > 2:
		if q == "abcd" {
			return res.JSON(q)
		}
	}
	return res.SendStatus(404)
}

// breaks leaves a switch behind a header.
func breaks(req *reqres.Request, res *reqres.Response) error {
	n := 0
	switch req.Query("kind") {
	case "a":
		if req.Query("b") != "" {
			res.Set("X-B", "1").Status(202)
			break
		}
		n++
	case "c":
		n--
	}
	return res.JSON(n)
}

// leaves jumps over what others do.
func leaves(req *reqres.Request, res *reqres.Response) error {
	n := 1
	if req.Query("skip") != "" {
		res.Set("X-Skipped", "yes")
		goto end
	}
	n = 2
end:
	return res.JSON(n)
}

// skips goes on with the outer loop, and finds nothing or the status.
func skips(req *reqres.Request, res *reqres.Response) error {
	n := 0
rows:
	for i := range 3 {
		for j := range 3 {
			if req.Query("j") == strconv.Itoa(j) {
				res.Status(206)
				continue rows
			}
			n += i
		}
	}
	return res.JSON(n)
}

// found breaks out of a loop before it answers in two ways.
func found(req *reqres.Request, res *reqres.Response) error {
	for _, name := range []string{"x", "y"} {
		if name == req.Query("name") {
			res.Type("txt")
			break
		}
	}
	if req.Query("text") == "1" {
		return res.Send([]byte("text"))
	}
	return res.JSON("json")
}

// named gives its error a name, and returns it bare.
func named(req *reqres.Request, res *reqres.Response) (err error) {
	res.Set("X-Named", "1")
	var n int
	if n, err = strconv.Atoi(req.Param("n")); err != nil {
		err = reqres.Errorf(400, "not a number: %w", err)
		return
	}
	if n > 2 {
		return reqres.Errorf(422, "too many")
	}
	return res.JSON(n)
}

func instance[T any](v T) reqres.Handler {
	return func(req *reqres.Request, res *reqres.Response) error { return res.JSON(v) }
}

func order(req *reqres.Request, res *reqres.Response) error {
	n, err := strconv.Atoi(req.Param("n"))
	if err != nil {
		return res.Status(400).Send("a number")
	}
	return res.Status(201).Location(fmt.Sprintf("/orders/%d/items", n)).JSON(n)
}

// greeter is made where it is registered.
type greeter struct{ words map[string]string }

func (g *greeter) serve(req *reqres.Request, res *reqres.Response) error {
	word, ok := g.words[req.Query("lang")]
	if !ok {
		word = g.words["en"][:1] + "i"
	}
	return res.Send(word)
}

// Other names of the library's types.
type (
	request  = reqres.Request
	response = reqres.Response
	handle   = reqres.Handler
)

func short(req *request, res *response) error { return res.Send(req.Query("name")) }

// unlessOff serves unless a query says otherwise.
func unlessOff(next handle) handle {
	return func(req *request, res *response) error {
		if req.Query("off") != "" {
			return res.Status(404).JSON(nil)
		}
		return next(req, res)
	}
}
