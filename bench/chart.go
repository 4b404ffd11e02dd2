package main

// The chart: one line for each workload, one dot for each peer, at what it costs
// as a multiple of raw httprouter, on a logarithmic scale.

import (
	"encoding/json"
	"fmt"
	"html"
	"math"
	"os"
	"strings"
)

const resultsFile, chartFile = "testdata/inproc.json", "chart.svg"

// result is what the chart needs of a row: the ratios by peer.
type result struct {
	Workload string             `json:"workload"`
	Ratios   map[string]float64 `json:"ratios"`
}

// keep saves rows for the chart.
func keep(rows []row) error {
	var results []result
	for _, r := range rows {
		ratios := make(map[string]float64)
		for peer := range r.figures {
			if r.has(peer) {
				m, _ := r.ratio(peer, baseline.Name)
				ratios[peer] = math.Round(m*100) / 100
			}
		}
		results = append(results, result{r.workload, ratios})
	}
	b, err := json.MarshalIndent(results, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(resultsFile, append(b, '\n'), 0o644)
}

// mark is how a peer looks.
type mark struct {
	peer, colour string
	ours         bool
}

var marks = []mark{
	{"ServeMux", "#9aa0a6", false},
	{"chi", "#c58af9", false},
	{"gin", "#4fb3ff", false},
	{"echo", "#00b8a9", false},
	{"fiber", "#f6b93b", false},
	{"huma", "#b08968", false},
	{"reqres", "#d62828", true},
	{"fetch", "#1d3557", true},
}

// The plot, in pixels.
const (
	chartLeft, chartWidth = 170, 640
	chartTop, chartRow    = 74, 26
)

// chartX returns where a ratio stands.
func chartX(ratio float64) float64 {
	const low, high = 0.1, 40
	share := math.Log(ratio/low) / math.Log(high/low)
	return chartLeft + chartWidth*min(max(share, 0), 1)
}

func runChart(options) (string, error) {
	b, err := os.ReadFile(resultsFile)
	if err != nil {
		return "", fmt.Errorf("run inproc first: %w", err)
	}
	var results []result
	if err := json.Unmarshal(b, &results); err != nil {
		return "", fmt.Errorf("%s: %w", resultsFile, err)
	}
	return "", os.WriteFile(chartFile, []byte(draw(results)), 0o644)
}

func draw(results []result) string {
	var b strings.Builder
	bottom := chartTop + chartRow*len(results)
	text := func(x, y float64, anchor, style, s string) {
		fmt.Fprintf(&b, `<text x="%.0f" y="%.0f" text-anchor="%s"%s>%s</text>`+"\n", x, y, anchor, style, html.EscapeString(s))
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12" fill="#202124">`+"\n",
		chartLeft+chartWidth+30, bottom+44)
	b.WriteString(`<rect width="100%" height="100%" fill="#fff"/>` + "\n")
	text(chartLeft, 20, "start", ` font-size="14" font-weight="bold"`, "CPU time of a request, as a multiple of raw httprouter (left is less)")
	x := float64(chartLeft)
	for _, m := range marks {
		b.WriteString(dot(x+6, 42, m))
		text(x+16, 46, "start", "", m.peer)
		x += 30 + 7.5*float64(len(m.peer))
	}
	for _, ratio := range [...]float64{0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32} {
		colour := "#e8eaed"
		if ratio == 1 {
			colour = "#202124"
		}
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s"/>`+"\n", chartX(ratio), chartTop-8, chartX(ratio), bottom, colour)
		text(chartX(ratio), float64(bottom+18), "middle", "", fmt.Sprintf("%gx", ratio))
	}
	for i, r := range results {
		y := float64(chartTop + chartRow*i + chartRow/2)
		text(chartLeft-12, y+4, "end", "", r.Workload)
		fmt.Fprintf(&b, `<line x1="%d" y1="%.0f" x2="%d" y2="%.0f" stroke="#f1f3f4"/>`+"\n", chartLeft, y, chartLeft+chartWidth, y)
		for _, m := range marks {
			if ratio, ok := r.Ratios[m.peer]; ok {
				b.WriteString(dot(chartX(ratio), y, m))
			}
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// dot returns a circle for a peer, a diamond for one of ours.
func dot(x, y float64, m mark) string {
	if m.ours {
		return fmt.Sprintf(`<path d="M%.1f %.1f l7 7 l-7 7 l-7 -7 z" fill="%s"><title>%s</title></path>`+"\n", x, y-7, m.colour, m.peer)
	}
	return fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="4.5" fill="%s" fill-opacity="0.8"><title>%s</title></circle>`+"\n", x, y, m.colour, m.peer)
}
