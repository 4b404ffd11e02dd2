// The acts: each asks once, says whom it concerns, and takes who from the server.

import { h, say } from "./dom.js";
import { plan, stages } from "./format.js";

const dialog = document.getElementById("dialog");

// killLabel says in the button itself when it reaches no other replica.
export function killLabel(app) {
  return app.state.follow?.writable ? "Kill" : ["Kill", h("small", null, "this replica only")];
}

// reach says which replicas an act will move, and lets one choose where there is a choice.
function reach(app) {
  const f = app.state.follow;
  if (!f?.writable) return { el: h("p", { class: "note" }, "For this replica only", app.state.host ? ` (${app.state.host})` : "", f ? ": the document that all follow cannot be written from here." : "."), here: () => false };
  const n = Object.keys(f.replicas ?? {}).length;
  const here = h("input", { type: "checkbox", name: "here" });
  return {
    el: h("div", { class: "note" }, h("p", null, `For all replicas, by version ${f.document + 1} of the document. ${n} ${n === 1 ? "is" : "are"} known to follow it.`), h("label", { class: "check" }, here, " in this replica only")),
    here: () => here.checked,
  };
}

// plans are those above or below what is wanted.
function plans(row, up) {
  const at = stages.indexOf(row.wanted.stage);
  const fits = stages.filter((name, i) => (name === "canary" && i === at ? true : up ? i > at : i < at));
  const first = up ? fits[0] : fits.at(-1);
  const stage = h("select", { name: "stage", id: "stage" }, fits.map((name) => h("option", { value: name, selected: name === first }, name)));
  const now = row.wanted.share ?? 0;
  const share = h("input", { name: "share", id: "share", type: "number", min: "0.01", max: "100", step: "any", value: String(+(up ? Math.min(100, now ? now * 200 : 1) : now * 50).toFixed(2) || 1) });
  const percent = h("label", { for: "share" }, "Share of the keys, in percent", share);
  const look = () => {
    percent.hidden = stage.value !== "canary";
  };
  stage.addEventListener("change", look);
  look();
  return {
    el: h("div", { class: "fields" }, h("label", { for: "stage" }, "Stage", stage), percent),
    value: () => (stage.value === "canary" ? { stage: "canary", share: Math.round(share.valueAsNumber * 100) / 10000 } : { stage: stage.value }),
  };
}

const texts = {
  kill: ["Kill", "Old serves every later request, whatever is wanted, until somebody resets.", "Why? Those who look will read it."],
  reset: ["Reset", "What is wanted is in force again, and the guard begins anew.", "What have you looked at, and what did it say?"],
  lower: ["Lower", "New serves less from the next request on.", null],
  raise: ["Raise", "New serves more from the next request on.", null],
};

// ask opens the dialog of an act for a pair, and does it.
export async function ask(app, act, name) {
  const row = app.rows.get(name);
  const [verb, what, why] = texts[act];
  const reason = why && h("textarea", { id: "reason", name: "reason", rows: 2, required: true, maxlength: 480, autofocus: true, onkeydown: (e) => e.key === "Enter" && !e.shiftKey && (e.preventDefault(), form.requestSubmit()) });
  const choice = act === "raise" || act === "lower" ? plans(row, act === "raise") : null;
  const to = reach(app);
  const wrong = h("p", { class: "wrong", role: "alert", hidden: true });
  const evidence = h("div", { class: "evidence" });
  let despite = null;
  if (act === "raise") {
    const missing = await verdict(name);
    if (missing.length) {
      despite = h("input", { type: "checkbox", id: "despite", required: true });
      evidence.append(h("p", null, h("b", null, "Evidence is missing:")), h("ul", null, missing.map((m) => h("li", { "data-code": m.code }, m.text))), h("label", { class: "check", for: "despite" }, despite, " raise all the same, in my name"));
    } else evidence.append(h("p", { class: "good" }, "Nothing is missing before this step."));
  }
  const everywhere = app.state.follow?.writable;
  const go = h("button", { class: act === "kill" ? "kill" : "primary", type: "submit" }, act === "kill" ? (everywhere ? "Kill" : "Kill in this replica only") : verb);
  const form = h("form", { method: "dialog" },
    h("h2", { id: "dialog-title" }, verb + " ", h("code", null, name)),
    h("p", null, what, ` Now in force: ${plan(row.plan)}`, row.holds.length ? `, wanted: ${plan(row.wanted)}.` : "."),
    choice?.el, evidence, reason && h("label", { for: "reason" }, why, reason), to.el, wrong,
    h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), go));
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    go.disabled = true;
    const order = { act, pair: name, reason: reason?.value ?? "", here: to.here(), despite: !!despite?.checked };
    if (choice) order.plan = choice.value();
    const failed = await send(order);
    go.disabled = false;
    if (!failed) return dialog.close();
    wrong.hidden = false;
    wrong.textContent = failed;
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  (reason ?? dialog.querySelector("select, button"))?.focus();
}

// send does the act, and returns what is wrong.
async function send(order) {
  try {
    const res = await fetch("v1/act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) });
    const answer = await res.json();
    if (!res.ok) return [answer.error, ...(answer.reasons ?? []).map((r) => r.text)].join("\n");
    say(`${order.pair}: ${answer.done}` + (answer.document ? `, version ${answer.document} of the document; ${answer.replicas} known to follow` : ""), order.act === "kill" ? "bad" : "good");
    return "";
  } catch (err) {
    return "The service does not answer: " + err.message;
  }
}

async function verdict(name) {
  const res = await fetch("v1/verdict?pair=" + encodeURIComponent(name), { cache: "no-store" });
  return (await res.json()).reasons ?? [];
}
