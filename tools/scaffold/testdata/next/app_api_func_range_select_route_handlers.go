package main

// app/api/func/[range]/[select]/route.ts

import (
	"github.com/crossfade-go/crossfade/fetch"
)

// getFuncRangeSelect answers GET /api/func/[range]/[select]. It is translated by a program: read it before it serves.
//
//	export async function GET(req, ctx) {
//	  const { range, select } = await ctx.params;
//	  return Response.json({ range, select, 'a-b': "quote\" and `tick`", n: 1.5, t: true, nothing: null, list: [1, 'two', [3]] });
//	}
func getFuncRangeSelect(req *fetch.Request) (*fetch.Response, error) {
	rangeValue := req.Param("range")
	selectValue := req.Param("select")
	return fetch.JSON(struct {
		Range   string  `json:"range"`
		Select  string  `json:"select"`
		AB      string  `json:"a-b"`
		N       float64 `json:"n"`
		T       bool    `json:"t"`
		Nothing any     `json:"nothing"`
		List    any     `json:"list"`
	}{rangeValue, selectValue, "quote\" and `tick`", 1.5, true, nil, []any{1, "two", []any{3}}})
}
