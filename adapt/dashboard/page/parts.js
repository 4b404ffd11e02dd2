// What several views show.

import { h } from "./dom.js";
import { ago, count, moment, plan, stages } from "./format.js";

// steps are the five stages: what is in force, what was passed, and what is wanted but held back.
export function steps(row) {
  const is = stages.indexOf(row.plan.stage);
  const wanted = stages.indexOf(row.wanted.stage);
  const words = `${plan(row.plan)} in force, step ${is + 1} of 5` + (row.holds.length ? `, ${plan(row.wanted)} wanted` : "");
  return h(
    "ol",
    { class: "steps" + (row.holds.length ? " stopped" : ""), role: "img", "aria-label": words, title: words },
    stages.map((name, i) => {
      const state = i === is ? "is" : i < is ? "was" : i <= wanted && row.holds.length ? "wanted" : "";
      const share = name === "canary" && i === is ? ` ${+((row.plan.share ?? 0) * 100).toFixed(2)} %` : "";
      return h("li", { class: state }, name + share);
    }),
  );
}

export function method(m) {
  return h("span", { class: "method" }, m);
}

export function time(at) {
  return h("time", { datetime: at, title: moment(at) }, ago(at));
}

// hold says what keeps a pair on old, and what was wanted of it.
export function hold(one) {
  return [h("span", { class: "badge bad" }, one.what), " ", h("span", { class: "why" }, one.why), h("small", null, ` by ${one.by || "somebody"}, `, time(one.at))];
}

const sights = {
  watching: ["good", "new is compared with old"],
  weak: ["warn", "compared, but 10 % failures would take more than 5,000 requests to find"],
  blind: ["bad", "nothing is heard of old: only panics and the ceiling trip"],
  idle: ["", "new has answered nothing for a minute"],
  off: ["", "there is nothing to guard at this plan"],
};

export function guard(view) {
  const [kind, title] = sights[view.sight] ?? ["", ""];
  const more = view.why ? ": " + view.why.replaceAll("-", " ") : "";
  return [h("span", { class: "badge " + kind, title }, view.sight + more), view.sight === "watching" && view.from ? h("small", null, ` sees from ${+(view.from * 100).toFixed(2)} %`) : null];
}

const kinds = { set: "set", kill: "killed", trip: "tripped", reset: "reset", hold: "held", release: "released", source: "source", guard: "guard", stuck: "stuck", "shadow-off": "shadows off" };

// changes are what happened, the newest first.
export function changes(list, named) {
  if (!list?.length) return h("p", { class: "empty" }, "Nothing has happened since this replica started.");
  return h(
    "ol",
    { class: "changes" },
    list.map((c) => {
      const bad = ["kill", "trip", "hold", "shadow-off", "stuck"].includes(c.kind);
      return h(
        "li",
        null,
        time(c.at),
        h("div", null, h("span", { class: "badge " + (bad ? "bad" : c.kind === "set" || c.kind === "reset" ? "info" : "") }, kinds[c.kind] ?? c.kind), named ? [" ", h("a", { href: "#/pair/" + encodeURIComponent(c.pair) }, c.pair)] : null,
          c.from !== c.to ? [" ", h("span", { class: "arrow" }, c.from, " → ", h("b", null, c.to))] : c.kind === "set" ? [" ", c.wanted, " wanted"] : null,
          c.reason ? h("div", { class: "why" }, c.reason) : null),
        h("small", null, c.by ? "by " + c.by : ""),
      );
    }),
  );
}

// bar is a whole with parts [{n, label, colour}].
export function bar(parts) {
  const whole = parts.reduce((sum, p) => sum + p.n, 0);
  const el = h("div", { class: "bar", role: "img", "aria-label": parts.map((p) => `${p.label}: ${p.n}`).join(", ") });
  for (const p of parts) {
    if (!p.n) continue;
    const part = h("span", { class: "fill-" + p.colour, title: `${p.label}: ${count(p.n)}` });
    part.style.flexGrow = p.n / (whole || 1);
    el.append(part);
  }
  return el;
}

export function legend(parts) {
  return h("ul", { class: "legend" }, parts.filter((p) => p.n || p.keep).map((p) => h("li", null, h("i", { class: "fill-" + p.colour }), p.label, " ", h("b", null, count(p.n)))));
}

export function may(app, level) {
  const order = ["none", "read", "lower", "raise"];
  return order.indexOf(app.state?.you.level) >= order.indexOf(level) && !!app.state?.you.by;
}
