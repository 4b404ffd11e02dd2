package main

// The people of the story. They ask for cocktails over the loopback interface,
// each with a session of their own or with none, and know what the answer has to
// be whoever gives it.

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

const (
	members  = 100 // with a session
	visitors = 20
	parallel = 8   // requests at a time
	round    = 600 // requests of one stage
)

// person is somebody who keeps asking. A canary keeps a session on one side, and
// never takes in who has none.
type person struct {
	session string
	bucket  int // of the session; -1 for none
}

func (p person) in(share float64) bool {
	return p.bucket >= 0 && p.bucket < int(share*10_000)
}

type traffic struct {
	url    string
	http   *http.Client
	people []person
	ids    []string
	right  map[string]string // the answer for each id
}

// newTraffic makes the sessions and learns what is right from the database, not
// from a handler.
func newTraffic(ctx context.Context, url string, a *app) (*traffic, error) {
	t := &traffic{url: url, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: parallel}}, right: map[string]string{}}
	for range members {
		session, err := a.store.startSession(ctx, user{Name: "ada"})
		if err != nil {
			return nil, err
		}
		t.people = append(t.people, person{session, migrate.Bucket(a.pair.Name(), session)})
	}
	for range visitors {
		t.people = append(t.people, person{bucket: -1})
	}
	all, err := a.store.list(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		c, err := a.store.cocktail(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		body, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		t.ids = append(t.ids, c.ID)
		t.right[c.ID] = "200 " + string(body)
	}
	t.ids = append(t.ids, "water")
	t.right["water"] = `404 {"error":"there is no such cocktail"}`
	return t, nil
}

// members counts those whom a canary of that share takes in.
func (t *traffic) members(share float64) (n int) {
	for _, p := range t.people {
		if p.in(share) {
			n++
		}
	}
	return n
}

// tally is what the people saw.
type tally struct {
	old, new int // by the side that answered
	right    int
	failed   int    // 5xx
	strayed  int    // answered by another side than was expected
	first    string // that was wrong
}

func (t tally) String() string {
	return fmt.Sprintf("%d requests: %d answered by old, %d by new; %d right, %d with a 5xx",
		t.old+t.new, t.old, t.new, t.right, t.failed)
}

func (t tally) plus(u tally) tally {
	first := t.first
	if first == "" {
		first = u.first
	}
	return tally{t.old + u.old, t.new + u.new, t.right + u.right, t.failed + u.failed, t.strayed + u.strayed, first}
}

// ask sends one round of requests, spread over that time. byNew says whom new is
// to answer; nil does not care.
func (t *traffic) ask(ctx context.Context, during time.Duration, byNew func(person) bool) tally {
	began := time.Now()
	var crowd sync.WaitGroup
	var tallies [parallel]tally
	for w := range parallel {
		crowd.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(w)))
			for i := w; i < round; i += parallel {
				select {
				case <-time.After(time.Until(began.Add(during * time.Duration(i) / round))):
				case <-ctx.Done():
					return
				}
				who, id := t.people[i%len(t.people)], t.ids[random.IntN(len(t.ids))]
				tallies[w] = tallies[w].plus(t.get(ctx, who, id, byNew))
			}
		})
	}
	crowd.Wait()
	var all tally
	for _, one := range tallies {
		all = all.plus(one)
	}
	return all
}

func (t *traffic) get(ctx context.Context, who person, id string, byNew func(person) bool) tally {
	req, err := http.NewRequestWithContext(ctx, "GET", t.url+"/api/cocktails/"+id, nil)
	if err != nil {
		return tally{first: err.Error()}
	}
	if who.session != "" {
		req.AddCookie(&http.Cookie{Name: sessionCookie, Value: who.session})
	}
	res, err := t.http.Do(req)
	if err != nil {
		return tally{first: err.Error()}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return tally{first: err.Error()}
	}
	var saw tally
	isNew := res.Header.Get(sideHeader) != "reqres"
	if isNew {
		saw.new = 1
	} else {
		saw.old = 1
	}
	if byNew != nil && byNew(who) != isNew {
		saw.strayed = 1
	}
	if got := fmt.Sprintf("%d %s", res.StatusCode, body); got == t.right[id] {
		saw.right = 1
	} else {
		saw.first = got
	}
	if res.StatusCode >= 500 {
		saw.failed = 1
	}
	return saw
}
