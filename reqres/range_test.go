package reqres_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossfade-go/crossfade/reqres"
)

func TestRangeAndSubdomains(t *testing.T) {
	r := request("Range", "bytes=0-1,2-3,8-20")
	r.Host = "a.b.example.com"
	through(t, reqres.Settings{}, func(req *reqres.Request, res *reqres.Response) error {
		unit, ranges, err := req.Range(10, true)
		if diff := cmp.Diff([]reqres.Range{{Start: 0, End: 3}, {Start: 8, End: 9}}, ranges); unit != "bytes" || err != nil || diff != "" {
			t.Errorf("Range: %s, %v (-want +got):\n%s", unit, err, diff)
		}
		if _, _, err := req.Range(0, false); err != reqres.ErrUnsatisfiableRange {
			t.Errorf("Range of nothing: %v", err)
		}
		if got := req.Subdomains(); !slices.Equal(got, []string{"b", "a"}) {
			t.Errorf("Subdomains: %q", got)
		}
		if req.Stale() == req.Fresh() {
			t.Error("Stale is not the opposite of Fresh")
		}
		return res.End()
	}, r)
}
