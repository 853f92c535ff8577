// Files dropped on the status page, or chosen there, and how far they are sent.
"use strict";

const form = document.querySelector("[data-drop]");
const input = form.querySelector("input[type=file]");
const sending = form.querySelector("[data-sending]");
const bar = sending.querySelector("progress");
const told = sending.querySelector("[data-said]");
const slip = form.querySelector("[data-slip]");
let request = null;

form.querySelector("[data-scripted]").hidden = false;
form.querySelector("[data-plain]").hidden = true;

function size(bytes) {
  const [unit, name] = bytes >= 1e9 ? [1e9, "GB"] : bytes >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  return `${(bytes / unit).toFixed(1)} ${name}`;
}

function fail(said) {
  request = null;
  sending.hidden = true;
  slip.textContent = said;
  input.focus();
}

function send(files) {
  if (request || !files.length) return;
  slip.textContent = "";
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > Number(form.dataset.most)) return fail(`That is ${size(bytes)}; at most ${size(Number(form.dataset.most))} are taken at a time.`);
  if (files.length > Number(form.dataset.files)) return fail(`Those are ${files.length.toLocaleString("en")} files; at most ${Number(form.dataset.files).toLocaleString("en")} are taken at a time.`);
  const data = new FormData();
  data.append("token", form.dataset.token);
  for (const file of files) data.append("files", file, file.name);
  request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("accept", "application/json");
  request.setRequestHeader("x-reftel-token", form.dataset.token);
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    const percent = event.lengthComputable ? Math.floor((100 * event.loaded) / event.total) : 0;
    bar.value = percent;
    told.textContent = `${percent} % of ${size(bytes)} sent`;
  });
  request.addEventListener("load", () => {
    const answer = request.response;
    if (request.status === 202 && answer) return location.assign(answer.job);
    fail(answer && answer.detail ? [answer.detail, answer.remedy].filter(Boolean).join(" ") : "The files were not taken.");
  });
  request.addEventListener("error", () => fail("The connection broke off, and nothing was kept. Send the files again."));
  request.addEventListener("abort", () => fail("Cancelled; nothing was kept."));
  bar.value = 0;
  told.textContent = files.length === 1 ? `Sending ${files[0].name}` : `Sending ${files.length.toLocaleString("en")} files`;
  sending.hidden = false;
  sending.querySelector("button").focus();
  request.send(data);
}

// A dropped folder, file by file.
async function walk(entry) {
  if (entry.isFile) return [await new Promise((take, refuse) => entry.file(take, refuse))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((take, refuse) => reader.readEntries(take, refuse));
    if (!some.length) return found;
    for (const one of some) found.push(...(await walk(one)));
    if (found.length > Number(form.dataset.files)) return found;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send([...input.files]);
});
sending.querySelector("[data-cancel]").addEventListener("click", () => request && request.abort());
for (const name of ["dragenter", "dragover"]) {
  form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
}
form.addEventListener("dragleave", (event) => {
  if (!form.contains(event.relatedTarget)) form.classList.remove("over");
});
form.addEventListener("drop", async (event) => {
  event.preventDefault();
  form.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
  const plain = [...event.dataTransfer.files];
  try {
    send(entries.length ? (await Promise.all(entries.map(walk))).flat() : plain);
  } catch {
    fail("What was dropped cannot be read by the browser. Choose the files instead.");
  }
});
