// The page: what is known, which view shows it, and what is said about the connection.

import { say, text } from "./dom.js";
import { Live } from "./live.js";
import { overview } from "./overview.js";
import { pair } from "./pair.js";
import { audit, endpoints, left } from "./lists.js";

const main = document.getElementById("main");
const live = document.getElementById("live");

// app is what is known: the last state, the rows by name, and the pair that is open.
const app = { state: null, rows: new Map(), order: [], open: null };
let view = null;

function hear(state, whole) {
  if (whole) {
    app.order = state.pairs.map((r) => r.name);
    app.rows.clear();
  }
  for (const row of state.pairs) {
    tell(app.rows.get(row.name), row);
    app.rows.set(row.name, row);
  }
  const first = !app.state;
  app.state = state;
  app.open = state.open ?? null;
  text(document.getElementById("title"), state.title);
  document.title = state.title;
  text(document.getElementById("you"), `${state.you.by || "no name"}, ${state.you.level} · ${state.host}`);
  if (first) route();
  view?.update();
}

// tell says aloud what nobody should miss.
function tell(was, is) {
  for (const x of is.holds) {
    if (was && !was.holds.some((y) => y.what === x.what && y.at === x.at)) say(`${is.name} ${x.what}: ${x.why}`, "bad");
  }
}

const words = { live: "live", polling: "every 2 s", lost: "reconnecting", refused: "not allowed any more" };

const connection = new Live(hear, (how) => {
  live.className = "live " + (how === "live" ? "good" : how);
  text(live, words[how]);
});

// route shows the view that the address names.
function route() {
  const [, name, rest] = location.hash.match(/^#\/([a-z]*)\/?(.*)$/) ?? [null, "", ""];
  view?.destroy?.();
  main.replaceChildren();
  const open = name === "pair" ? decodeURIComponent(rest) : null;
  view = name === "pair" ? pair(main, app, open) : name === "endpoints" ? endpoints(main, app) : name === "left" ? left(main) : name === "audit" ? audit(main) : overview(main, app);
  for (const a of document.querySelectorAll("#nav a")) {
    if (a.getAttribute("href") === "#/" + (name === "pair" ? "" : name)) a.setAttribute("aria-current", "page");
    else a.removeAttribute("aria-current");
  }
  if (connection.pair !== open) {
    app.open = null;
    connection.open(open);
  }
  if (app.state) view.update();
}

addEventListener("hashchange", () => {
  if (!location.hash.startsWith("#/")) return; // the link to the content
  route();
  main.focus();
  scrollTo(0, 0);
});

connection.open(location.hash.startsWith("#/pair/") ? decodeURIComponent(location.hash.slice(7)) : null);
