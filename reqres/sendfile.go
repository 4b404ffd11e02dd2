package reqres

// Files as answers: npm send 1.2, which is res.sendFile, with the options that change what goes
// over the wire. http.ServeContent cannot stand in: it answers several ranges in one multipart
// body, a malformed Range with 416, forgets the status that was set, and has no Cache-Control.

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/crossfade-go/crossfade/internal/header"
	"github.com/crossfade-go/crossfade/internal/media"
	"github.com/crossfade-go/crossfade/internal/status"
)

// FileOptions say how SendFile and Download send a file. The zero value is Express's default:
// Last-Modified, an entity tag of size and modification time, Cache-Control: public, max-age=0,
// ranges, and no files behind a dot.
type FileOptions struct {
	// Root is the folder that the path is relative to, and cannot leave, also not by a symbolic
	// link. Without it the path must be absolute.
	Root string
	// MaxAge is how long caches may keep the file, cut to seconds and to one year.
	MaxAge time.Duration
	// Immutable tells caches that the file does not change within MaxAge.
	Immutable bool
	// NoCacheControl leaves Cache-Control to the handler.
	NoCacheControl bool
	// NoLastModified leaves Last-Modified out.
	NoLastModified bool
	// NoRanges sends the whole file whatever Range says.
	NoRanges bool
	// Dotfiles is what becomes of a path with a name that begins with a dot.
	Dotfiles Dotfiles
	// Header is set on the answer if the file is sent; it wins over what SendFile would set.
	Header http.Header
	// Start and End cut a piece out of the file, the last byte included. An End of 0 is the end of
	// the file.
	Start, End int64
}

// Dotfiles is what SendFile does about names that begin with a dot.
type Dotfiles uint8

const (
	IgnoreDotfiles Dotfiles = iota // as if they were not there: 404
	DenyDotfiles                   // 403
	AllowDotfiles                  // like any other
)

// SendFile answers with a file; of a path that ends with a slash it is the
// index.html there. Conditional requests are answered with 304 and
// 412, a range with 206 and 416. What is not a regular file is a 404, a path
// outside the root a 403. Nothing has been sent where it returns one of these
// errors, so that the handler may answer otherwise.
func (r *Response) SendFile(path string, o FileOptions) error {
	return r.sendFile(callSendFile, path, o, nil)
}

// Download is SendFile with a Content-Disposition of attachment: the client saves the file under
// filename, or under its own name where that is empty. The path may be relative to the working
// directory.
func (r *Response) Download(path, filename string, o FileOptions) error {
	if filename == "" {
		filename = path
	}
	if o.Root == "" {
		abs, err := filepath.Abs(path)
		if err != nil {
			return fmt.Errorf("reqres: res.Download: %w", err)
		}
		path = abs
	}
	return r.sendFile(callDownload, path, o, func() {
		r.Header().Del("Content-Disposition")
		r.Set("Content-Disposition", media.ContentDisposition("attachment", baseName(filename), true))
	})
}

func (r *Response) sendFile(c call, path string, o FileOptions, before func()) error {
	switch {
	case r.Err() != nil:
		return r.Err()
	case path == "":
		return fileError(http.StatusNotFound, errors.New("the path is empty"))
	case o.Root == "" && !filepath.IsAbs(path):
		return &RefusedError{Message: "path must be absolute or specify root to res.sendFile"}
	}
	f, info, err := openFile(path, &o)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := r.begin(c); err != nil {
		return err
	}
	for name, values := range o.Header {
		for _, value := range values {
			r.checked(name, value)
		}
	}
	if err := r.Err(); err != nil {
		return err
	}
	for name, values := range o.Header {
		r.Header().Del(name)
		for _, value := range values {
			r.Header().Add(name, header.Normalize(value)) // as it is: no charset is added to a type
		}
	}
	if before != nil {
		before()
	}
	r.describe(info, &o)
	first, n, err := r.choose(info, &o)
	if err != nil {
		r.first = noCall // the error is the answer
		return err
	}
	return r.copyFile(f, first, n)
}

// describe sets the headers of the file that are not set yet.
func (r *Response) describe(info fs.FileInfo, o *FileOptions) {
	setDefault := func(name, value string) {
		if _, ok := r.Header()[name]; !ok {
			r.Set(name, value)
		}
	}
	if !o.NoRanges {
		setDefault("Accept-Ranges", "bytes")
	}
	if !o.NoCacheControl {
		age := min(max(o.MaxAge, 0), 365*24*time.Hour)
		value := "public, max-age=" + strconv.Itoa(int(age/time.Second))
		if o.Immutable {
			value += ", immutable"
		}
		setDefault("Cache-Control", value)
	}
	if !o.NoLastModified {
		setDefault("Last-Modified", info.ModTime().UTC().Format(http.TimeFormat))
	}
	if s := settingsOf(&r.x); s.ETag != NoETag || s.ETagFunc != nil {
		setDefault("Etag", fmt.Sprintf(`W/"%x-%x"`, info.Size(), info.ModTime().UnixMilli()))
	}
	setDefault("Content-Type", cmp.Or(media.ContentType(extension(info.Name())), "application/octet-stream"))
}

// copyFile sends n bytes of the file from first on.
func (r *Response) copyFile(f *os.File, first, n int64) error {
	x := &r.x
	code := r.StatusCode()
	if code == http.StatusNotModified {
		return r.write(content{})
	}
	x.SetHeader(r.Header(), "Content-Length", strconv.FormatInt(n, 10))
	if _, err := f.Seek(first, io.SeekStart); err != nil {
		return err
	}
	if err := x.Commit(code); err != nil {
		return err
	}
	if r.x.R.Method != http.MethodHead && n > 0 {
		if _, err := x.ReadFrom(io.LimitReader(f, n)); err != nil {
			return err
		}
	}
	x.End()
	return nil
}

// openFile opens a regular file, or says with which status the request fails.
func openFile(path string, o *FileOptions) (*os.File, fs.FileInfo, error) {
	if strings.IndexByte(path, 0) >= 0 {
		return nil, nil, fileError(http.StatusBadRequest, errors.New("a path holds no NUL"))
	}
	if strings.HasSuffix(path, "/") {
		path += "index.html"
	}
	if o.Root != "" {
		path = strings.TrimLeft(filepath.Clean("./"+path), "/")
	}
	hidden := false
	for name := range strings.SplitSeq(filepath.ToSlash(path), "/") {
		if name == ".." || strings.Contains("\\"+name+"\\", `\..\`) { // also as Windows writes it
			return nil, nil, fileError(http.StatusForbidden, errors.New("the path leads out of the root"))
		}
		hidden = hidden || len(name) > 1 && name[0] == '.'
	}
	if hidden && o.Dotfiles != AllowDotfiles {
		code := http.StatusNotFound
		if o.Dotfiles == DenyDotfiles {
			code = http.StatusForbidden
		}
		return nil, nil, fileError(code, errors.New("the path has a name that begins with a dot: see FileOptions.Dotfiles"))
	}
	f, err := open(path, o.Root)
	if err != nil {
		return nil, nil, missing(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR}
	}
	if err != nil {
		f.Close()
		return nil, nil, missing(err)
	}
	return f, info, nil
}

// open does not wait for the other end of a pipe.
func open(path, root string) (*os.File, error) {
	const flags = os.O_RDONLY | nonblock
	if root == "" {
		return os.OpenFile(path, flags, 0)
	}
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	return dir.OpenFile(path, flags, 0)
}

// missing returns a 404 for a file that is not there or no file, a 403 for one outside the root,
// and a 500 for any other fault.
func missing(err error) error {
	for _, absent := range [...]error{fs.ErrNotExist, syscall.EISDIR, syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.ELOOP, syscall.ENXIO} {
		if errors.Is(err, absent) {
			return fileError(http.StatusNotFound, err)
		}
	}
	if _, system := errors.AsType[syscall.Errno](err); !system {
		return fileError(http.StatusForbidden, err) // os.Root: a link leads out of it
	}
	return err
}

func fileError(code int, err error) *Error {
	return &Error{Status: code, Message: status.Phrase(code), Err: err}
}
