// Figures in words.

export const stages = ["old", "shadow", "canary", "live", "new"];

export function count(n) {
  return Math.round(n).toLocaleString("en-US");
}

export function rate(n) {
  if (!n) return "0/s";
  return (n < 10 ? n.toFixed(1) : count(n)) + "/s";
}

export function percent(part, whole) {
  if (!whole) return "–";
  const p = (100 * part) / whole;
  if (p === 0 || p === 100) return p + " %";
  return (p < 1 ? p.toFixed(2) : p < 10 ? p.toFixed(1) : Math.min(99.9, p).toFixed(p < 99 ? 0 : 1)) + " %";
}

export function millis(ms) {
  if (!ms) return "–";
  if (ms < 1) return Math.round(ms * 1000) + " µs";
  if (ms < 1000) return (ms < 10 ? ms.toFixed(1) : Math.round(ms)) + " ms";
  return (ms / 1000).toFixed(1) + " s";
}

export function plan(p) {
  return p.stage === "canary" ? `canary ${+((p.share ?? 0) * 100).toFixed(2)} %` : p.stage;
}

// ago is a time as people say it. Whoever wants it exactly finds it in the title of the element.
export function ago(at, now = Date.now()) {
  const s = Math.max(0, Math.round((now - Date.parse(at)) / 1000));
  if (s < 5) return "just now";
  if (s < 60) return s + " s ago";
  if (s < 3600) return Math.floor(s / 60) + " min ago";
  if (s < 86400) return Math.floor(s / 3600) + " h ago";
  return new Date(at).toLocaleDateString("en-CA");
}

export function moment(at) {
  return new Date(at).toLocaleString("en-CA", { hour12: false });
}
