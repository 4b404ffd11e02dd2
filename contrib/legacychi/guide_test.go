package legacychi_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/contrib/legacytest"
)

// The program in the guide compiles.
func TestGuide(t *testing.T) { legacytest.Guide(t, "../../adapt/guides/net-http.md") }
