package main

import "github.com/crossfade-go/crossfade"

// page is a part of a list: limit articles behind the first offset ones.
type page struct{ limit, offset int }

// pageOf reads a query, of a request of either shape. Bad values are a 422, as those of a body.
func pageOf(query func(name string) string) (page, error) {
	limit, err := crossfade.Value("limit", query("limit"), uint16(20))
	if err != nil {
		return page{}, err
	}
	offset, err := crossfade.Value("offset", query("offset"), uint16(0))
	return page{int(limit), int(offset)}, err
}
