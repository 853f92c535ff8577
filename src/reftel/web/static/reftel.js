// Keys, completion, and brushing the months. Everything here can also be done without it, by links and forms.
"use strict";

const typing = (node) => node && (node.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(node.tagName));
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

// ---- keys: / ? c go to what is marked with data-key; j k through the hits; n p to the next and the last page where a page has no hits of its own

const keysAreOn = () => localStorage.getItem("keys") !== "off";

const toHit = (step) => {
  const hits = all("[data-hits] > li");
  if (!hits.length) return;
  const now = hits.findIndex((hit) => hit.classList.contains("here"));
  const next = Math.min(Math.max(now + step, 0), hits.length - 1);
  hits.forEach((hit, i) => hit.classList.toggle("here", i === next));
  const link = hits[next].querySelector("[data-open]") || hits[next].querySelector("a");
  link.focus({ preventScroll: true });
  hits[next].scrollIntoView({ block: "nearest" });
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !keysAreOn()) return;
  const marked = all("[data-key]").find((node) => node.dataset.key === event.key && !node.hidden);
  if (marked) {
    event.preventDefault();
    if (typing(marked)) { marked.focus(); marked.setSelectionRange(marked.value.length, marked.value.length); } else marked.click();
  } else if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    toHit(event.key === "j" ? 1 : -1);
  } else if ((event.key === "n" || event.key === "p") && !document.querySelector("mark.find")) {
    const link = document.querySelector(event.key === "n" ? ".pages a[rel=next]" : ".pages a[rel=prev]");
    if (link) link.click();
  }
});

all("[data-keys]").forEach((button) => {
  const show = () => { button.textContent = keysAreOn() ? "Turn single keys off" : "Turn single keys on"; };
  button.hidden = false;
  button.addEventListener("click", () => { localStorage.setItem("keys", keysAreOn() ? "off" : "on"); show(); });
  show();
});

// ---- completion: a listbox under the box, after the pattern of the ARIA authoring practices

const offerCompletion = (form) => {
  const box = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `${box.id}-suggestions`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  form.append(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  let offered = [], chosen = -1, timer = 0, asked = 0;

  const close = () => { list.hidden = true; chosen = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const choose = (index) => {
    chosen = index;
    all("li", list).forEach((item, i) => item.setAttribute("aria-selected", String(i === index)));
    if (index >= 0) {
      box.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  };
  const take = (index) => {
    const one = offered[index];
    const head = Array.from(box.value).slice(0, one.at).join("");
    const tail = box.value.slice(box.selectionStart);
    const gap = one.text.endsWith(":") ? "" : " ";
    box.value = head + one.text + gap + tail.trimStart();
    const at = (head + one.text + gap).length;
    box.setSelectionRange(at, at);
    close();
    box.focus();
    if (!gap) ask();
  };
  const show = (found) => {
    offered = found;
    list.replaceChildren(...found.map((one, i) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${i}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const what = [["code", "", one.text], ["span", "what", one.said], ["span", "number", one.cables === null ? "" : one.cables.toLocaleString("en")]];
      item.append(...what.map(([tag, name, text]) => { const node = document.createElement(tag); node.className = name; node.textContent = text; return node; }));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
      return item;
    }));
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(Boolean(found.length)));
    choose(-1);
  };
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const number = ++asked;
      const typed = box.value.slice(0, box.selectionStart);
      if (!typed.trim()) return close();
      const answer = await fetch(`${form.dataset.complete}?${new URLSearchParams({ q: typed })}`).catch(() => null);
      if (!answer || !answer.ok || number !== asked || document.activeElement !== box) return;
      show(await answer.json());
    }, 120);
  };
  box.addEventListener("input", ask);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(((chosen + 1 + step + offered.length + 1) % (offered.length + 1)) - 1);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) {
      event.preventDefault();
      take(chosen);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
};
all("form[data-complete]").forEach(offerCompletion);

// ---- brushing: drag over the bars for a range of months; a press without a drag is the link of the bar

const offerBrush = (svg) => {
  const rooms = all("rect.room", svg);
  if (rooms.length < 2) return;
  let from = null, to = null, brush = null;
  const roomAt = (event) => {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
    return rooms.reduce((best, room, i) => (room.x.baseVal.value <= x ? i : best), 0);
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = to = roomAt(event);
    svg.setPointerCapture(event.pointerId);
    brush = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    brush.setAttribute("class", "brush");
    brush.setAttribute("y", "0");
    brush.setAttribute("height", "84");
  });
  const draw = () => {
    const [first, last] = [rooms[Math.min(from, to)], rooms[Math.max(from, to)]];
    brush.setAttribute("x", first.x.baseVal.value);
    brush.setAttribute("width", last.x.baseVal.value + last.width.baseVal.value - first.x.baseVal.value);
    if (!brush.isConnected) svg.append(brush);
  };
  svg.addEventListener("pointermove", (event) => {
    if (from === null) return;
    to = roomAt(event);
    if (to !== from || brush.isConnected) draw();
  });
  svg.addEventListener("dragstart", (event) => event.preventDefault());
  svg.addEventListener("pointercancel", () => { from = null; if (brush) brush.remove(); });
  svg.addEventListener("pointerup", () => {
    if (from === null) return;
    const [first, last, moved] = [Math.min(from, to), Math.max(from, to), brush.isConnected];
    from = null;
    const one = rooms[first].dataset.at, other = rooms[last].dataset.at;
    if (!moved) {
      const link = rooms[first].closest("a");
      if (link) location.assign(link.getAttribute("href"));
      return;
    }
    const here = new URL(location.pathname === "/" ? "/search" : location.pathname, location.origin);
    new URLSearchParams(location.search).forEach((value, name) => {
      if (name !== "page" && !(name === "f" && value.startsWith("date:"))) here.searchParams.append(name, value);
    });
    here.searchParams.append("f", one === other ? `date:${one}` : `date:${one}..${other}`);
    location.assign(here);
  });
  svg.addEventListener("click", (event) => { if (event.detail) event.preventDefault(); });
};
all("svg[data-brush]").forEach(offerBrush);

// ---- how many statements there are beside the cables: counted once the cables are shown

all("[data-count]").forEach(async (node) => {
  const answer = await fetch(node.dataset.count).catch(() => null);
  if (answer && answer.ok) node.textContent = (await answer.json()).total.toLocaleString("en");
});

// ---- colours: chosen, set

all("select#theme").forEach((select) => {
  select.form.querySelector("button").hidden = true;
  select.addEventListener("change", () => select.form.requestSubmit());
});
