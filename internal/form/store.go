package form

// Where the content of parts goes: into memory as long as there is room, into one temporary file
// beyond.

import (
	"io"
	"mime/multipart"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/text"
)

// store keeps the content of the parts of one form within Limits.Memory.
type store struct {
	max          int64 // negative for no limit
	texts, files int64 // bytes held in memory
	scratch      pieces
	buf          [4 << 10]byte // between a part and where it goes
	spill        *spill
}

// text returns the content of a part, and counts it together with its name.
func (s *store) text(p *multipart.Part, name string) (string, error) {
	content := &s.scratch
	content.reset()
	if err := s.countText(int64(len(name))); err != nil {
		return "", err
	}
	if _, err := s.collect(content, p, s.texts); err != nil {
		return "", err
	}
	if err := s.countText(content.size); err != nil {
		return "", err
	}
	return text.WellFormed(content.String()), nil
}

func (s *store) countText(n int64) error {
	if s.texts += n; s.max >= 0 && s.texts > s.max {
		return &LimitError{"memory", s.max}
	}
	return nil
}

// collect reads a part to its end, or until it holds more than is left beside what is used already.
func (s *store) collect(content *pieces, p *multipart.Part, used int64) (fits bool, err error) {
	for {
		n, err := p.Read(s.buf[:])
		content.Write(s.buf[:n])
		switch {
		case s.max >= 0 && content.size > s.max-used:
			return false, nil
		case err == io.EOF:
			return true, nil
		case err != nil:
			return false, err
		}
	}
}

// file returns the content of a part as a file.
func (s *store) file(p *multipart.Part, n names) (*File, error) {
	mediaType := fileType(p.Header["Content-Type"])
	if err := s.countText(int64(len(n.name) + len(n.fileName) + len(mediaType))); err != nil {
		return nil, err
	}
	content := new(pieces)
	fits, err := s.collect(content, p, s.files)
	if err != nil {
		return nil, err
	}
	if fits {
		s.files += content.size
		return crossfade.Internal(door.Key()).File(n.fileName, mediaType, content.size, content, nil), nil
	}
	if s.spill == nil {
		if s.spill, err = newSpill(s.max); err != nil {
			return nil, err
		}
	}
	start := s.spill.size
	for _, b := range content.list {
		if _, err := s.spill.Write(b); err != nil {
			return nil, err
		}
	}
	if _, err := io.CopyBuffer(s.spill, p, s.buf[:]); err != nil {
		return nil, err
	}
	size := s.spill.size - start
	return crossfade.Internal(door.Key()).File(n.fileName, mediaType, size, io.NewSectionReader(s.spill.file, start, size), &s.spill.closed), nil
}
