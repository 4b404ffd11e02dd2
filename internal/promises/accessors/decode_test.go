package accessors_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/fetch"
	"github.com/crossfade-go/crossfade/reqres"
)

type order struct {
	Item  string `json:"item"`
	Count struct {
		Of int `json:"of"`
	} `json:"count"`
}

func (o order) Validate() error {
	if o.Item == "sold" {
		return crossfade.Errorf(409, "sold out")
	}
	return nil
}

// Decode says the same in both shapes: 415 of another media type, 400 with the field of a wrong
// type, and the status that Validate returns.
func TestDecode(t *testing.T) {
	for _, tt := range []struct{ contentType, body, want string }{
		{"application/json", `{"item":"a"}`, `200 "a"`},
		{"", `{"item":"a"}`, `200 "a"`},
		{"application/problem+json; charset=utf-8", `{"item":"a"}`, `200 "a"`},
		{"text/plain", `{"item":"a"}`, `415 {"error":"the body must be of the type application/json, not \"text/plain\""}`},
		{"application/x-www-form-urlencoded", "item=a", `415 {"error":"the body must be of the type application/json, not \"application/x-www-form-urlencoded\""}`},
		{"nonsense", "{}", `415 {"error":"the body must be of the type application/json, not \"nonsense\""}`},
		{"application/json", `{"item":1}`, `400 {"error":"field \"item\": expected a string, got a number","fields":{"item":"expected a string, got a number"}}`},
		{"application/json", `{"count":{"of":"1"}}`, `400 {"error":"field \"count.of\": expected a number, got a string","fields":{"count.of":"expected a number, got a string"}}`},
		{"application/json", `[]`, `400 {"error":"line 1, column 1: expected an object, got an array"}`},
		{"application/json", `{"item":"sold"}`, `409 {"error":"sold out"}`},
	} {
		inFetch := fetch.Handler(func(req *fetch.Request) (*fetch.Response, error) {
			o, err := fetch.Decode[order](req)
			if err != nil {
				return nil, err
			}
			return fetch.JSON(o.Item)
		})
		inReqRes := reqres.Handler(func(req *reqres.Request, res *reqres.Response) error {
			o, err := reqres.Decode[order](req)
			if err != nil {
				return err
			}
			return res.JSON(o.Item)
		})
		for shape, serve := range map[string]func(*httptest.ResponseRecorder, string){
			"fetch": func(w *httptest.ResponseRecorder, body string) {
				r := httptest.NewRequest("POST", "/", strings.NewReader(body))
				r.Header.Set("Content-Type", tt.contentType)
				inFetch.ServeHTTP(w, r)
			},
			"reqres": func(w *httptest.ResponseRecorder, body string) {
				r := httptest.NewRequest("POST", "/", strings.NewReader(body))
				r.Header.Set("Content-Type", tt.contentType)
				inReqRes.ServeHTTP(w, r)
			},
		} {
			w := httptest.NewRecorder()
			serve(w, tt.body)
			status, body, _ := strings.Cut(tt.want, " ")
			if w.Code != map[string]int{"200": 200, "400": 400, "409": 409, "415": 415}[status] || w.Body.String() != body {
				t.Errorf("%s, %q of %q: %d %s, want %s", shape, tt.body, tt.contentType, w.Code, w.Body, tt.want)
			}
		}
	}
}
