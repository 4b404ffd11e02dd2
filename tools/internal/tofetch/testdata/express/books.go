package express

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
)

// ping is the smallest handler.
func ping(req *reqres.Request, res *reqres.Response) error {
	return res.Send("pong")
}

func (s *shop) listBooks(req *reqres.Request, res *reqres.Response) error {
	limit, err := strconv.Atoi(req.Query("limit"))
	if err != nil {
		limit = 20
	}
	books := s.shelf.find(req.Query("author"), limit)
	res.Set("X-Total", strconv.Itoa(len(books)))
	return res.JSON(books)
}

func (s *shop) showBook(req *reqres.Request, res *reqres.Response) error {
	b, err := s.shelf.get(req.Context(), req.Param("id"))
	switch {
	case errors.Is(err, errMissing):
		return res.Status(404).JSON(apiError{Message: "not found"})
	case err != nil:
		return err // becomes a 500
	}
	return res.JSON(b)
}

type newBook struct {
	Title  string  `json:"title"`
	Author string  `json:"author"`
	Price  float64 `json:"price"`
}

func (n newBook) Validate() error {
	wrong := map[string]string{}
	if n.Title == "" {
		wrong["title"] = "is required"
	}
	if n.Price < 0 {
		wrong["price"] = "is below zero"
	}
	return reqres.Invalid(wrong)
}

func (s *shop) addBook(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[newBook](req)
	if err != nil {
		return err
	}
	b := s.shelf.put(book{Title: in.Title, Author: in.Author, Price: in.Price})
	return res.Status(http.StatusCreated).
		Set("Location", "/books/"+b.ID). // where it is now
		JSON(b)
}

func (s *shop) changeBook(req *reqres.Request, res *reqres.Response) error {
	b, err := s.shelf.get(req.Context(), req.Param("id"))
	if err != nil {
		return fail(res, 404, "no_book")
	}
	var patch struct {
		Title *string `json:"title"`
		Stock *int    `json:"stock"`
	}
	if err := req.JSON(&patch); err != nil {
		return err
	}
	if patch.Title != nil {
		b.Title = *patch.Title
	}
	if patch.Stock != nil {
		if *patch.Stock < 0 {
			return fail(res, 422, "bad_stock")
		}
		b.Stock = *patch.Stock
	}
	return res.JSON(s.shelf.put(b))
}

// fail answers with an error, as most services on Express have a function for.
func fail(res *reqres.Response, status int, code string) error {
	return res.Status(status).JSON(apiError{Message: strings.ReplaceAll(code, "_", " "), Code: code})
}

func (s *shop) removeBook(req *reqres.Request, res *reqres.Response) error {
	if err := s.shelf.drop(req.Param("id")); err != nil {
		return res.SendStatus(404)
	}
	return res.Status(204).End()
}

// buy answers in statements of their own, and returns nil at the end.
func (s *shop) buy(req *reqres.Request, res *reqres.Response) error {
	b, err := s.shelf.get(req.Context(), req.Param("id"))
	if err != nil {
		res.Status(404)
		res.JSON(apiError{Message: "what book?"})
		return nil
	}
	if b.Stock == 0 {
		res.Status(409).JSON(apiError{Message: "sold out"})
	} else {
		b.Stock--
		res.JSON(s.shelf.put(b))
	}
	return nil
}

func (s *shop) cover(req *reqres.Request, res *reqres.Response) error {
	png := []byte("\x89PNG\r\n\x1a\n" + req.Param("id"))
	res.Type("png").Set("Cache-Control", "public, max-age=3600")
	return res.Send(png)
}

func (s *shop) csv(req *reqres.Request, res *reqres.Response) error {
	var b strings.Builder
	b.WriteString("id;title\n")
	for _, x := range s.shelf.find("", 0) {
		fmt.Fprintf(&b, "%s;%s\n", x.ID, x.Title)
	}
	res.Attachment("books.csv")
	return res.Send(b.String())
}

// page sends HTML, and plain text where it has been asked for.
func (s *shop) page(req *reqres.Request, res *reqres.Response) error {
	if req.Query("plain") != "" {
		return res.Type("text").Send(s.name)
	} else if req.Query("xml") == "yes" {
		return res.Type("application/xml").Send("<shop>" + s.name + "</shop>")
	} else {
		return res.Send("<h1>" + s.name + "</h1>")
	}
}

// old is a path that has moved for good.
func old(req *reqres.Request, res *reqres.Response) error {
	return res.Redirect("/books/"+req.Param("id"), http.StatusMovedPermanently)
}

// cart sets a status that depends on the way, in a variable.
func (s *shop) cart(req *reqres.Request, res *reqres.Response) error {
	status := http.StatusOK
	b, err := s.shelf.get(req.Context(), req.Param("id"))
	if err != nil {
		b, status = book{ID: req.Param("id")}, http.StatusCreated
	}
	return res.Status(status).JSON(s.shelf.put(b))
}

// byMethod is one handler for all methods.
func (s *shop) byMethod(req *reqres.Request, res *reqres.Response) error {
	switch req.Method() {
	case "GET", "HEAD":
		return s.showBook(req, res)
	case "PUT":
		return s.changeBook(req, res)
	case "DELETE":
		return s.removeBook(req, res)
	default:
		res.Set("Allow", "GET, PUT, DELETE")
		return res.Status(405).End()
	}
}

// first answers out of a loop.
func (s *shop) first(req *reqres.Request, res *reqres.Response) error {
	for i, id := range req.QueryValues("id") {
		b, err := s.shelf.get(req.Context(), id)
		if err != nil {
			continue
		}
		return res.Set("X-Tried", strconv.Itoa(i)).JSON(b)
	}
	return res.SendStatus(http.StatusNotFound)
}

// search has a check that is written as a function.
func (s *shop) search(req *reqres.Request, res *reqres.Response) error {
	q := strings.TrimSpace(req.Query("q"))
	refuse := func(text string) error {
		return res.Status(400).JSON(apiError{Message: text})
	}
	if q == "" {
		return refuse("q is missing")
	}
	if len(q) > 20 {
		return refuse("q is too long")
	}
	/* case does not count */
	q = strings.ToLower(q)
	out := []book{}
	for _, b := range s.shelf.find("", 0) {
		if strings.Contains(strings.ToLower(b.Title), q) {
			out = append(out, b)
		}
	}
	return res.JSON(map[string]any{"q": q, "books": out})
}
