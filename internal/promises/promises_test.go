package promises_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The map of promises to tests names tests that exist, and leaves no promise out.
func TestMapOfMigrationTests(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for name, dir := range map[string]string{
		"": "migrations", "adapt.": "../../adapt", "migrate.": "../../adapt/migrate", "rollout.": "../rollout", "slots.": "../slots", "tee.": "../tee", "parity.": "../../adapt/parity", "ratchet.": "../../adapt/ratchet", "cocktails.": "../../examples/cocktails",
	} {
		files, err := filepath.Glob(dir + "/*_test.go")
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 { // the examples are a module of their own, and may not be here
			continue
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sources[name] += string(source)
		}
	}
	named := regexp.MustCompile("`([a-z]*\\.?)((?:Test|Fuzz)\\w+)`")
	if len(sources) < 4 {
		t.Fatalf("tests were found in %d packages only", len(sources))
	}
	rows := map[string]int{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 {
			continue
		}
		tests := named.FindAllStringSubmatch(cells[3], -1)
		rows[strings.TrimSpace(cells[1])] = len(tests)
		if len(tests) == 0 && !strings.Contains(cells[3], "none:") && strings.TrimSpace(cells[1]) != "" && !strings.Contains(cells[1], "-") {
			t.Errorf("%s has no test, and no word about why", cells[1])
		}
		for _, m := range tests {
			if source, ok := sources[m[1]]; ok && !strings.Contains(source, "\nfunc "+m[2]+"(") {
				t.Errorf("row %s names %s%s, which does not exist", strings.TrimSpace(cells[1]), m[1], m[2])
			}
		}
	}
	for n := range 20 {
		if _, ok := rows[fmt.Sprint("I", n+1)]; !ok {
			t.Errorf("I%d is not in the map", n+1)
		}
	}
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18} {
		if _, ok := rows[fmt.Sprint(n)]; !ok {
			t.Errorf("acceptance test %d is not in the map", n)
		}
	}
}
