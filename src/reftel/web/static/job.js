// The page of a job: fetched again and again, and what has changed in it put in place.
"use strict";

const EVERY = 800; // milliseconds
const parts = ["state", "stage", "counts", "failures"];

async function follow() {
  let page;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) return location.reload();
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    setTimeout(follow, 5 * EVERY); // the server is busy, or gone for a moment
    return;
  }
  const fresh = page.getElementById("job");
  const held = document.getElementById("job");
  const said = page.getElementById("said").textContent;
  if (document.getElementById("said").textContent !== said) document.getElementById("said").textContent = said;
  document.title = page.title;
  const isOver = fresh.dataset.over === "yes";
  if (isOver || parts.some((id) => !page.getElementById(id) !== !document.getElementById(id))) {
    held.replaceWith(fresh);
  } else {
    for (const id of parts) {
      const [old, now] = [document.getElementById(id), page.getElementById(id)];
      if (old && old.innerHTML !== now.innerHTML) old.replaceChildren(...now.childNodes);
    }
    const [bar, now] = [document.getElementById("bar"), page.getElementById("bar")];
    if (bar && now && now.hasAttribute("value")) bar.value = now.value;
    else if (bar) bar.removeAttribute("value");
  }
  if (isOver) document.querySelectorAll("[data-stop]").forEach((form) => form.remove());
  else setTimeout(follow, EVERY);
}

setTimeout(follow, EVERY);
