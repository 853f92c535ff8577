// Reading a cable: hits one after the other, statements and their margin, copying a citation. All of it is extra.
"use strict";
{
  const all = (selector) => Array.from(document.querySelectorAll(selector));

  // ---- n and p: from one place that was looked for to the next

  const marks = all(".leaf mark.find");
  let at = -1;
  const goTo = (index) => {
    at = (index + marks.length) % marks.length;
    marks.forEach((mark, i) => mark.classList.toggle("here", i === at));
    marks[at].scrollIntoView({ block: "center" });
    marks[at].tabIndex = -1;
    marks[at].focus({ preventScroll: true });
  };
  if (marks.length) {
    all(".hitbar .keys").forEach((node) => { node.hidden = false; });
    document.addEventListener("keydown", (event) => {
      const busy = event.target.closest("input, textarea, select, [contenteditable]");
      if (busy || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("keys") === "off") return;
      if (event.key === "n" || event.key === "p") { event.preventDefault(); goTo(at + (event.key === "n" ? 1 : -1)); }
    });
  }

  // ---- a statement and its line in the margin light up together

  const light = (number, on) => {
    all(`[data-s="${CSS.escape(number)}"], [data-say="${CSS.escape(number)}"]`).forEach((node) => node.classList.toggle("lit", on));
  };
  const numberOf = (node) => node && (node.dataset.say ?? node.dataset.s);
  const follow = (name, on) => {
    document.addEventListener(name, (event) => {
      const number = numberOf(event.target.closest && event.target.closest("[data-say], [data-s]"));
      if (number !== undefined && number !== null) light(number, on);
    });
  };
  follow("mouseover", true);
  follow("mouseout", false);
  follow("focusin", true);
  follow("focusout", false);

  // ---- underlines on and off

  const box = document.getElementById("underlines");
  if (box) {
    box.closest("label").hidden = false;
    const show = () => {
      document.body.classList.toggle("underlined", box.checked);
      document.body.classList.toggle("plainly", !box.checked);
    };
    box.checked = localStorage.getItem("underlines") !== "off";
    box.addEventListener("change", () => { localStorage.setItem("underlines", box.checked ? "on" : "off"); show(); });
    show();
  }

  // ---- copying a citation

  all("button[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent;
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    });
  });
}
