package door_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/door"
)

// Only Key opens a door; the zero value, which anybody can make, does not.
func TestKey(t *testing.T) {
	door.Key().Open()
	defer func() {
		if recover() == nil {
			t.Error("the zero key opens a door")
		}
	}()
	var zero door.Of
	zero.Open()
}
