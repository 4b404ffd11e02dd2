// One pair, opened: how both sides do, where they differ, what is missing before the next step.

import { h, say, swap, text } from "./dom.js";
import { count, millis, percent, plan } from "./format.js";
import { chart } from "./chart.js";
import { changes, guard, hold, may, method, steps, time } from "./parts.js";
import { ask, killLabel } from "./act.js";

const window = 900; // seconds that are shown
const smooth = 15; // seconds over which a share of failures is taken

export function pair(main, app, name) {
  const head = h("div", { class: "head" });
  const stage = h("div", { class: "stage" });
  const acts = h("div", { class: "acts" });
  const held = h("div", { class: "banner", role: "status", hidden: true });
  const missing = h("section", { class: "card" });
  const facts = h("section", { class: "card" });
  const requests = chart("Requests per second", "by the side that answered", [{ label: "old", colour: "old", fill: "old-faint" }, { label: "new", colour: "new", fill: "new-faint" }], [], (v) => (v == null ? "–" : +v.toFixed(1) + ""));
  const failures = chart("Failures", "Shaded: what the guard forgives new. Dashed: from here on it notices within 5,000 requests.", [{ label: "old", colour: "old" }, { label: "new", colour: "new" }, { label: "forgiven", colour: "band-line", width: 0.5 }, { label: "notices", colour: "muted", dash: [4, 4], width: 1 }], [[3, 1, "band"]], (v) => (v == null ? "–" : percent(v, 1)));
  const took = chart("Latency", "Solid: half of the answers took no longer. Dashed: 99 of 100.", [{ label: "old p50", colour: "old" }, { label: "new p50", colour: "new" }, { label: "old p99", colour: "old", dash: [5, 3], width: 1.2 }, { label: "new p99", colour: "new", dash: [5, 3], width: 1.2 }], [], (v) => (v == null ? "–" : millis(v)));
  const compared = chart("Comparisons per second", "of the answers of both sides", [{ label: "compared", colour: "muted", fill: "band" }, { label: "different", colour: "bad" }], [], (v) => (v == null ? "–" : +v.toFixed(1) + ""));
  const outcomes = h("section", { class: "card" });
  const shadows = h("section", { class: "card" });
  const differences = h("section", { class: "card wide" });
  const history = h("section", { class: "card wide" });
  main.replaceChildren(h("p", { class: "back" }, h("a", { href: "#/" }, "← All pairs")), h("div", { class: "sticky" }, head, acts), held, stage,
    h("div", { class: "charts" }, requests.el, failures.el, took.el, compared.el), h("div", { class: "cards two" }, missing, facts, outcomes, shadows, differences, history));

  const data = { times: [], columns: {} };

  // take adds the samples that are new, or begins anew.
  function take(series) {
    if (!series) return;
    const fresh = series.times.length > 1 || !data.times.length || series.times[0] < data.times[0];
    if (fresh) Object.assign(data, { times: series.times.slice(), columns: Object.fromEntries(Object.entries(series.columns).map(([k, v]) => [k, v.slice()])) });
    else if (series.times.length && series.times[0] > data.times.at(-1)) {
      data.times.push(series.times[0]);
      for (const [k, v] of Object.entries(series.columns)) data.columns[k].push(v[0]);
      while (data.times[0] < data.times.at(-1) - window) {
        data.times.shift();
        for (const v of Object.values(data.columns)) v.shift();
      }
    } else return;
    data.step = series.step;
    plots(app.open?.margin ?? 0.005);
  }

  function plots(margin) {
    const { times: t, columns: c, step } = data;
    if (t.length < 2) return;
    const perSecond = (a) => a.map((v) => v / step);
    const shareOf = (bad, of) => {
      const n = Math.max(1, Math.round(smooth / step));
      let b = 0, o = 0;
      return bad.map((v, i) => {
        b += v;
        o += of[i];
        if (i >= n) {
          b -= bad[i - n];
          o -= of[i - n];
        }
        return o > 0 ? Math.max(0, b) / o : null;
      });
    };
    const old = shareOf(c.oldFailed, c.old);
    const next = shareOf(c.newFailed, c.new);
    const forgiven = old.map((v, i) => (v == null || next[i] == null ? null : Math.max(v * 1.5, v + margin)));
    const gaps = (a) => a.map((v) => v || null);
    requests.update([t, perSecond(c.old), perSecond(c.new)]);
    failures.update([t, old, next, forgiven, gaps(c.sees)]);
    took.update([t, gaps(c.oldP50), gaps(c.newP50), gaps(c.oldP99), gaps(c.newP99)]);
    compared.update([t, perSecond(c.compared), perSecond(c.different)]);
  }

  function update() {
    const o = app.open;
    if (!o || o.row.name !== name) {
      if (!app.rows.has(name) && app.state) main.replaceChildren(h("p", { class: "empty" }, "There is no such pair. "), h("a", { href: "#/" }, "All pairs"));
      return;
    }
    const { row, snapshot: s } = o;
    swap(head, [row.name, row.owner], () => [h("h2", null, method(row.method), " ", row.pattern), h("small", null, row.owner || "no owner", ", new: ", h("code", null, row.handler), " at ", h("code", null, row.source))]);
    swap(acts, [may(app, "lower"), may(app, "raise"), row.holds, row.wanted, !!app.state.follow?.writable], () => buttons(app, row));
    held.hidden = !row.holds.length;
    swap(held, row.holds, () => [row.holds.map((x) => h("p", null, hold(x))), h("p", null, `Old serves. ${plan(row.wanted)} is wanted`, row.by ? ` by ${row.by}` : "", ", and is in force again after ", row.holds.some((x) => x.what === "held") ? "the release in the document" : "a reset", ".")]);
    swap(stage, [row.plan, row.wanted, row.holds, row.guard, row.by, row.document], () => [steps(row), h("p", { class: "line" }, guard(row.guard), h("span", { class: "muted" }, row.by ? ` set by ${row.by}, ` : " from the start, "), time(row.since), row.document ? [" ", h("span", { class: "badge warn" }, row.document)] : null)]);
    swap(missing, o.missing, () => [h("h3", null, "Before the next step"), o.missing?.length ? h("ul", { class: "missing" }, o.missing.map((m) => h("li", { "data-code": m.code }, m.text))) : h("p", { class: "good" }, row.plan.stage === "new" ? "There is none: the old handler can be deleted." : "Nothing is missing.")]);
    swap(facts, [s.oldTook, s.newTook, row.minute], () => [h("h3", null, "Both sides"), table(["", "old", "new"], [
      ["failing, last minute", `${percent(row.minute.old.bad, row.minute.old.of)} of ${count(row.minute.old.of)}`, `${percent(row.minute.new.bad, row.minute.new.of)} of ${count(row.minute.new.of)}`],
      ["p50", millis(s.oldTook.p50 / 1e6), millis(s.newTook.p50 / 1e6)], ["p90", millis(s.oldTook.p90 / 1e6), millis(s.newTook.p90 / 1e6)], ["p99", millis(s.oldTook.p99 / 1e6), millis(s.newTook.p99 / 1e6)]])]);
    swap(outcomes, [s.old, s.new, s.fallbacks], () => [h("h3", null, "Requests since the start"), table(["", "old", "new"], Object.keys(s.old).filter((k) => s.old[k] || s.new[k] || k === "answered" || k === "failed").map((k) => [k, count(s.old[k] ?? 0), count(s.new[k] ?? 0)])), counted("What became of requests that new failed", s.fallbacks)]);
    swap(shadows, [s.shadows, s.compared, s.controls], () => [h("h3", null, "Shadows"), h("p", { class: "muted" }, `${count(s.shadows.offered)} requests of which the plan wanted one, ${count(s.shadows.started)} ran, ${count(s.shadows.running)} still do`, s.shadows.off ? [" ", h("span", { class: "badge bad" }, "switched off")] : null), counted("Results", s.shadows.results), counted("Skipped, and why", s.shadows.skipped), s.unsafe ? h("p", { class: "muted" }, "Runs twice whatever the method, because: " + s.unsafe) : null]);
    swap(differences, [o.groups, s.compared, s.staleRules], () => [h("h3", null, `Differences `, h("small", null, `${count(s.mismatches)} of ${count(s.compared)} answers differ`)), groups(o.groups), s.staleRules?.length ? h("p", { class: "muted" }, "Rules that have matched nothing so far: ", s.staleRules.map((r) => [h("code", null, r), " "])) : null]);
    swap(history, [o.changes, Math.floor(Date.now() / 15000)], () => [h("h3", null, "History"), changes(o.changes, false)]);
    take(o.series);
  }
  return { update, destroy: () => [requests, failures, took, compared].forEach((c) => c.destroy()) };
}

// buttons are those that the level allows, and no others.
function buttons(app, row) {
  const at = row.wanted.stage;
  return [
    may(app, "raise") && row.holds.length ? h("button", { class: "primary", onclick: () => ask(app, "reset", row.name) }, "Reset…") : null,
    may(app, "raise") && at !== "new" ? h("button", { onclick: () => ask(app, "raise", row.name) }, "Raise…") : null,
    may(app, "lower") && at !== "old" ? h("button", { onclick: () => ask(app, "lower", row.name) }, "Lower…") : null,
    may(app, "lower") ? h("button", { class: "kill", onclick: () => ask(app, "kill", row.name) }, killLabel(app)) : null,
  ];
}

function table(heads, rows) {
  return h("table", { class: "small figures" }, h("thead", null, h("tr", null, heads.map((x, i) => (i ? h("th", { scope: "col", class: "n" }, x) : h("td"))))), h("tbody", null, rows.map(([first, ...rest]) => h("tr", null, h("th", { scope: "row" }, first), rest.map((x) => h("td", { class: "n" }, x))))));
}

// counted lists the words of an enumeration that count something, the most frequent first.
function counted(title, by) {
  const some = Object.entries(by ?? {}).filter(([, n]) => n).sort((a, b) => b[1] - a[1]);
  if (!some.length) return null;
  const most = some[0][1];
  return h("div", { class: "counted" }, h("h4", null, title), h("table", { class: "small" }, h("tbody", null, some.map(([word, n]) => {
    const fill = h("span", { class: "fill-mid" });
    fill.style.width = (100 * n) / most + "%";
    return h("tr", null, h("th", { scope: "row" }, word), h("td", { class: "amount", "aria-hidden": "true" }, fill), h("td", { class: "n" }, count(n)));
  }))));
}

const verdicts = { unknown: ["bad", "new differs from old, and old was not seen to differ from itself"], noisy: ["", "old differs from itself here: compared by shape"], real: ["bad", "old differs from itself here, but new more often"] };

function groups(list) {
  if (!list?.length) return h("p", { class: "empty" }, "None were found.");
  return h("div", { class: "groups" }, list.map((g) => {
    const [kind, title] = verdicts[g.verdict] ?? ["", ""];
    return h("details", { "data-class": g.class },
      h("summary", null, h("code", null, g.class), h("span", { class: "badge " + kind, title }, g.verdict), g.kind ? h("span", { class: "muted" }, g.kind) : null, h("span", { class: "n" }, `${count(g.count)} ×`), h("small", null, "last ", time(g.last))),
      h("dl", null,
        h("dt", null, "first, last"), h("dd", null, time(g.first), ", ", time(g.last)),
        g.controls ? [h("dt", null, "old with itself"), h("dd", null, `differed ${count(g.controls)} times`)] : null,
        g.kind ? [h("dt", null, h("code", null, g.path)), h("dd", { class: "diff" }, h("div", { class: "old" }, "old ", h("code", null, g.old)), h("div", { class: "new" }, "new ", h("code", null, g.new)))] : null,
        g.hint ? [h("dt", null, "hint"), h("dd", null, g.hint)] : null,
        g.curl ? [h("dt", null, "request"), h("dd", null, copy(g.curl))] : null,
        g.rule ? [h("dt", null, "if it is meant"), h("dd", null, copy(g.rule))] : null));
  }));
}

// copy is a text to take along.
export function copy(what) {
  const pre = h("pre", null, what);
  const put = async () => {
    try {
      await navigator.clipboard.writeText(what);
      say("Copied.");
    } catch {
      getSelection().selectAllChildren(pre); // without https there is no clipboard
      say("Selected: copy it with the keyboard.");
    }
  };
  return h("div", { class: "copy" }, pre, h("button", { type: "button", onclick: put }, "Copy"));
}
