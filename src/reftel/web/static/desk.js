// Marking words of a cable: what is selected can be highlighted, noted on, or put into the basket. Without it, forms beside each paragraph do the same.
"use strict";
{
  const leaf = document.querySelector(".leaf");
  const bar = document.querySelector(".marking");
  const said = document.querySelector("[data-said]");

  // ---- from a selection to offsets of the source: code points, without what is ours (class x)

  const isSource = (node) => {
    const parent = node.parentElement;
    return parent && parent.closest("[data-o]") && !parent.closest(".x") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT;
  };
  const count = (text) => Array.from(text).length;
  const offsetOf = (node, units) => {
    const block = node.parentElement.closest("[data-o]");
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT, { acceptNode: isSource });
    let offset = Number(block.dataset.o);
    for (let one = walker.nextNode(); one && one !== node; one = walker.nextNode()) offset += count(one.data);
    return offset + count(node.data.slice(0, units));
  };
  // The first and the last piece of the text of the cable in a range, white space at its ends left out; null if it holds none.
  const spanOf = (range) => {
    const walker = document.createTreeWalker(leaf, NodeFilter.SHOW_TEXT, { acceptNode: isSource });
    let first = null, last = null;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!range.intersectsNode(node)) { if (first) break; continue; }
      const from = node === range.startContainer ? range.startOffset : 0;
      const to = node === range.endContainer ? range.endOffset : node.data.length;
      const held = node.data.slice(from, to);
      if (!held.trim()) continue;
      first ??= [node, from + held.length - held.trimStart().length];
      last = [node, from + held.trimEnd().length];
    }
    return first && { start: offsetOf(...first), end: offsetOf(...last), first, last };
  };

  // ---- the bar

  const form = bar && bar.querySelector("form");
  const writing = bar && bar.querySelector("#writing");
  const writer = bar && bar.querySelector("[data-write]");
  const paint = (span) => {
    if (!CSS.highlights) return;
    CSS.highlights.delete("pending");
    if (!span) return;
    const range = new Range();
    range.setStart(...span.first);
    range.setEnd(...span.last);
    CSS.highlights.set("pending", new Highlight(range));
  };
  const open = (on) => {
    writing.hidden = !on;
    writer.setAttribute("aria-expanded", String(on));
    if (on) writing.querySelector("textarea").focus();
  };
  const leave = () => {
    if (bar.hidden) return;
    const inside = bar.contains(document.activeElement);
    bar.hidden = true;
    open(false);
    paint(null);
    said.textContent = "";
    if (inside) document.getElementById("main").focus({ preventScroll: true });
  };
  const look = () => {
    const selection = getSelection();
    if (bar.contains(document.activeElement) && !bar.hidden) return;
    const span = selection.rangeCount && !selection.isCollapsed && selection.containsNode(leaf, true) ? spanOf(selection.getRangeAt(0)) : null;
    if (!span) return leave();
    form.elements.start.value = span.start;
    form.elements.end.value = span.end;
    paint(span);
    if (!bar.hidden) return;
    bar.hidden = false;
    said.textContent = "Words are selected. Press m to mark them, Escape to leave.";
  };
  if (leaf && bar) {
    let timer = 0;
    document.addEventListener("selectionchange", () => { clearTimeout(timer); timer = setTimeout(look, 60); });
    bar.addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
    writer.addEventListener("click", () => open(writing.hidden));
    bar.querySelector("[data-leave]").addEventListener("click", () => { getSelection().removeAllRanges(); leave(); });
    bar.querySelector("[data-highlight]").addEventListener("click", () => { form.elements.text.value = ""; });
    document.addEventListener("keydown", (event) => {
      if (bar.hidden) return;
      const busy = event.target.closest && event.target.closest("input, textarea, select");
      if (event.key === "Escape") { event.preventDefault(); getSelection().removeAllRanges(); leave(); }
      if (event.key === "m" && !busy && !event.ctrlKey && !event.metaKey && !event.altKey && localStorage.getItem("keys") !== "off") {
        event.preventDefault();
        bar.querySelector("button").focus();
      }
    });
  }

  // ---- a mark and its note light up together

  const numbers = (node) => (node.dataset.n ? node.dataset.n.split(" ") : [node.dataset.note]);
  const light = (node, on) => numbers(node).forEach((number) => {
    document.querySelectorAll(`[data-n~="${CSS.escape(number)}"], [data-note="${CSS.escape(number)}"]`).forEach((one) => one.classList.toggle("lit", on));
  });
  [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]].forEach(([name, on]) => {
    document.addEventListener(name, (event) => {
      const node = event.target.closest && event.target.closest("mark[data-n], [data-note]");
      if (node) light(node, on);
    });
  });
}
