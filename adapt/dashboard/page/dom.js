// Elements, made without markup: whatever a name contains, it becomes text.

// h makes an element. Properties that begin with "on" are listeners, "class" and the rest are attributes;
// null, undefined and false are left out, of children too.
export function h(tag, props, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else el.setAttribute(name, value === true ? "" : String(value));
  }
  el.append(...children.flat(Infinity).filter((c) => c != null && c !== false).map((c) => (c instanceof Node ? c : String(c))));
  return el;
}

// text changes a text only where it is another one, so that a selection and a screen reader are left alone.
export function text(el, value) {
  value = String(value ?? "");
  if (el.textContent !== value) el.textContent = value;
}

// swap replaces the children of el by others, unless key says that they are the same as before.
export function swap(el, key, children) {
  key = JSON.stringify(key);
  if (el.swapKey === key) return;
  el.swapKey = key;
  el.replaceChildren(...[children()].flat(Infinity).filter(Boolean));
}

// say tells people what has happened, also those who hear the page.
export function say(what, kind = "") {
  const box = document.getElementById("said");
  const one = h("p", { class: kind }, what);
  box.append(one);
  setTimeout(() => one.remove(), 8000);
}
