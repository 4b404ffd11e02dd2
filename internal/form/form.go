// Package form holds the forms that requests carry: application/x-www-form-urlencoded as the URL
// Standard reads it, and multipart/form-data as mime/multipart finds its parts, whose own forms lose
// the order of the entries and take an empty file name for none.
//
// A body is read as it arrives, within [Limits]: files beyond what may stay in memory are kept in
// one temporary file for the whole form.
package form

import (
	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/door"
)

// The types of a form are the root's.
type (
	Form  = crossfade.Form
	Entry = crossfade.FormEntry
	File  = crossfade.File
)

// newForm returns a form that owns its entries; close removes its temporary file, nil for none.
func newForm(entries []Entry, close func() error) *Form {
	return crossfade.Internal(door.Key()).Form(entries, close)
}

// Close removes the temporary file of a form, if there is one; files that are in it can then no
// longer be read. It may be called more than once. A form that is never closed loses its file when
// it is collected as garbage.
func Close(f *Form) error { return crossfade.Internal(door.Key()).CloseForm(f) }
