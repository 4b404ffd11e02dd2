// The lists: all endpoints, what is left, and who did what.

import { h } from "./dom.js";
import { count, moment, plan } from "./format.js";
import { copy } from "./pair.js";
import { method } from "./parts.js";

async function get(path) {
  const res = await fetch(path, { cache: "no-store" });
  if (!res.ok) throw new Error(`${path} is answered with ${res.status}`);
  return res;
}

const failed = (main) => (err) => main.replaceChildren(h("p", { class: "wrong", role: "alert" }, "This cannot be shown: " + err.message));

// endpoints is a table that sorts by any column.
export function endpoints(main, app) {
  get("v1/endpoints").then((res) => res.json()).then((all) => {
    const stageOf = new Map([...app.rows.values()].map((r) => [r.method + " " + r.pattern, r]));
    const dead = new Set(all.overlaps.filter((o) => o.dead).map((o) => o.loser));
    const overlapping = new Map();
    for (const o of all.overlaps) if (!o.dead) for (const name of [o.winner, o.loser]) overlapping.set(name, (overlapping.get(name) ?? 0) + 1);
    const rows = all.endpoints.map((e) => {
      const pair = stageOf.get(e.method + " " + e.pattern);
      return { owner: e.owner ?? "", method: e.method, path: e.pattern, shape: e.shape + (e.app ? " of " + e.app : ""), stage: pair ? plan(pair.plan) : "", handler: e.handler, source: e.source, note: [e.reason, overlapping.has(e.method + " " + e.pattern) ? overlapping.get(e.method + " " + e.pattern) + (overlapping.get(e.method + " " + e.pattern) > 1 ? " overlaps" : " overlap") : ""].filter(Boolean).join(", "), pair };
    });
    const names = { owner: "Owner", method: "Method", path: "Path", shape: "Shape", stage: "Stage", handler: "Handler", source: "Source", note: "Note" };
    const body = h("tbody");
    const shown = h("span", { class: "muted" });
    const filter = h("input", { type: "search", name: "filter", placeholder: "Filter", "aria-label": "Filter the endpoints", oninput: () => fill() });
    let by = "owner", down = false;
    const heads = Object.entries(names).map(([key, label]) => h("th", { scope: "col", "aria-sort": "none", "data-key": key }, h("button", { onclick: () => { down = by === key && !down; by = key; fill(); } }, label)));
    const fill = () => {
      const want = filter.value.trim().toLowerCase();
      const some = rows.filter((r) => !want || Object.keys(names).some((k) => r[k].toLowerCase().includes(want))).sort((a, b) => (down ? -1 : 1) * (a[by].localeCompare(b[by], "en", { numeric: true }) || a.path.localeCompare(b.path)));
      for (const th of heads) th.setAttribute("aria-sort", th.dataset.key !== by ? "none" : down ? "descending" : "ascending");
      body.replaceChildren(...some.map((r) => h("tr", null, h("td", null, r.owner || "–"), h("td", null, method(r.method)), h("th", { scope: "row" }, r.pair ? h("a", { href: "#/pair/" + encodeURIComponent(r.pair.name) }, r.path) : r.path), h("td", null, h("span", { class: "badge shape-" + r.shape.split(" ")[0] }, r.shape)), h("td", null, r.stage), h("td", { class: "code" }, r.handler), h("td", { class: "code" }, r.source), h("td", { class: "muted" }, r.note))));
      shown.textContent = `${count(some.length)} of ${count(rows.length)}`;
    };
    const list = (title, some, empty) => h("section", { class: "card" }, h("h2", null, title), some.length ? h("ul", { class: "lines" }, some.map((o) => h("li", null, o.text))) : h("p", { class: "empty" }, empty));
    main.replaceChildren(h("div", { class: "bar-above" }, h("h2", null, "Endpoints"), filter, shown), h("div", { class: "card flush scroll", tabindex: 0, role: "region", "aria-label": "Endpoints" }, h("table", { class: "endpoints" }, h("caption", { class: "unseen" }, "Endpoints"), h("thead", null, h("tr", null, heads)), body)),
      h("div", { class: "cards two" }, list(`Overlaps, which precedence decides${all.omitted ? `, ${all.omitted} more omitted` : ""}`, all.overlaps.filter((o) => !o.dead), "No two routes match the same request."), list("Dead lines of legacy apps", all.overlaps.filter((o) => o.dead), dead.size ? "" : "None.")));
    fill();
  }).catch(failed(main));
  return { update() {} };
}

export function left(main) {
  get("v1/left.md").then((res) => res.text()).then((md) => main.replaceChildren(h("h2", null, "What is left"), h("p", { class: "muted" }, "As Markdown, for an issue or a wiki."), copy(md))).catch(failed(main));
  return { update() {} };
}

export function audit(main) {
  get("v1/audit").then((res) => res.json()).then(({ acts }) => main.replaceChildren(h("h2", null, "Audit log"), h("p", { class: "muted" }, "The last 200 acts by this page, in this replica. The log of the service has all."),
    acts.length ? h("div", { class: "card flush scroll", tabindex: 0, role: "region", "aria-label": "Acts" }, h("table", { class: "acts-done" }, h("thead", null, h("tr", null, ["When", "Who", "Act", "Pair", "Why", "What came of it"].map((x) => h("th", { scope: "col" }, x)))), h("tbody", null, acts.map((a) => h("tr", null, h("td", null, moment(a.at)), h("td", null, a.by || "–"), h("td", null, h("span", { class: "badge " + (a.ok ? "info" : "bad") }, a.act), " ", a.plan ?? ""), h("td", null, a.pair), h("td", null, a.reason ?? ""), h("td", null, a.result)))))) : h("p", { class: "empty" }, "Nobody has acted yet.")))
    .catch(failed(main));
  return { update() {} };
}
