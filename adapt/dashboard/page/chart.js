// Plots over the last quarter of an hour, by uPlot. Colours come from the style sheet, so that they follow
// light and dark; what a plot shows stands beside it in words, too.

import { h } from "./dom.js";

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const all = new Set();
const tall = 168; // pixels

// chart makes a plot. Lines are {label, colour, dash, fill, show: value => text}; bands are [upper, lower, colour].
export function chart(title, note, lines, bands, show) {
  const box = h("div", { class: "plot" });
  const el = h("figure", { class: "card chart", role: "group", "aria-label": title }, h("figcaption", null, h("b", null, title), note && h("small", null, note)), box);
  const c = { el, box, title, lines, bands, show, data: null, plot: null };
  c.update = (data) => {
    c.data = data;
    if (!c.plot && box.clientWidth) draw(c);
    else c.plot?.setData(data);
    rest(c);
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", title + ": " + lines.map((l, i) => l.label + " " + show(data[i + 1].at(-1))).join(", "));
  };
  const size = new ResizeObserver(() => {
    if (c.plot && box.clientWidth) c.plot.setSize({ width: box.clientWidth, height: tall });
    else if (c.data && box.clientWidth) draw(c);
  });
  size.observe(box);
  all.add(c);
  c.destroy = () => {
    size.disconnect();
    c.plot?.destroy();
    all.delete(c);
  };
  return c;
}

// rest lets the legend have the last figures, while no pointer asks for others.
function rest(c) {
  if (c.plot && !(c.plot.cursor.left >= 0)) c.plot.setLegend({ idx: c.data[0].length - 1 }, false);
}

function draw(c) {
  c.plot?.destroy();
  const axis = { stroke: colour("muted"), grid: { stroke: colour("line"), width: 1 }, ticks: { stroke: colour("line"), width: 1, size: 4 }, font: "11px system-ui, sans-serif" };
  c.plot = new uPlot(
    {
      width: c.box.clientWidth,
      height: tall,
      hooks: { ready: [(plot) => { c.plot = plot; rest(c); }] },
      cursor: { y: false, points: { size: 6 } },
      legend: { live: true },
      scales: {
        x: { time: true, range: (_, min, max) => [Math.min(min, max - 60), max] },
        y: { range: (_, min, max) => [0, max > 0 ? max * 1.12 : 1] },
      },
      axes: [
        { ...axis, size: 30, space: 70, values: "{HH}:{mm}:{ss}" },
        { ...axis, size: 58, space: 34, values: (_, ticks) => ticks.map((v) => (v === 0 ? "0" : c.show(v))) },
      ],
      series: [
        { value: "{HH}:{mm}:{ss}", label: "time" },
        ...c.lines.map((l) => ({
          label: l.label,
          stroke: l.colour ? colour(l.colour) : undefined,
          width: l.width ?? 1.8,
          dash: l.dash,
          fill: l.fill ? colour(l.fill) : undefined,
          points: { show: false },
          spanGaps: false,
          value: (_, v) => c.show(v),
        })),
      ],
      bands: (c.bands ?? []).map(([upper, lower, fill]) => ({ series: [upper, lower], fill: colour(fill) })),
    },
    c.data,
    c.box,
  );
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const c of all) if (c.plot) draw(c);
});
