// Package form holds the forms that requests carry: application/x-www-form-urlencoded as the URL Standard reads it,
// and multipart/form-data as web-platform-tests pin down the Fetch Standard's formData(). Package mime/multipart
// loses the order of the entries, accepts a preamble, unfolds header lines, skips parts without a name and takes an
// empty file name for none; so multipart is read and written here.
//
// A body is read as it arrives, within [Limits]: files beyond what may stay in memory are kept in one temporary file
// for the whole form.
package form

import "iter"

// Form is the entries of a form in the order in which they were sent, repeated names included. It is immutable; the
// zero value is empty. All methods may be called from several goroutines.
//
// Files that did not fit into memory are in a temporary file until Close; whoever hands a Form to a handler closes
// it after the answer.
type Form struct {
	entries []Entry
	spill   *spill // nil as long as everything fits into memory
}

// Entry is one entry of a form: a text, or a file where File is not nil.
type Entry struct {
	Name  string
	Value string
	File  *File
}

// New returns a form of the given entries, for a request to be sent.
func New(entries ...Entry) *Form { return &Form{entries: append([]Entry(nil), entries...)} }

// Len returns the number of entries.
func (f *Form) Len() int { return len(f.entries) }

// Get returns the first text of that name, or "". A file is no text.
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

// File returns the first file of that name. A file input without a chosen file sends an empty one without a name.
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
func (f *Form) Entries() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, e := range f.entries {
			if !yield(e) {
				return
			}
		}
	}
}

// Close removes the temporary file, if there is one; files that are in it can then no longer be read. It may be
// called more than once. A form that is never closed loses its file when it is collected as garbage.
func (f *Form) Close() error {
	if f.spill == nil {
		return nil
	}
	return f.spill.close()
}
