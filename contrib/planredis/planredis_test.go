package planredis_test

import (
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/crossfade-go/crossfade/adapt/migrate"
	"github.com/crossfade-go/crossfade/adapt/migrate/sourcetest"
	"github.com/crossfade-go/crossfade/contrib/planredis"
)

// store is a real server on a socket of its own.
type store struct {
	socket string
	*os.Process
}

func newStore(t *testing.T) *store {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("redis-server is missing: .ci/services/redis.sh installs it")
		}
		t.Skip("redis-server is missing (Debian's package of that name), so nothing is tested here")
	}
	dir, err := os.MkdirTemp("", "redis") // t.TempDir is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	s := &store{socket: filepath.Join(dir, "s")}
	server := exec.Command(path, "--port", "0", "--unixsocket", s.socket, "--dir", dir, "--save", "", "--loglevel", "warning")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	s.Process = server.Process
	t.Cleanup(func() {
		_ = s.Signal(syscall.SIGCONT)
		_ = s.Kill()
		_ = server.Wait()
	})
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if conn, err := net.Dial("unix", s.socket); err == nil {
			conn.Close()
			return s
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// client goes to the server through dial.
func client(t *testing.T, dial func() (net.Conn, error)) *redis.Client {
	c := redis.NewClient(&redis.Options{Dialer: func(context.Context, string, string) (net.Conn, error) { return dial() }})
	t.Cleanup(func() { c.Close() })
	return c
}

func (s *store) dial() (net.Conn, error) { return net.Dial("unix", s.socket) }

// network is a way to the server that can be cut.
type network struct {
	*store
	mu    sync.Mutex
	cut   bool
	conns []net.Conn
}

func (n *network) dial() (net.Conn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cut {
		return nil, io.ErrClosedPipe
	}
	conn, err := n.store.dial()
	if err == nil {
		n.conns = append(n.conns, conn)
	}
	return conn, err
}

func (n *network) set(cut bool) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = cut
	if cut {
		for _, conn := range n.conns {
			conn.Close()
		}
		n.conns = nil
	}
	return nil
}

func TestSource(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) sourcetest.Place {
		s := newStore(t)
		n := &network{store: s}
		direct, ctx := client(t, s.dial), context.Background()
		return sourcetest.Place{
			Source:        planredis.New(client(t, n.dial), planredis.Config{Key: "shop", Poll: 200 * time.Millisecond}),
			Write:         func(text []byte) error { return direct.Set(ctx, "shop", text, 0).Err() },
			Remove:        func() error { return direct.Del(ctx, "shop").Err() },
			Cut:           func() error { return n.set(true) },
			Restore:       func() error { return n.set(false) },
			WriteWhileCut: true,
		}
	})
}

// A server that answers nothing, and does not close the connection either.
func TestFrozenServer(t *testing.T) {
	s := newStore(t)
	direct := client(t, s.dial)
	source := planredis.New(client(t, s.dial), planredis.Config{Poll: 100 * time.Millisecond})
	if err := direct.Set(t.Context(), "crossfade:plans", `{"version": 1, "pairs": {}}`, 0).Err(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	docs, done := make(chan migrate.Document, 1000), make(chan error, 1)
	go func() { done <- source.Watch(ctx, func(d migrate.Document) { docs <- d }) }()
	until := func(what string, is func(migrate.Document) bool) {
		t.Helper()
		for deadline := time.After(time.Minute); ; {
			select {
			case d := <-docs:
				if is(d) {
					return
				}
			case <-deadline:
				t.Fatalf("no document that is %s", what)
			}
		}
	}
	until("good", func(d migrate.Document) bool { return d.Version == 1 })
	if err := s.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	until("wrong, since the server is frozen", func(d migrate.Document) bool { return d.Err != nil })
	if err := s.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	until("good again", func(d migrate.Document) bool { return d.Version == 1 })
	if err := s.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // a look is under way
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Watch returns %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("Watch does not end while the server is frozen")
	}
}

// A change that Update makes is seen at once, by the hint.
func TestUpdateGivesAHint(t *testing.T) {
	s := newStore(t)
	source := planredis.New(client(t, s.dial), planredis.Config{Poll: 20 * time.Second})
	ctx, cancel := context.WithCancel(t.Context())
	docs, done := make(chan migrate.Document, 1000), make(chan error, 1)
	go func() { done <- source.Watch(ctx, func(d migrate.Document) { docs <- d }) }()
	<-docs // nothing is there
	direct := client(t, s.dial)
	for deadline := time.Now().Add(time.Minute); direct.PubSubNumSub(ctx, "crossfade:plans:changed").Val()["crossfade:plans:changed"] == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody listens for hints")
		}
	}
	if err := source.Update(ctx, 0, migrate.Document{}); err != nil {
		t.Fatal(err)
	}
	for deadline, seen := time.After(15*time.Second), false; !seen; { // the next look comes after 20
		select {
		case d := <-docs:
			seen = d.Version == 1
		case <-deadline:
			t.Fatal("Update is seen by the next look only")
		}
	}
	cancel()
	<-done
}

func TestPeers(t *testing.T) {
	s := newStore(t)
	c := client(t, s.dial)
	p := planredis.Peers(c, "counts")
	ctx, cancel := context.WithCancel(t.Context())
	got, done := make(chan migrate.Counts, 100), make(chan error, 1)
	go func() { done <- p.Watch(ctx, func(c migrate.Counts) { got <- c }) }()
	want := migrate.Counts{Pair: "GET /users/:id", Replica: "a", Version: 3, Epoch: 1 << 60, Old: migrate.Share{Bad: 1, Of: 10}, New: migrate.Share{Bad: 2, Of: 20}, Tripped: true}
	deadline := time.After(time.Minute)
	for heard := false; !heard; {
		for _, text := range []string{"{", "7", `{"new": {"bad": -1}}`} {
			if err := c.Publish(ctx, "counts", text).Err(); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Publish(ctx, want); err != nil {
			t.Fatal(err)
		}
		select {
		case c := <-got:
			if diff := cmp.Diff(want, c); diff != "" {
				t.Errorf("what was published is not what is heard (-want +got):\n%s", diff)
			}
			heard = true
		case <-time.After(100 * time.Millisecond): // until the subscription is there
		case <-deadline:
			t.Fatal("nothing is heard")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Watch returns %v", err)
	}
	if err := p.Publish(ctx, want); err == nil {
		t.Error("Publish after the end of its context returns nil")
	}
}
