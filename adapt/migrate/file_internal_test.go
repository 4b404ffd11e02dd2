package migrate

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file that is written in place again and again is never read in the middle of that, though two
// looks may find the same half of it.
func TestFileThatIsWrittenAllTheTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plans.json")
	at := time.Now()
	write := func(text string) {
		t.Helper()
		at = at.Add(time.Second)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	version := func(n int) string { return fmt.Sprintf(`{"version": %d, "pairs": {}}`, n) }
	write(version(1))
	r := fileReader{path: path}
	look := func(what string, want uint64) {
		t.Helper()
		if d, put := r.look(); put != (want > 0) || d.Err != nil || d.Version != want {
			t.Fatalf("%s: put %v, %+v, want version %d", what, put, d, want)
		}
	}
	look("at first", 1)
	for n := range 30 {
		write("")
		look(fmt.Sprintf("empty in the middle of write %d", n), 0)
	}
	write(version(2))
	look("after a second without a rest, whole", 2)
	write(version(3)[:20])
	look("half of the third", 0)
	write(version(3))
	look("the third", 0)
	look("the third, standing still", 3)

	write("{")
	look("what stays broken", 0)
	if d, put := r.look(); !put || d.Err == nil {
		t.Errorf("what stands still and is broken: put %v, %+v", put, d)
	}
	write(version(4))
	if _, put := r.look(); put {
		t.Error("the fourth is put in the moment in which it is written")
	}
	look("the fourth, standing still", 4)
	for n := range 10 * fileWaits {
		write(fmt.Sprint("{", n))
		look("one of many that are broken", 0)
	}
	write("{")
	if d, put := r.look(); !put || d.Err == nil {
		t.Errorf("what is broken for ten seconds: put %v, %+v", put, d)
	}
}
