// Papers come in by drag and by phone: dropped on the area they wait for their line, dropped on a line they prove it.
// A scan that waits is dragged to its line too. The list is the server's: after each change it is asked for anew.

import { Sender, lineOf } from "./file-sender.js";

const form = document.querySelector("form[data-declaration]");
const area = document.querySelector("[data-scans-in]");
const LOOK = 3000;
const DRAGGED = "application/x-scan";
let state = "";

const token = () => form.querySelector("[name=csrfmiddlewaretoken]").value;

async function changed() {
  await form.rows?.refresh();
}

function sender() {
  const words = area.dataset;
  const list = document.querySelector("[data-sent]");
  return new Sender({
    address: words.scansIn,
    token,
    show: (entry) => lineOf(list, entry, { sending: words.sending, done: words.arrived, again: words.again }),
    done: (entry) => entry.state === "done" && changed(),
    limit: Number(words.limit) * 1024 * 1024,
    tooLarge: words.tooLarge,
    unreadable: words.unreadable,
  });
}

async function bind(scan, line) {
  const body = new FormData();
  body.set("do", `bind_scan:${scan}`);
  body.set("line", line);
  body.set("csrfmiddlewaretoken", token());
  await fetch(form.action || location.href, { method: "POST", body });
  await changed();
}

function place(event) {
  return event.target.closest?.("[data-scans-in], [data-rows=papers] tr[data-row]");
}

function listen(files) {
  let over = null;
  const mark = (element) => {
    over?.classList.remove("is-over");
    over = element ?? null;
    over?.classList.add("is-over");
  };
  const takes = (event) => [...event.dataTransfer.types].some((type) => type === "Files" || type === DRAGGED);
  document.addEventListener("dragstart", (event) => {
    const item = event.target.closest?.("[data-drag-scan]");
    if (item) event.dataTransfer.setData(DRAGGED, item.dataset.dragScan);
  });
  document.addEventListener("dragover", (event) => {
    if (!takes(event)) return;
    event.preventDefault(); // a file dropped beside the area must not take the place of the page
    mark(place(event));
  });
  document.addEventListener("dragend", () => mark(null));
  document.addEventListener("drop", (event) => {
    if (!takes(event)) return;
    event.preventDefault();
    mark(null);
    const line = place(event)?.dataset.row ?? "";
    const scan = event.dataTransfer.getData(DRAGGED);
    if (scan && line) bind(scan, line);
    for (const file of event.dataTransfer.files) files.add(file, line ? { line } : {});
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-scan-files]")) return;
    const line = event.target.closest("tr[data-row]")?.dataset.row ?? "";
    for (const file of event.target.files) files.add(file, line ? { line } : {});
    event.target.value = "";
  });
  addEventListener("beforeunload", (event) => {
    if (files.left) event.preventDefault();
  });
}

// By phone --------------------------------------------------------------------------------------------------

async function link(button) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token());
  const answer = await fetch(button.dataset.phoneLink, { method: "POST", body });
  const shown = document.querySelector("[data-phone-here]");
  if (answer.ok) shown.innerHTML = await answer.text();
}

async function look() {
  const isAwaited = document.querySelector("[data-phone]") || document.querySelector("[data-waiting-scan]");
  if (isAwaited && !document.hidden) {
    try {
      const answer = await fetch(area.dataset.scansIn, { headers: { Accept: "application/json" } });
      const now = answer.ok ? JSON.stringify(await answer.json()) : state;
      if (now !== state) await changed(); // at the first look too: it may have come meanwhile
      state = now;
    } catch { /* looked again */ }
  }
  setTimeout(look, LOOK);
}

if (form && area) {
  listen(sender());
  document.addEventListener("click", (event) => {
    const [phone, chosen] = ["[data-phone-link]", "[data-bind]"].map((name) => event.target.closest(name));
    if (!phone && !chosen) return;
    event.preventDefault();
    if (phone) link(phone);
    const line = chosen?.closest("li").querySelector("[data-line]").value;
    if (line) bind(chosen.value.replace("bind_scan:", ""), line);
  });
  look();
}
