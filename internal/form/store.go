package form

// Where the content of parts goes: into memory as long as there is room, into one temporary file
// beyond.

import (
	"io"

	"github.com/crossfade-go/crossfade"
	"github.com/crossfade-go/crossfade/internal/door"
	"github.com/crossfade-go/crossfade/internal/text"
)

// store keeps the content of the parts of one form within Limits.Memory.
type store struct {
	max          int64 // negative for no limit
	texts, files int64 // bytes held in memory
	scratch      pieces
	spill        *spill
}

// text returns the content of the part at which p is, and counts it together with its name.
func (s *store) text(p *parser, name string) (string, error) {
	content := &s.scratch
	content.reset()
	if err := s.countText(len(name)); err != nil {
		return "", err
	}
	for {
		b, err := p.content()
		if err == io.EOF {
			return text.WellFormed(content.String()), nil
		}
		if err == nil {
			err = s.countText(len(b))
		}
		if err != nil {
			return "", err
		}
		content.add(b)
	}
}

func (s *store) countText(n int) error {
	if s.texts += int64(n); s.max >= 0 && s.texts > s.max {
		return &LimitError{"memory", s.max}
	}
	return nil
}

// file returns the part at which p is as a file.
func (s *store) file(p *parser, h head) (*File, error) {
	if err := s.countText(len(h.name) + len(h.fileName) + len(h.mediaType)); err != nil {
		return nil, err
	}
	var (
		inMemory = new(pieces)
		start    int64 // in the temporary file, once the content goes there
		spilled  bool
	)
	for {
		b, err := p.content()
		switch {
		case err == io.EOF && spilled:
			size := s.spill.size - start
			return crossfade.Internal(door.Key()).File(h.fileName, h.mediaType, size, io.NewSectionReader(s.spill.file, start, size), &s.spill.closed), nil
		case err == io.EOF:
			s.files += inMemory.size
			return crossfade.Internal(door.Key()).File(h.fileName, h.mediaType, inMemory.size, inMemory, nil), nil
		case err != nil:
			return nil, err
		case !spilled && s.max >= 0 && s.files+inMemory.size+int64(len(b)) > s.max:
			if start, err = s.move(inMemory); err != nil {
				return nil, err
			}
			inMemory, spilled = nil, true
		}
		if spilled {
			err = s.spill.write(b)
		} else {
			inMemory.add(b)
		}
		if err != nil {
			return nil, err
		}
	}
}

// move writes content to the end of the temporary file and returns where it begins there.
func (s *store) move(content *pieces) (start int64, err error) {
	if s.spill == nil {
		if s.spill, err = newSpill(s.max); err != nil {
			return 0, err
		}
	}
	start = s.spill.size
	return start, s.spill.write(content.list...)
}
