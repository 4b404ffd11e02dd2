// Package pages is the second corpus of the codemod: a blog as the API Routes of Next.js look, in the
// mutable shape.
package pages

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/crossfade-go/crossfade/reqres"
	"github.com/crossfade-go/crossfade/tools/internal/tofetch/testdata/pages/data"
	"github.com/crossfade-go/crossfade/tools/internal/tofetch/testdata/pages/session"
)

type api struct{ blog *data.Blog }

func newAPI() *api { return &api{blog: data.New()} }

// postBySlug is pages/api/posts/[slug].ts: one function for all methods.
func (a *api) postBySlug(req *reqres.Request, res *reqres.Response) error {
	slug := req.Param("slug")
	switch req.Method() {
	case http.MethodGet:
		post, err := a.blog.Post(slug)
		if err != nil {
			return res.Status(404).JSON(map[string]string{"error": "Post not found"})
		}
		return res.Status(200).JSON(post)
	case http.MethodPatch:
		user, ok := session.Of(req)
		if !ok || user.Role != "admin" {
			return session.Refuse(res, "admins only")
		}
		post, err := a.blog.Post(slug)
		if err != nil {
			return res.Status(404).End()
		}
		change, err := session.Body[struct {
			Title string `json:"title"`
		}](req)
		if err != nil {
			return err
		}
		post.Title = change.Title
		a.blog.Put(post)
		return res.JSON(post)
	case http.MethodDelete:
		if !a.blog.Remove(slug) {
			return res.Status(404).End()
		}
		return res.Status(204).End()
	default:
		res.Set("Allow", strings.Join([]string{"GET", "PATCH", "DELETE"}, ", "))
		return res.Status(405).Send("Method " + req.Method() + " Not Allowed")
	}
}

// posts lists with a cursor, and creates.
func (a *api) posts(req *reqres.Request, res *reqres.Response) error {
	if req.Method() == "POST" {
		return a.createPost(req, res)
	}
	take, err := strconv.Atoi(req.Query("take"))
	if err != nil || take < 1 || take > 50 {
		take = 10
	}
	all := a.blog.Posts(req.Query("tag"))
	from := 0
	if cursor := req.Query("cursor"); cursor != "" {
		from = 1 + slices.IndexFunc(all, func(p data.Post) bool { return p.Slug == cursor })
		if from == 0 {
			return reqres.Errorf(400, "cursor %q does not exist", cursor)
		}
	}
	to := min(from+take, len(all))
	next := ""
	if to < len(all) {
		next = all[to-1].Slug
		res.Append("Link", fmt.Sprintf("</api/posts?cursor=%s>; rel=next", next))
	}
	return res.JSON(struct {
		Posts []data.Post `json:"posts"`
		Next  string      `json:"next,omitempty"`
	}{all[from:to], next})
}

type newPost struct {
	Slug  string   `json:"slug"`
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

func (a *api) createPost(req *reqres.Request, res *reqres.Response) error {
	in, err := reqres.Decode[newPost](req)
	if err != nil {
		return err
	}
	if problems := validate(in); len(problems) > 0 {
		return res.Status(422).JSON(map[string]any{"errors": problems})
	}
	err = a.blog.Add(data.Post{Slug: in.Slug, Title: in.Title, Tags: in.Tags})
	if errors.Is(err, data.ErrTaken) {
		return res.Status(http.StatusConflict).JSON(map[string]string{"error": err.Error()})
	} else if err != nil {
		return err
	}
	return res.Status(201).Location("/api/posts").JSON(in)
}

func validate(in newPost) (problems []string) {
	if in.Slug == "" || strings.Contains(in.Slug, " ") {
		problems = append(problems, "slug")
	}
	if len(in.Title) < 3 {
		problems = append(problems, "title")
	}
	return problems
}

// like answers in the middle, and once more at the end, never twice.
func (a *api) like(req *reqres.Request, res *reqres.Response) error {
	if req.Method() != "POST" {
		res.Set("Allow", "POST")
		return res.SendStatus(405)
	}
	post, err := a.blog.Post(req.Param("slug"))
	if err == nil {
		post.Likes++
		a.blog.Put(post)
		res.Status(200).JSON(map[string]int{"likes": post.Likes})
	} else {
		res.Status(404).JSON(map[string]int{"likes": 0})
	}
	return nil
}

// related keeps the best ones of a loop.
func (a *api) related(req *reqres.Request, res *reqres.Response) error {
	post, err := a.blog.Post(req.Param("slug"))
	if err != nil {
		return reqres.Errorf(404, "no post %q", req.Param("slug"))
	}
	var related []data.Post
	for _, tag := range post.Tags {
		for _, p := range a.blog.Posts(tag) {
			if p.Slug != post.Slug {
				related = append(related, p)
			}
		}
	}
	if related == nil {
		return res.Status(204).End()
	}
	return res.JSON(related)
}

// feed is an RSS feed.
func (a *api) feed(req *reqres.Request, res *reqres.Response) error {
	type item struct {
		Title string `xml:"title"`
		Link  string `xml:"link"`
	}
	feed := struct {
		XMLName xml.Name `xml:"rss"`
		Items   []item   `xml:"channel>item"`
	}{}
	for _, p := range a.blog.Posts("") {
		feed.Items = append(feed.Items, item{p.Title, "https://blog.example.com/" + p.Slug})
	}
	text, err := xml.Marshal(feed)
	if err != nil {
		return err
	}
	res.Set("Content-Type", "application/rss+xml")
	res.Set("Cache-Control", "s-maxage=3600, stale-while-revalidate")
	return res.Send(string(text))
}

// sitemap writes as it goes.
func (a *api) sitemap(req *reqres.Request, res *reqres.Response) error {
	res.Type("xml")
	fmt.Fprint(res, "<urlset>")
	for _, p := range a.blog.Posts("") {
		fmt.Fprintf(res, "<url><loc>/%s</loc></url>", p.Slug)
	}
	fmt.Fprint(res, "</urlset>")
	return res.End()
}

func robots(req *reqres.Request, res *reqres.Response) error {
	if strings.HasSuffix(req.Hostname(), ".example.com") {
		return res.Set("Content-Type", "text/plain").Send("User-agent: *\nAllow: /\n")
	}
	return res.Set("Content-Type", "text/plain").Send("User-agent: *\nDisallow: /\n")
}
