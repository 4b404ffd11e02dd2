package main

// server.js, but for its handlers:
//
//	const express = require('express');
//	const app = express();
//	app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log('listening'));

import (
	"time"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/reqres"
)

// getArray answers GET /array. It is translated by a program: read it before it serves.
//
//	app.get('/array', (req, res) => res.send(['a']));
func getArray(req *reqres.Request, res *reqres.Response) error {
	return res.JSON([]any{"a"})
}

// postBody answers POST /body. It is translated by a program: read it before it serves.
//
//	app.post('/body', express.json(), (req, res) => {
//	  const { title, done = false } = req.body;
//	  if (typeof title !== 'string') return res.status(400).json({ error: 'title' });
//	  res.status(201).json({ title, done });
//	});
func postBody(req *reqres.Request, res *reqres.Response) error {
	body, err := jsonBody(req)
	if err != nil {
		return err
	}
	title := member(body, "title")
	done := member(body, "done")
	if done == nil {
		done = pointer(false)
	}
	if !isText(title) {
		return res.Status(400).JSON(struct {
			Error string `json:"error"`
		}{"title"})
	}
	return res.Status(201).JSON(struct {
		Title *any `json:"title,omitempty"`
		Done  *any `json:"done,omitempty"`
	}{title, done})
}

// getCookie answers GET /cookie. It is translated by a program: read it before it serves.
//
//	app.get('/cookie', (req, res) => res.cookie('a', 'b c', { httpOnly: true, path: '/x', maxAge: 1000, secure: true }).status(204).end());
func getCookie(req *reqres.Request, res *reqres.Response) error {
	return res.Cookie("a", "b c", crossfade.CookieOptions{HTTPOnly: true, Path: "/x", MaxAge: 1000 * time.Millisecond, Secure: true}).Status(204).End()
}

// getEtagID answers GET /etag/:id. It is a stub: res.set({ "X-A": "1" }) has no translation.
//
//	app.get('/etag/:id', (req, res) => {
//	  res.set({ 'X-A': '1' });
//	  res.json({ id: req.params.id });
//	});
func getEtagID(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "server.js", migrate.ErrDecline)
}

// getHTML answers GET /html. It is translated by a program: read it before it serves.
//
//	app.get('/html', (req, res) => res.status(202).type('html').send('<p>x</p>'));
func getHTML(req *reqres.Request, res *reqres.Response) error {
	return res.Status(202).Type("html").Send("<p>x</p>")
}

// getLang answers GET /lang. It is translated by a program: read it before it serves.
//
//	app.get('/lang', (req, res) => {
//	  const lang = req.get('Accept-Language') ?? 'en';
//	  if (req.header('X-Debug')) return res.status(418).send({ debug: true });
//	  return res.json({ lang });
//	});
func getLang(req *reqres.Request, res *reqres.Response) error {
	lang := orElse(optional(req.HeaderValues("Accept-Language")), "en")
	if req.Header("X-Debug") != "" {
		return res.Status(418).JSON(struct {
			Debug bool `json:"debug"`
		}{true})
	}
	return res.JSON(struct {
		Lang string `json:"lang"`
	}{lang})
}

// getLater answers GET /later. It is a stub: setTimeout(() => res.send("x"), 1) has no translation.
//
//	app.get('/later', (req, res) => setTimeout(() => res.send('x'), 1));
func getLater(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "server.js", migrate.ErrDecline)
}

// getNext answers GET /next. It is a stub: it calls next.
//
//	app.get('/next', (req, res, next) => next());
func getNext(req *reqres.Request, res *reqres.Response) error {
	return reqres.Errorf(501, "%s is not ported: %w", "server.js", migrate.ErrDecline)
}

// getParamsAB answers GET /params/:a/:b. It is translated by a program: read it before it serves.
//
//	app.get('/params/:a/:b', ({ params }, res) => { const { a, b: second } = params; res.json({ a, second }); });
func getParamsAB(req *reqres.Request, res *reqres.Response) error {
	a := req.Param("a")
	second := req.Param("b")
	return res.JSON(struct {
		A      string `json:"a"`
		Second string `json:"second"`
	}{a, second})
}

// getPlain answers GET /plain. It is translated by a program: read it before it serves.
//
//	app.get('/plain', (req, res) => res.set('Content-Type', 'text/plain').send('x'));
func getPlain(req *reqres.Request, res *reqres.Response) error {
	return res.Set("Content-Type", "text/plain").Send("x")
}

// getSend answers GET /send. It is translated by a program: read it before it serves.
//
//	app.get('/send', (req, res) => { res.send('text'); });
func getSend(req *reqres.Request, res *reqres.Response) error {
	return res.Send("text")
}

// getStatus answers GET /status. It is translated by a program: read it before it serves.
//
//	app.get('/status', (req, res) => res.sendStatus(404));
func getStatus(req *reqres.Request, res *reqres.Response) error {
	return res.SendStatus(404)
}

// getTagID answers GET /tag/:id. It is translated by a program: read it before it serves.
//
//	app.get('/tag/:id', (req, res) => res.json({ id: req.params.id, note: 'café & <b>' }));
func getTagID(req *reqres.Request, res *reqres.Response) error {
	return res.JSON(struct {
		ID   string `json:"id"`
		Note string `json:"note"`
	}{req.Param("id"), "café & <b>"})
}

// getTo answers GET /to. It is translated by a program: read it before it serves.
//
//	app.get('/to', (req, res) => res.redirect('/a b?c=d'));
func getTo(req *reqres.Request, res *reqres.Response) error {
	return res.Redirect("/a b?c=d")
}

// getToWhere answers GET /to/:where. It is translated by a program: read it before it serves.
//
//	app.get('/to/:where', (req, res) => res.redirect(303, `/x/${req.params.where}`));
func getToWhere(req *reqres.Request, res *reqres.Response) error {
	return res.Redirect("/x/"+req.Param("where"), 303)
}

// getVary answers GET /vary. It is translated by a program: read it before it serves.
//
//	app.get('/vary', (req, res) => { res.vary('Accept'); res.location('/here').status(201).json({ a: [] }); });
func getVary(req *reqres.Request, res *reqres.Response) error {
	res.Vary("Accept")
	return res.Location("/here").Status(201).JSON(struct {
		A any `json:"a"`
	}{[]any{}})
}

// getXml answers GET /xml. It is translated by a program: read it before it serves.
//
//	app.get('/xml', (req, res) => { res.type('application/xml'); res.send('<a/>'); });
func getXml(req *reqres.Request, res *reqres.Response) error {
	res.Type("application/xml")
	return res.Send("<a/>")
}
