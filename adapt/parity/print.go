package parity

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/crossfade-go/crossfade/internal/markdown"
)

// maxLines bounds the text of a report: a terminal full.
const maxLines = 40

// maxStaleLines of them are kept for stale rules.
const maxStaleLines = 8

// String writes the report for a human, in at most 40 lines: one line of counts, then per
// difference its path, its kind, "-" what the old and "+" what the new answer has, and below it the
// hint. It shows values; see [Report.Redacted].
func (r Report) String() string {
	stale := r.staleLines()
	path, kind := 0, 0 // widths
	for _, d := range r.Diffs {
		path = max(path, min(utf8.RuneCountInString(d.Path), 32))
		kind = max(kind, len(d.Kind.String()))
	}
	lines := append(make([]string, 0, maxLines), r.headline())
	i := 0
	for i < len(r.Diffs) {
		n := 1 // without values, many differences are the same
		for i+n < len(r.Diffs) && r.Diffs[i+n] == r.Diffs[i] {
			n++
		}
		entry := r.Diffs[i].lines(path, kind)
		if n > 1 {
			entry[0] += fmt.Sprintf("  (%d times)", n)
		}
		left := maxLines - len(lines) - len(stale)
		last := i+n == len(r.Diffs) && r.Omitted == 0
		if len(entry) > left || len(entry) == left && !last {
			break
		}
		lines = append(lines, entry...)
		i += n
	}
	if rest := len(r.Diffs) - i + r.Omitted; rest > 0 {
		lines = append(lines, fmt.Sprintf("  … and %d more", rest))
	}
	return strings.Join(append(lines, stale...), "\n")
}

// Markdown writes the report as String does, for a pull request or the summary of a job: one line
// of counts and a table, in which no value can be more than text.
func (r Report) Markdown() string {
	var rows [][]string
	for _, d := range r.Diffs {
		rows = append(rows, []string{markdown.Code(d.Path), d.Kind.String(), markdown.Code(d.Old), markdown.Code(d.New), markdown.Text(d.Hint)})
	}
	text := markdown.Text(r.headline()) + "\n"
	if rows != nil {
		text += "\n" + markdown.Table([]string{"PLACE", "KIND", "OLD", "NEW", "HINT"}, rows)
	}
	if r.Omitted > 0 {
		text += fmt.Sprintf("\n… and %d more\n", r.Omitted)
	}
	for i, label := range r.Stale {
		if i == 0 {
			text += "\nStale rules, whose place is in neither answer:\n\n"
		}
		text += "- " + markdown.Code(label) + "\n"
	}
	return text
}

func (r Report) headline() string {
	var notes []string
	if r.Expected > 0 {
		notes = append(notes, fmt.Sprintf("%d expected", r.Expected))
	}
	if r.Forgiven > 0 {
		notes = append(notes, fmt.Sprintf("%d forgiven by rules", r.Forgiven))
	}
	if r.Partial {
		notes = append(notes, "the recording was cut: only its beginning was compared")
	}
	head := "equal"
	switch n := len(r.Diffs) + r.Omitted; {
	case n == 1:
		head = "1 difference"
	case n > 1:
		head = fmt.Sprintf("%d differences", n)
	}
	if len(notes) > 0 {
		head += " (" + strings.Join(notes, ", ") + ")"
	}
	return head
}

func (d Difference) lines(path, kind int) []string {
	line := fmt.Sprintf("  %-*s  %-*s", path, d.Path, kind, d.Kind)
	if d.Kind == KindBadRule {
		return []string{line + "  " + d.Hint}
	}
	line += "  - " + d.Old + "  + " + d.New
	if d.Hint == "" {
		return []string{line}
	}
	return []string{line, fmt.Sprintf("  %*s  %s", path, "", d.Hint)}
}

func (r Report) staleLines() []string {
	if len(r.Stale) == 0 {
		return nil
	}
	lines := []string{"stale rules, whose place is in neither answer:"}
	for i, label := range r.Stale {
		if i == maxStaleLines-2 && len(r.Stale) > maxStaleLines-1 {
			return append(lines, fmt.Sprintf("  … and %d more", len(r.Stale)-i))
		}
		lines = append(lines, "  "+label)
	}
	return lines
}
