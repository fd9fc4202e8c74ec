// Pages of the officer's phone: acts go through the outbox, what waits is shown, a sum that was paid is seen by itself.

import { DONE, REFUSED, WAITING, all, forget, keep, send } from "./border-outbox.js";

const AGAIN = 20_000;
const LOOK = 4_000;
const box = document.querySelector("[data-outbox]");
const line = box?.querySelector("[data-outbox-line]");
const list = box?.querySelector("[data-outbox-list]");
const clear = box?.querySelector("[data-outbox-clear]");
const officer = box?.dataset.officer ?? "";
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
const keptAt = document.body.dataset.keptAt;
let stopped = "";

document.querySelector(".post-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

function entry(act) {
  const item = document.createElement("li");
  item.className = `outbox-${act.state}`;
  const said = act.state === WAITING ? "" : act.answer?.sentence
    || (act.answer?.violations ?? []).map((fault) => fault.sentence).join(" ") || act.answer?.status || "";
  const name = document.createElement(act.page ? "a" : "b");
  if (act.page) name.href = act.page;
  name.textContent = act.title;
  item.append(name, ` ${act.words}${said ? `: ${said}` : ""}`);
  return item;
}

function sentence(waiting) {
  if (stopped === "signIn") return line.dataset.again;
  if (keptAt) {
    const at = new Date(Number(keptAt)).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    return `${line.dataset.kept} ${at}. ${line.dataset.offline}`;
  }
  if (stopped === "line" || navigator.onLine === false) return line.dataset.offline;
  return waiting ? `${line.dataset.waiting} ${waiting}` : "";
}

async function show() {
  if (!box) return;
  const acts = (await all()).filter((act) => act.officer === officer);
  const waiting = acts.filter((act) => act.state === WAITING).length;
  list.replaceChildren(...acts.map(entry));
  line.textContent = sentence(waiting);
  line.hidden = !line.textContent;
  clear.hidden = !acts.some((act) => act.state !== WAITING);
  box.hidden = !acts.length && line.hidden;
  box.dataset.waiting = String(waiting);
}

async function flush() {
  const done = await send({ officer, token: token() });
  stopped = done.stopped;
  await show();
  return done.answered;
}

function freeze(form) {
  for (const each of document.querySelectorAll("form[data-act] button")) each.disabled = true;
  form.classList.add("act--kept");
}

function thaw(form) {
  for (const each of document.querySelectorAll("form[data-act] button")) each.disabled = false;
  form.classList.remove("act--kept");
}

async function take(form, submitter) {
  const beside = ["csrfmiddlewaretoken", "key"];
  const fields = [...new FormData(form, submitter)].filter(([name, value]) =>
    !beside.includes(name) && typeof value === "string");
  const title = form.querySelector("[data-unseen]")?.value
    ?? document.querySelector("[data-copy]")?.textContent.trim() ?? document.title;
  const act = {
    key: crypto.randomUUID(), url: form.action, fields, officer, at: Date.now(), state: WAITING,
    words: form.dataset.words, title: title.slice(0, 40),
    page: document.querySelector("[data-traveller]") ? location.pathname : form.dataset.next ?? "",
  };
  await keep(act);
  freeze(form);
  const mine = (await flush()).find((each) => each.key === act.key);
  if (mine?.state === DONE) {
    await forget(mine.key);
    location.assign(mine.answer.href);
  } else if (mine?.state === REFUSED) {
    thaw(form);
    box.scrollIntoView({ block: "nearest" });
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-act]");
  if (!form || !box || !globalThis.indexedDB) return;
  event.preventDefault();
  take(form, event.submitter);
});

clear?.addEventListener("click", async () => {
  for (const act of await all()) {
    if (act.officer === officer && act.state !== WAITING) await forget(act.key);
  }
  await show();
});

// A sum that is awaited: the page asks for a few bytes and comes anew when something changed.
const watched = document.querySelector("[data-watch]");
async function look() {
  try {
    const answer = await fetch(watched.dataset.watch, { redirect: "manual", signal: AbortSignal.timeout(LOOK * 2) });
    const now = answer.ok ? await answer.json() : null;
    const before = watched.dataset;
    if (now && (String(now.version) !== before.version || Number(now.paid) !== Number(before.paid))) {
      location.reload();
      return;
    }
  } catch { /* no line: asked again */ }
  setTimeout(look, LOOK);
}
if (watched) setTimeout(look, LOOK);

if (box && globalThis.indexedDB) {
  addEventListener("online", flush);
  addEventListener("offline", show);
  setInterval(async () => {
    if (box.dataset.waiting !== "0") await flush();
  }, AGAIN);
  await flush();
}
if (box && navigator.serviceWorker) {
  // The page that came before there was a worker is kept too: it was looked at already.
  const unkept = navigator.serviceWorker.controller ? "" : location.href;
  const ready = await navigator.serviceWorker.register(box.dataset.worker, { scope: "/travellers/" })
    .then(() => navigator.serviceWorker.ready).catch(() => null);
  if (ready) {
    const heard = new MessageChannel();
    heard.port1.onmessage = () => {
      box.dataset.ready = "true";
    };
    ready.active?.postMessage({ officer, page: unkept }, [heard.port2]);
  }
}
