package oracle_test

import (
	"testing"

	"github.com/crossfade-go/crossfade/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }
