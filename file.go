package crossfade

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
)

// File is an uploaded file. Its fields are not to be changed; its methods may be called from
// several goroutines.
type File struct {
	// Name is the file name as the client sent it. It may be empty, or be a path that leads
	// anywhere: use SafeName to build a path of your own.
	Name string
	// Type is the media type that the client claims, in lower case: text/plain where the part says
	// nothing, "" where what it says is not a media type.
	Type string
	// Size is the length of the content in bytes.
	Size int64

	content io.ReaderAt
	closed  *atomic.Bool // whether the temporary file with the content is closed; nil for content in memory
}

// NewFile returns a file to be sent in a request. The content is not copied.
func NewFile(name, mediaType string, content []byte) *File {
	return &File{Name: name, Type: mediaType, Size: int64(len(content)), content: bytes.NewReader(content)}
}

// Open returns a new reader of the content, from its start. Closing it does nothing. The error
// wraps os.ErrClosed if the request was answered and had the file on disk.
func (f *File) Open() (io.ReadSeekCloser, error) {
	if f.closed != nil && f.closed.Load() {
		return nil, fmt.Errorf("the form of the uploaded file %q was closed: read it before the answer is complete: %w", f.Name, os.ErrClosed)
	}
	if f.content == nil {
		return openFile{io.NewSectionReader(strings.NewReader(""), 0, 0)}, nil
	}
	return openFile{io.NewSectionReader(f.content, 0, f.Size)}, nil
}

type openFile struct{ *io.SectionReader }

func (openFile) Close() error { return nil }

// Bytes returns the content in a new slice, which the caller owns.
func (f *File) Bytes() ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	b := make([]byte, f.Size)
	_, err = io.ReadFull(r, b)
	return b, err
}

// SafeName returns the last element of Name, with the separators of any system, without control
// characters: a name that stays in the directory it is joined to. It is "" if nothing is left. It
// may still exist there already, and names like NUL mean devices on Windows.
func (f *File) SafeName() string {
	name := f.Name[strings.LastIndexAny(f.Name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return -1
		}
		return r
	}, name)
	if name == "." || name == ".." {
		return ""
	}
	return name
}
