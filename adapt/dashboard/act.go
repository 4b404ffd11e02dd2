package dashboard

// What a person does to a pair. Each act has who, is told to the log of the mux, and is kept for
// the page, also one that was refused. A kill never waits for anybody: it holds in this replica
// before the document of all is asked.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/internal/rollout/fleet"
)

// order is the body of v1/act.
type order struct {
	Act     string        `json:"act"`     // kill, lower, raise or reset
	Pair    string        `json:"pair"`    // its name
	Plan    *migrate.Plan `json:"plan"`    // of lower and raise
	Reason  string        `json:"reason"`  // of kill; of reset what was looked at
	Despite bool          `json:"despite"` // raise although evidence is missing
	Here    bool          `json:"here"`    // in this replica only, where all could be told
}

// levels is what an act needs.
var levels = map[string]Level{"kill": Lower, "lower": Lower, "raise": Raise, "reset": Raise}

// done is the answer to an act.
type done struct {
	Version  int             `json:"version"`
	Done     string          `json:"done"`               // in words
	Document uint64          `json:"document,omitempty"` // the version that was written, for all replicas
	Replicas int             `json:"replicas,omitempty"` // that will follow it, as far as is known
	Row      json.RawMessage `json:"row"`
}

// entry is one act in the audit log.
type entry struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Act    string    `json:"act"`
	Pair   string    `json:"pair"`
	Plan   string    `json:"plan,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Result string    `json:"result"` // what was done, or why not
	OK     bool      `json:"ok"`
}

// maxOrder bounds the body.
const maxOrder = 16 << 10

func refuse(status int, format string, args ...any) error {
	return &refusal{status: status, Text: fmt.Sprintf(format, args...)}
}

func (v visit) act() {
	o, err := v.order()
	var out done
	if err == nil {
		out, err = v.obey(o)
		v.note(o, out, err)
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		v.reply(r.status, r)
		return
	}
	if err != nil {
		v.fail(http.StatusConflict, err.Error())
		return
	}
	v.look(time.Now(), false)
	v.watch.mu.Lock()
	out.Version, out.Row = version, v.named[o.Pair].shown
	v.watch.mu.Unlock()
	v.reply(http.StatusOK, out)
}

// order reads the body.
func (v visit) order() (o order, err error) {
	if kind, _, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type")); kind != "application/json" {
		return o, refuse(http.StatusUnsupportedMediaType, "the body is JSON: send Content-Type: application/json")
	}
	d := json.NewDecoder(http.MaxBytesReader(v.w, v.r.Body, maxOrder))
	d.DisallowUnknownFields()
	if err = d.Decode(&o); err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more text follows the order")
		}
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return o, refuse(http.StatusRequestEntityTooLarge, "the order is longer than %d bytes", maxOrder)
	}
	if err != nil {
		return o, refuse(http.StatusBadRequest, "the order cannot be read: %s", strings.ReplaceAll(err.Error(), "json: ", ""))
	}
	o.Reason = strings.TrimSpace(clip(o.Reason))
	return o, nil
}

// obey does what is ordered, if it may be done.
func (v visit) obey(o order) (done, error) {
	t, level := v.named[o.Pair], levels[o.Act]
	switch {
	case level == None:
		return done{}, refuse(http.StatusBadRequest, "%q is not an act; it is kill, lower, raise or reset", clip(o.Act))
	case v.level < level:
		return done{}, refuse(http.StatusForbidden, "to %s needs the level %s, and you have %s", o.Act, level.name(), v.level.name())
	case v.by == "":
		return done{}, refuse(http.StatusForbidden, "nobody knows who you are: Config.Authorize returned no name")
	case t == nil:
		return done{}, refuse(http.StatusNotFound, "there is no pair %q", clip(o.Pair))
	case o.Reason == "" && o.Act == "kill":
		return done{}, refuse(http.StatusBadRequest, "say why, for those who will look: the reason is empty")
	case o.Reason == "" && o.Act == "reset":
		return done{}, refuse(http.StatusBadRequest, "say what you have looked at: the reason is empty")
	}
	f := inAdapt.Follower(v.mux)
	if f != nil && (o.Here || !f.Writable()) {
		f = nil
	}
	ctx, cancel := context.WithTimeout(v.r.Context(), 10*time.Second)
	defer cancel()
	switch o.Act {
	case "kill":
		return v.kill(ctx, f, t, o)
	case "reset":
		return v.reset(ctx, f, t, o)
	}
	return v.set(ctx, f, t, o)
}

func (v visit) kill(ctx context.Context, f *fleet.Follower, t *tracked, o order) (done, error) {
	t.Kill(o.Reason, v.by)
	if f == nil {
		return done{Done: "killed in this replica only"}, nil
	}
	out, err := write(ctx, f, o.Pair, func(d *migrate.Directive) error {
		d.Hold, d.Release, d.By = o.Reason, "", v.by
		return nil
	})
	if err != nil {
		return out, refuse(http.StatusBadGateway, "killed in this replica; the others could not be told: %v", err)
	}
	out.Done = "killed here, and held for all replicas"
	return out, nil
}

func (v visit) reset(ctx context.Context, f *fleet.Follower, t *tracked, o order) (out done, err error) {
	is := t.Snapshot()
	out.Done = "reset in this replica"
	if f != nil && is.Document != nil {
		out, err = write(ctx, f, o.Pair, func(d *migrate.Directive) error {
			d.Hold, d.Release, d.By = "", is.Document.Reason, v.by
			return nil
		})
		if err != nil {
			return out, fmt.Errorf("the hold of all replicas could not be released: %w", err)
		}
		out.Done = "released for all replicas"
		if is.Held == nil && is.Latched == nil {
			return out, nil
		}
		out.Done = "reset here, and released for all replicas; one that has tripped by itself waits for a reset of its own"
	}
	if err = t.Reset(v.by); f != nil && is.Document != nil && errors.Is(err, migrate.ErrHeld) {
		err = nil // until the release has come back
	}
	return out, err
}

// set lowers or raises.
func (v visit) set(ctx context.Context, f *fleet.Follower, t *tracked, o order) (out done, err error) {
	if o.Plan == nil {
		return out, refuse(http.StatusBadRequest, "to %s needs a plan", o.Act)
	}
	if err := inMigrate.Check(t.Pair, *o.Plan); err != nil {
		return out, refuse(http.StatusBadRequest, "%v", err)
	}
	raises := o.Act == "raise"
	direction := func(from migrate.Plan) error {
		if inMigrate.Raises(from, *o.Plan) != raises && from != *o.Plan {
			return refuse(http.StatusConflict, "%v does not %s %v, which is wanted now", o.Plan, o.Act, from)
		}
		return nil
	}
	if err := direction(t.Snapshot().Wanted); err != nil {
		return out, err
	}
	if raises && !o.Despite {
		v.lookAt(t)
		v.watch.mu.Lock()
		missing := v.missing(t, time.Now())
		v.watch.mu.Unlock()
		if len(missing) > 0 {
			return out, &refusal{http.StatusConflict, "evidence is missing; to raise all the same, say \"despite\": true", missing}
		}
	}
	if f != nil {
		out, err = write(ctx, f, o.Pair, func(d *migrate.Directive) error {
			if d.Plan != nil {
				if err := direction(*d.Plan); err != nil {
					return err
				}
			}
			d.Plan, d.By = o.Plan, v.by
			return nil
		})
		out.Done = fmt.Sprintf("%v is wanted of all replicas", o.Plan)
		return out, err
	}
	err = t.Set(*o.Plan, v.by)
	out.Done = fmt.Sprintf("%v is in force in this replica", o.Plan)
	if errors.Is(err, migrate.ErrHeld) {
		out.Done, err = fmt.Sprintf("%v is wanted, and not in force before a reset", o.Plan), nil
	}
	return out, err
}

// write changes the document. Somebody may have changed it meanwhile: then what that says is waited
// for, and the change is made to it. What it has written comes back to this replica by its source,
// for which it waits a moment: the next act must find what this one did.
func write(ctx context.Context, f *fleet.Follower, pair string, change func(*migrate.Directive) error) (out done, err error) {
	for range 5 {
		if out.Document, err = f.Write(ctx, pair, change); !errors.Is(err, migrate.ErrVersion) {
			break
		}
		select {
		case <-ctx.Done():
			return done{}, context.Cause(ctx)
		case <-time.After(300 * time.Millisecond):
		}
	}
	if err != nil {
		return done{}, err
	}
	for end := time.Now().Add(2 * time.Second); f.Replicas()[f.Replica] < out.Document && time.Now().Before(end) && ctx.Err() == nil; {
		time.Sleep(5 * time.Millisecond)
	}
	out.Replicas = len(f.Replicas())
	return out, nil
}

// note keeps the act, and tells it to the log.
func (v visit) note(o order, out done, err error) {
	e := entry{At: time.Now(), By: clip(v.by), Act: clip(o.Act), Pair: clip(o.Pair), Reason: o.Reason, Result: out.Done, OK: err == nil}
	level := slog.LevelInfo
	if o.Plan != nil {
		e.Plan = o.Plan.String()
	}
	if o.Despite {
		e.Plan += ", despite missing evidence"
	}
	if err != nil {
		e.Result, level = err.Error(), slog.LevelWarn
	}
	v.watch.mu.Lock()
	v.watch.audit = keep(v.watch.audit, e, audits)
	v.watch.mu.Unlock()
	inAdapt.Logger(v.mux).LogAttrs(v.r.Context(), level, "dashboard", slog.String("by", e.By), slog.String("act", e.Act), slog.String("pair", e.Pair),
		slog.String("plan", e.Plan), slog.String("reason", e.Reason), slog.String("result", e.Result))
}

// audited returns the acts, the newest first.
func (w *watch) audited() any {
	w.mu.Lock()
	defer w.mu.Unlock()
	return struct {
		Version int     `json:"version"`
		Acts    []entry `json:"acts"`
	}{version, newest(w.audit)}
}
