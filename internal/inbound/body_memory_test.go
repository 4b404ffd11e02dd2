package inbound

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/crossfade-go/crossfade"
)

// A2: with the limits that everybody has, many bodies that are announced and do not come are a few
// KiB each.
func TestA2ManyAnnouncedBodies(t *testing.T) {
	const clients = 300
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range clients {
		_, b, _ := post("", 1<<20, crossfade.Limits{})
		if _, err := b.Collect(); status(err) != "400" {
			t.Fatalf("1 MiB announced, nothing sent: %v", err)
		}
	}
	runtime.ReadMemStats(&after)
	if cost := (after.TotalAlloc - before.TotalAlloc) / clients; cost > 16<<10 {
		t.Errorf("1 MiB announced, nothing sent: %d bytes of memory", cost)
	}
}

// A1: memory is for what has arrived, whatever length is announced and however high the limit is.
func TestA1AnnouncedLengths(t *testing.T) {
	var before, after runtime.MemStats
	for _, limit := range []int64{-1, 1 << 50} {
		for _, announced := range []int64{200e12, 1 << 40, 1 << 30, 1 << 20} {
			runtime.ReadMemStats(&before)
			_, b, _ := post("x", announced, crossfade.Limits{Body: limit})
			_, err := b.Collect()
			runtime.ReadMemStats(&after)
			if status(err) != "400" {
				t.Errorf("%d announced, one byte sent: %v", announced, err)
			}
			if cost := after.TotalAlloc - before.TotalAlloc; cost > 64<<10 {
				t.Errorf("%d announced, one byte sent: %d bytes of memory", announced, cost)
			}
		}
	}
	for _, size := range []int{0, 1, 4095, 4096, 4097, 16<<10 + 1, 1 << 20, 3<<20 + 7} {
		sent := strings.Repeat("x", size)
		_, b, _ := post(sent, int64(size), crossfade.Limits{Body: -1})
		if got, err := b.Collect(); string(got) != sent || err != nil {
			t.Errorf("%d bytes: %d, %v", size, len(got), err)
		}
	}
}

// A18: a length of 0 is unknown where there is a body, as http.NewRequest has it for a reader of
// its own.
func TestA18LengthZero(t *testing.T) {
	for name, read := range readers {
		r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(strings.NewReader("body")))
		r.ContentLength = 0
		x := &Request{R: r, Env: limited(crossfade.Limits{})}
		if got, err := read(x.BodyFrom(nil)); string(got) != "body" || err != nil || !x.HasBody() {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("x", 9))), 0
		x = &Request{R: r, Env: limited(crossfade.Limits{Body: 8, Stream: 8})}
		if _, err := read(x.BodyFrom(nil)); status(err) != "413" {
			t.Errorf("%s beyond its limit: %v", name, err)
		}
	}
}
