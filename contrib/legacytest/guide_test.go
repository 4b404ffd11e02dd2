package legacytest_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/contrib/legacytest"
)

// The guides whose programs need nothing but the library.
func TestGuides(t *testing.T) {
	legacytest.Guide(t, "../../adapt/guides/express.md")
	legacytest.Guide(t, "../../adapt/guides/nextjs.md")
}
