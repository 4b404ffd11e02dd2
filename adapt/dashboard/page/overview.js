// How far the service is, and a row for each pair.

import { h, swap, text } from "./dom.js";
import { ago, count, millis, percent, rate } from "./format.js";
import { bar, changes, guard, hold, legend, may, method, steps, time } from "./parts.js";
import { ask, killLabel } from "./act.js";

export function overview(main, app) {
  const moved = h("div");
  const traffic = h("div");
  const owners = h("section", { class: "card" });
  const recent = h("section", { class: "card" });
  const follow = h("section", { class: "card wide follow", hidden: true });
  const filter = h("input", { type: "search", name: "filter", placeholder: "Filter by route, owner or state", "aria-label": "Filter the pairs", oninput: () => sift() });
  const shown = h("span", { class: "muted" });
  const body = h("tbody");
  const table = h("table", { class: "pairs" },
    h("caption", { class: "unseen" }, "Pairs"),
    h("thead", null, h("tr", null, ["Endpoint", "Stage", "Guard", "Requests", "Failing, last minute", "p99", "Different", ""].map((name) => h("th", { scope: "col", class: ["Requests", "Failing, last minute", "p99", "Different"].includes(name) ? "n" : null }, name || h("span", { class: "unseen" }, "Act"))))),
    body);
  main.replaceChildren(h("div", { class: "cards three" }, h("section", { class: "card" }, moved, traffic), owners, recent, follow), h("div", { class: "bar-above" }, h("h2", null, "Pairs"), filter, shown), h("div", { class: "card flush" }, table));

  const lines = new Map();

  function sift() {
    const want = filter.value.trim().toLowerCase();
    let n = 0;
    for (const [name, line] of lines) {
      const row = app.rows.get(name);
      line.el.hidden = want !== "" && ![name, row.owner, row.app, row.plan.stage, row.guard.sight, ...row.holds.map((x) => x.what)].some((s) => s?.toLowerCase().includes(want));
      n += line.el.hidden ? 0 : 1;
    }
    text(shown, `${n} of ${lines.size}`);
  }

  function update() {
    const s = app.state;
    const r = s.routes;
    const left = r.reqres + r.legacy;
    swap(moved, r, () => {
      const parts = [{ n: r.fetch, label: "moved", colour: "new" }, { n: r.migrating, label: "migrating", colour: "mid" }, { n: left, label: "not begun", colour: "old", keep: true }, { n: r.http, label: "plain http, aside", colour: "none" }];
      return [h("h2", null, "By endpoint"), h("p", { class: "big" }, percent(r.fetch, r.fetch + r.migrating + left), h("small", null, " moved")), bar(parts.slice(0, 3)), legend(parts)];
    });
    swap(traffic, s.traffic, () => {
      const parts = [{ n: s.traffic.new, label: "new", colour: "new", keep: true }, { n: s.traffic.old, label: "old", colour: "old", keep: true }];
      return [h("h2", null, "By traffic, of the endpoints that migrate"), h("p", { class: "big" }, percent(s.traffic.new, s.traffic.new + s.traffic.old), h("small", null, " served by new")), bar(parts), legend(parts)];
    });
    swap(owners, [s.owners, s.apps], () => [
      h("h2", null, "By owner and app"),
      h("table", { class: "small" }, h("tbody", null, Object.entries(s.owners).sort(([a], [b]) => (a === "") - (b === "") || a.localeCompare(b)).map(([name, c]) =>
        h("tr", null, h("th", { scope: "row" }, name || "nobody"), h("td", null, bar([{ n: c.fetch, label: "moved", colour: "new" }, { n: c.migrating, label: "migrating", colour: "mid" }, { n: c.reqres + c.legacy, label: "not begun", colour: "old" }])), h("td", { class: "n" }, `${c.fetch} of ${c.fetch + c.migrating + c.reqres + c.legacy}`))),
        (s.apps ?? []).map((a) => h("tr", null, h("th", { scope: "row" }, a.name, h("small", null, a.prefix ? " under " + a.prefix : "")), h("td", null, a.listed ? bar([{ n: a.moved, label: "moved", colour: "new" }, { n: a.migrating, label: "migrating", colour: "mid" }, { n: a.left, label: "left", colour: "old" }]) : "endpoints not known"), h("td", { class: "n" }, a.listed ? `${a.moved} of ${a.moved + a.migrating + a.left}` : `${count(a.requests)} req`))))),
    ]);
    swap(recent, [s.changes, Math.floor(Date.now() / 15000)], () => [h("h2", null, "What changed last"), changes((s.changes ?? []).filter((c) => !["source", "guard"].includes(c.kind)).slice(0, 4), true)]);
    swap(follow, [s.follow && { ...s.follow, seconds: Math.floor(s.follow.seconds / 5) }], () => followed(s.follow));
    follow.hidden = !s.follow;

    for (const name of app.order) {
      const row = app.rows.get(name);
      let line = lines.get(name);
      if (!line) {
        line = new Line(app, name);
        lines.set(name, line);
        body.append(line.el);
      }
      line.update(row);
    }
    if (!lines.size) swap(body, 0, () => h("tr", null, h("td", { colspan: 8, class: "empty" }, "No endpoint is registered with Migrate.")));
    sift();
  }
  return { update };
}

// followed says which version the replicas are on, and who is not.
function followed(f) {
  if (!f) return [];
  const all = Object.entries(f.replicas ?? {});
  const newest = Math.max(f.document, ...all.map(([, v]) => v));
  const late = all.filter(([, v]) => v < newest);
  return [
    h("h2", null, "The document that all replicas follow"),
    h("p", null, "Version ", h("b", null, f.document), " ", h("span", { class: "badge " + (f.source === "fresh" ? "good" : "bad") }, f.source)),
    h("p", null, h("b", { id: "following" }, `${all.length - late.length} of ${all.length} known ${all.length === 1 ? "replica" : "replicas"} on version ${newest}`), late.length ? [": not yet ", late.map(([name, v]) => `${name} (${v})`).join(", ")] : null),
    h("p", { class: "muted" }, `Heard ${Math.round(f.seconds)} s ago. `, f.writable ? "Acts on this page are written into it, for all." : "It is read only: acts on this page are for this replica only."),
  ];
}

// Line is the row of one pair. Its cells are changed in place, so that nothing moves under a finger.
class Line {
  constructor(app, name) {
    this.app = app;
    const cell = (label, n) => h("td", { "data-label": label, class: n ? "n" : null });
    this.name = h("th", { scope: "row" });
    this.stage = cell("Stage");
    this.guard = cell("Guard");
    this.rate = cell("Requests", true);
    this.bad = cell("Failing, last minute", true);
    this.p99 = cell("p99", true);
    this.diff = cell("Different", true);
    this.act = h("td", { class: "act" });
    this.el = h("tr", { "data-pair": name }, this.name, this.stage, this.guard, this.rate, this.bad, this.p99, this.diff, this.act);
  }

  update(row) {
    const { app } = this;
    this.el.classList.toggle("held", row.holds.length > 0);
    swap(this.name, [row.name, row.owner, row.app], () => [h("a", { href: "#/pair/" + encodeURIComponent(row.name) }, method(row.method), " ", row.pattern), h("small", null, [row.owner || "no owner", row.app && "of " + row.app].filter(Boolean).join(", "))]);
    swap(this.stage, [row.plan, row.wanted, row.holds, row.by, row.document, Math.floor(Date.now() / 30000)], () => [
      steps(row),
      row.holds.length ? h("div", { class: "line" }, hold(row.holds[0])) : h("small", null, row.by ? `by ${row.by}, ` : "from the start, ", time(row.since), row.document ? h("span", { class: "badge warn" }, row.document) : null),
    ]);
    swap(this.guard, row.guard, () => guard(row.guard));
    pairOf(this.rate, rate(row.rate.old), rate(row.rate.new));
    pairOf(this.bad, percent(row.minute.old.bad, row.minute.old.of), percent(row.minute.new.bad, row.minute.new.of));
    pairOf(this.p99, millis(row.p99.old), millis(row.p99.new));
    text(this.diff, row.compared ? `${count(row.different)} of ${count(row.compared)}` : "–");
    this.diff.classList.toggle("alarm", row.different > 0);
    const killed = row.holds.some((x) => x.what === "killed");
    swap(this.act, [may(app, "lower"), killed, !!app.state.follow?.writable], () =>
      may(app, "lower") ? h("button", { class: "kill", disabled: killed, onclick: () => ask(app, "kill", row.name), "aria-label": `Kill ${row.name}` }, killLabel(app)) : []);
  }
}

// pairOf shows a figure of both sides.
function pairOf(el, old, next) {
  if (!el.firstChild) el.append(h("span", { class: "old", title: "old" }), h("span", { class: "new", title: "new" }));
  text(el.firstChild, old);
  text(el.lastChild, next);
}
