// A live page: hears that what it shows has changed, fetches itself again and puts the new
// <main> in place of the old one. Without this module the page reloads by itself.

let shown = document.querySelector("main");
let busy = false;
let wanted = null;

// Said aloud when it changes: the text of the element that names itself with data-said.
const heard = document.createElement("p");
heard.className = "heard";
heard.setAttribute("role", "status");
document.body.append(heard);

function said(main) {
  return main.querySelector("[data-said]")?.textContent.trim().replace(/\s+/g, " ") ?? "";
}

function key(element) {
  if (!element || element === document.body) return null;
  if (element.id) return `#${CSS.escape(element.id)}`;
  if (element.name) return `${element.tagName}[name="${CSS.escape(element.name)}"]`;
  const href = element.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}

// What a person has typed or opened must survive the change.
function keep(from, to) {
  for (const field of from.querySelectorAll("input, textarea, select")) {
    const changed = field.type === "checkbox" || field.type === "radio"
      ? field.checked !== field.defaultChecked
      : field.tagName !== "SELECT" && field.value !== field.defaultValue;
    const place = key(field);
    const same = changed && place && to.querySelector(place);
    if (!same || same.type === "hidden") continue;
    same.value = field.value;
    if ("checked" in field) same.checked = field.checked;
  }
  for (const open of from.querySelectorAll("details[open][id]")) {
    const same = to.querySelector(`#${CSS.escape(open.id)}`);
    if (same) same.open = true;
  }
}

function swap(next) {
  const active = shown.contains(document.activeElement) ? document.activeElement : null;
  const place = key(active);
  const marks = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  const [x, y] = [scrollX, scrollY];

  keep(shown, next);
  const before = said(shown);
  shown.replaceWith(next);
  shown = next;
  const again = place && shown.querySelector(place);
  if (again) {
    again.focus({ preventScroll: true });
    if (marks && marks[0] !== null) again.setSelectionRange?.(...marks);
  } else if (active) {
    shown.focus({ preventScroll: true });
  }
  scrollTo({ left: x, top: y, behavior: "instant" });
  if (said(shown) !== before) heard.textContent = said(shown);
}

async function refresh(version) {
  if (version === shown.dataset.version) return;
  wanted = version;
  if (busy) return;
  busy = true;
  try {
    while (wanted !== null && wanted !== shown.dataset.version) {
      const asked = wanted;
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) return location.reload();
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("main");
      if (!next) return location.reload();
      swap(document.adoptNode(next));
      document.title = page.title;
      if (wanted === asked) wanted = null;
    }
  } catch {
    wanted = null; // the stream's next word will ask again
  } finally {
    busy = false;
  }
}

const stream = new EventSource(location.pathname + location.search);
stream.addEventListener("version", (event) => refresh(event.data));
stream.addEventListener("changed", (event) => refresh(event.data));
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
