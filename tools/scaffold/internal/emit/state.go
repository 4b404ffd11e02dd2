package emit

// A file remembers what a run has written, so that a later one adds only what is new.

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// stateFile is the name of the record in the folder.
const stateFile = "scaffold.json"

// state is the record. It belongs to the tool; a person need not read it.
type state struct {
	// Endpoints are those that have been written, "METHOD path file" to the name of the handler.
	Endpoints map[string]string `json:"endpoints"`
	// Guards are the middleware that have been written, place to name.
	Guards map[string]string `json:"guards"`
	// Sources are the sums of the files that have been read.
	Sources map[string]string `json:"sources"`
	// Written are the sums of the files as they were written.
	Written map[string]string `json:"written"`
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:8])
}

// readState reads the record of a folder; there is none in a new one.
func readState(dir string) (*state, bool, error) {
	s := &state{map[string]string{}, map[string]string{}, map[string]string{}, map[string]string{}}
	text, err := os.ReadFile(filepath.Join(dir, stateFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if err := json.Unmarshal(text, s); err != nil {
		return nil, false, fmt.Errorf("%s of an earlier run cannot be read: %w; restore it, or write to a new folder", stateFile, err)
	}
	if s.Endpoints == nil || s.Guards == nil || s.Sources == nil || s.Written == nil {
		return nil, false, fmt.Errorf("%s of an earlier run lacks a part; restore it, or write to a new folder", stateFile)
	}
	return s, true, nil
}
