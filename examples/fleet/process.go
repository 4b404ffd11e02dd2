package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/crossfade-go/crossfade/adapt/migrate"
)

// process is a replica, as the story sees it.
type process struct {
	number  int
	as      settings
	command *exec.Cmd
	input   io.Closer // closing it ends the replica
	url     atomic.Pointer[string]
	kills   atomic.Uint64 // begun and undone; odd: somebody holds the replica by hand
	clocked bool          // its clock can be moved
	clock   atomic.Pointer[clock]
}

var client = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 32}}

func newProcess(number int, dir, natsURL string) *process {
	return &process{number: number, as: settings{NATS: natsURL, Cache: filepath.Join(dir, fmt.Sprintf("replica-%d.json", number))}}
}

func (p *process) up() bool { return p.url.Load() != nil }

// start starts the process and waits for its address.
func (p *process) start() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	as, err := json.Marshal(p.as)
	if err != nil {
		return err
	}
	p.command = exec.Command(self)
	p.command.Env, p.command.Stderr = append(os.Environ(), replicaEnv+"="+string(as)), os.Stderr
	if p.input, err = p.command.StdinPipe(); err != nil {
		return err
	}
	output, err := p.command.StdoutPipe()
	if err != nil {
		return err
	}
	if p.clocked {
		k, err := startClocked(p.command)
		if err != nil {
			return err
		}
		p.clock.Store(k)
	} else if err := p.command.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return fmt.Errorf("replica %d does not start: %w", p.number, errors.Join(err, p.command.Wait()))
	}
	url := strings.TrimSpace(line)
	p.url.Store(&url)
	return nil
}

// stop lets the replica end by itself.
func (p *process) stop() {
	if p.command == nil {
		return
	}
	p.url.Store(nil)
	_ = p.input.Close()
	p.ended()
}

// crash ends it at once.
func (p *process) crash() {
	p.url.Store(nil)
	_ = p.command.Process.Kill()
	p.ended()
	_ = p.input.Close()
}

// ended waits for the end.
func (p *process) ended() {
	_ = p.command.Wait()
	if k := p.clock.Swap(nil); k != nil {
		k.close()
	}
}

// put asks the replica for something.
func (p *process) put(ctx context.Context, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, *p.url.Load()+path, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("replica %d: PUT %s: %s", p.number, path, res.Status)
	}
	return nil
}

// ahead is by how much the clock of the replica is ahead of ours.
func (p *process) ahead(ctx context.Context) (time.Duration, error) {
	text, err := get(ctx, *p.url.Load()+"/clock")
	if err != nil {
		return 0, err
	}
	is, err := strconv.ParseInt(string(text), 10, 64)
	return time.Duration(is-time.Now().Unix()) * time.Second, err
}

// snapshot is what the replica says of a pair.
func (p *process) snapshot(ctx context.Context, pair string) (s migrate.Snapshot, err error) {
	base := p.url.Load()
	if base == nil {
		return s, fmt.Errorf("replica %d is not up", p.number)
	}
	return snapshot(ctx, *base, pair)
}

// snapshot is what a replica says of a pair.
func snapshot(ctx context.Context, base, pair string) (s migrate.Snapshot, err error) {
	text, err := get(ctx, base+"/snapshot?pair="+url.QueryEscape(pair))
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(text, &s)
}

// get is what a replica answers to a question.
func get(ctx context.Context, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, errors.New(res.Status)
	}
	return io.ReadAll(res.Body)
}

// order sends one request for a user. The side is "" where it fails.
func order(ctx context.Context, base, user string) (side string, status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/orders/1", nil)
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("User", user)
	res, err := client.Do(req)
	if err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if res.StatusCode != http.StatusOK {
		text = nil
	}
	return string(text), res.StatusCode, err
}
