package migrate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// A file is looked at ten times a second, and read when it looks different, or once a second
// anyway. That needs no notice of a change, and sees every one on every file system: a file that is
// written in place, one that is renamed onto the path, and a link that is swapped, as kubelet does.

const (
	fileLook  = 100 * time.Millisecond
	fileRead  = 10 // looks until a file is read that looks the same
	fileSize  = 8 << 20
	fileWaits = 10 // looks that a file which is written in place may take to settle, and ten times as many where it has no document
)

// File is a source that reads a document from a file of at most 8 MiB. To change the document,
// write another file beside it and rename it onto the path. A file that is written in place counts
// once it has stood still for a tenth of a second, so that it is not read half written.
//
// The path may be that of a file of a Kubernetes ConfigMap that is mounted as a directory. (One
// that is mounted with subPath never changes. And kubelet takes up to a minute: a ConfigMap is not
// a kill switch.)
func File(path string) Source { return filePath(path) }

type filePath string

// Watch implements Source. Only the end of ctx ends it: a file that is not there may come.
func (f filePath) Watch(ctx context.Context, put func(Document)) error {
	look := time.NewTicker(fileLook)
	defer look.Stop()
	for r := (fileReader{path: string(f)}); ; {
		if d, news := r.look(); news {
			put(d)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}

// fileReader is what is known of a file.
type fileReader struct {
	path  string
	looks int         // since it was read
	as    os.FileInfo // how it looked then; nil: it could not be read
	text  []byte      // what was put last
	put   Document
	next  []byte      // what was read since, in place of text
	seen  os.FileInfo // how the file looked then
	waits int         // looks since it came up
}

// look returns the document if there is something to put: a change, or after a second a sign of
// life.
func (r *fileReader) look() (Document, bool) {
	r.looks++
	as, text, err := r.see()
	if errors.Is(err, fs.ErrNotExist) {
		as, text, err = r.see() // a link may have been swapped on the way
	}
	due := r.looks >= fileRead
	switch {
	case err != nil:
		wrong := fmt.Errorf("migrate: the document cannot be read: %w", err)
		if news := r.put.Err == nil || r.put.Err.Error() != wrong.Error(); !news && !due {
			return Document{}, false
		}
		*r = fileReader{path: r.path, put: Document{Err: wrong}}
		return r.put, true
	case text == nil:
		return Document{}, false
	case r.as != nil && bytes.Equal(text, r.text):
		r.as, r.next, r.seen, r.waits = as, nil, nil, 0
		if !due {
			return Document{}, false
		}
	case r.as != nil && os.SameFile(r.as, as) && !r.settled(as, text):
		r.next, r.seen, r.waits = text, as, r.waits+1 // written in place: it counts when it is the same at the next look
		return Document{}, false
	default:
		r.text, r.put, r.next, r.seen, r.waits = text, ParseDocument(text), nil, nil, 0
	}
	r.as, r.looks = as, 0
	return r.put, true
}

// settled reports whether a file that is written in place stands still. One that never does counts
// after a second, but not in the middle of a write, as long as there are other moments.
func (r *fileReader) settled(as os.FileInfo, text []byte) bool {
	return r.seen != nil && same(r.seen, as) && bytes.Equal(text, r.next) ||
		r.waits >= fileWaits && (r.waits >= 10*fileWaits || ParseDocument(text).Err == nil)
}

// see returns how the file looks, and its text if that is another look or it is time to read
// anyway.
func (r *fileReader) see() (as os.FileInfo, text []byte, err error) {
	if as, err = os.Stat(r.path); err != nil {
		return nil, nil, err
	}
	if !as.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a file", r.path)
	}
	if r.as != nil && r.next == nil && r.looks < fileRead && same(r.as, as) {
		return as, nil, nil
	}
	text, err = r.read()
	return as, text, err
}

// same reports whether a file looks untouched.
func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// read returns the text of one file: a swap meanwhile is seen at the next look.
func (r *fileReader) read() ([]byte, error) {
	opened, err := os.Open(r.path)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	text, err := io.ReadAll(io.LimitReader(opened, fileSize+1))
	if err == nil && len(text) > fileSize {
		err = fmt.Errorf("%s is larger than %d bytes", r.path, fileSize)
	}
	return text, err
}
