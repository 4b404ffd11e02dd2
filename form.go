package crossfade

import (
	"iter"
	"slices"
)

// Form is the entries of a form in the order in which they were sent, repeated names included. It
// is immutable; the zero value is empty. All methods may be called from several goroutines.
//
// Files that did not fit into memory are in a temporary file until the request has been answered.
type Form struct {
	entries []FormEntry
	close   func() error // removes the temporary file; nil where there is none
}

// FormEntry is one entry of a form: a text, or a file where File is not nil.
type FormEntry struct {
	Name  string // of the field, by which Get and File find it
	Value string // the text; "" for a file
	File  *File  // nil for a text
}

// NewForm returns a form of the entries, in their order, for a request to be sent.
func NewForm(entries ...FormEntry) *Form { return &Form{entries: slices.Clone(entries)} }

// Get returns the first text of that name, or "". A file is not a text.
func (f *Form) Get(name string) string {
	for key, value := range f.All() {
		if key == name {
			return value
		}
	}
	return ""
}

// Values returns all texts of that name, in order.
func (f *Form) Values(name string) (values []string) {
	for key, value := range f.All() {
		if key == name {
			values = append(values, value)
		}
	}
	return values
}

// File returns the first file of that name. A file input without a chosen file sends an empty one
// without a name.
func (f *Form) File(name string) (*File, bool) {
	for _, e := range f.entries {
		if e.File != nil && e.Name == name {
			return e.File, true
		}
	}
	return nil, false
}

// Files returns all files of that name, in order.
func (f *Form) Files(name string) (files []*File) {
	for _, e := range f.entries {
		if e.File != nil && e.Name == name {
			files = append(files, e.File)
		}
	}
	return files
}

// All yields the names and values of all texts, in order.
func (f *Form) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, e := range f.entries {
			if e.File == nil && !yield(e.Name, e.Value) {
				return
			}
		}
	}
}

// Entries yields all entries, texts and files, in order.
func (f *Form) Entries() iter.Seq[FormEntry] { return slices.Values(f.entries) }
