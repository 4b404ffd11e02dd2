package migrate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Document is one version of what the pairs of all replicas are to do. Its writer raises its
// version; versions decide which of two is newer, never clocks. In a file, or a key of a store, it
// is JSON:
//
//	{
//	  "version": 12,
//	  "pairs": {
//	    "GET /users/:id":  {"plan": {"stage": "canary", "share": 0.2}, "by": "ada"},
//	    "POST /orders":    {"hold": "wrong totals, see the report of Tuesday", "by": "bob"},
//	    "GET /orders/:id": {"release": "slow since the deploy", "by": "ada"}
//	  }
//	}
type Document struct {
	// Version is above that of every document before; 1 is the least, and 2^53-1 the highest.
	Version uint64 `json:"version"`
	// Pairs says what to do with each pair, by its name. A pair that is not in it keeps what it
	// has. A name that a replica does not know is not a mistake, because two builds may run at
	// once; the log of the mux tells it, since it may be misspelled.
	Pairs map[string]Directive `json:"pairs"`
	// Err is what is wrong with the text that a source has read, or why it has none to read. Such a
	// document changes nothing, whatever else is in it.
	Err error `json:"-"`
}

// Directive says what to do with one pair. A zero field changes nothing.
type Directive struct {
	// Plan is what is wanted of the pair. It is in force unless something holds the pair.
	Plan *Plan `json:"plan,omitempty"`
	// Hold keeps the pair on the old side, whatever the plan says, and says why. It lasts, also
	// when a later document has another Hold or none, until a Release repeats its text.
	Hold string `json:"hold,omitempty"`
	// Release is the text of the Hold that it lifts. It lifts no Kill, and no trip of one replica.
	Release string `json:"release,omitempty"`
	// By says who wants it, for the record.
	By string `json:"by,omitempty"`
	// Err is what is wrong with this directive: the pair keeps what it has, and the others follow.
	Err error `json:"-"`
}

// ParseDocument reads a document from JSON. Err of the document says what is wrong with the whole,
// Err of a directive what is wrong with one pair. Members that it does not know are mistakes, since
// a misspelled "hold" must not be overlooked.
func ParseDocument(text []byte) Document {
	var d Document
	if err := d.UnmarshalJSON(text); err != nil {
		return Document{Err: err}
	}
	return d
}

// maxVersion is the highest version: the JSON of other languages holds no higher one exactly.
const maxVersion = 1<<53 - 1

// tooHigh returns the error for a version after which there could be no other. One that all have
// followed would stay for ever.
func tooHigh(version uint64) error {
	return fmt.Errorf("the version %d is above %d, the highest one; count from the version that the replicas follow", version, uint64(maxVersion))
}

// MarshalJSON writes what ParseDocument reads. Err is not in it.
func (d Document) MarshalJSON() ([]byte, error) {
	if d.Version > maxVersion {
		return nil, tooHigh(d.Version)
	}
	if d.Pairs == nil {
		d.Pairs = map[string]Directive{}
	}
	type plain Document
	return json.Marshal(plain(d))
}

// UnmarshalJSON is ParseDocument for package json. A mistake in one directive is not an error of
// the whole.
func (d *Document) UnmarshalJSON(text []byte) error {
	var raw struct {
		Version *uint64         `json:"version"`
		Pairs   json.RawMessage `json:"pairs"`
	}
	switch err := strict(text, &raw); {
	case err != nil:
		return fmt.Errorf(`migrate: this is not a document of plans, an object with "version" and "pairs": %w`, err)
	case raw.Version != nil && *raw.Version > maxVersion:
		return fmt.Errorf("migrate: %w", tooHigh(*raw.Version))
	case raw.Version == nil || *raw.Version == 0:
		return errors.New(`migrate: the document has no "version"; it is a number from 1 on that grows with each change`)
	case len(raw.Pairs) == 0 || raw.Pairs[0] != '{':
		return errors.New(`migrate: the document has no "pairs"; it is an object with a member for each pair`)
	}
	pairs, err := members(raw.Pairs)
	if err != nil {
		return fmt.Errorf("migrate: the pairs of the document: %w", err)
	}
	*d = Document{Version: *raw.Version, Pairs: make(map[string]Directive, len(pairs))}
	for name, text := range pairs {
		d.Pairs[name] = parseDirective(text)
	}
	return nil
}

func parseDirective(text []byte) Directive {
	var d Directive
	if err := strict(text, &d); err != nil {
		return Directive{Err: fmt.Errorf(`migrate: a directive has "plan" (with "stage" and "share"), "hold", "release" and "by": %w`, err)}
	}
	return d
}

// strict decodes the one value that text is.
func strict(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("the text ends too soon, or is empty")
		}
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("more text follows at byte %d", decoder.InputOffset())
	}
	return nil
}

// members returns the members of an object, by name. A name that comes twice is a mistake: nobody
// could tell which one is meant.
func members(object []byte) (map[string]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	all := make(map[string]json.RawMessage)
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		if _, twice := all[key]; twice {
			return nil, fmt.Errorf("%q comes twice", key)
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		all[key] = value
	}
	return all, nil
}
