// The line comes and goes: what waits on the phone is sent in order, each saving once; the worker keeps pages.

import { forgetCopy, noteArrived, waiting } from "./travel-copies.js";
import { photosOf } from "./travel-photo.js";

const AGAIN = 15_000;
const WAIT = 120_000;
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

// "arrived", "wrong" (the server has read it and asks for a change), or "later".
async function send({ name, address, entries }) {
  const body = new FormData();
  for (const [field, value] of entries) body.append(field, value);
  for (const [field, photo] of await photosOf(name)) body.append(field, photo, "photo.jpg");
  try {
    const answer = await fetch(address, {
      method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": token() }, signal: AbortSignal.timeout(WAIT),
    });
    if (answer.type === "opaqueredirect" || answer.ok || answer.status === 404) return "arrived";
    return answer.status === 422 ? "wrong" : "later";
  } catch {
    return "later";
  }
}

async function sendAll() {
  for (const saving of waiting()) {
    const end = await send(saving);
    if (end === "later") return "later";
    noteArrived(saving.name);
    if (end === "wrong") return saving.address;
    forgetCopy(saving.name);
  }
  return "";
}

// Empty when nothing waits any more, "later", or the address of the question in which something is to be mended.
export function sendWhatWaits() {
  if (!waiting().length) return Promise.resolve("");
  return navigator.locks ? navigator.locks.request("travel-send", sendAll) : sendAll();
}

async function hasLine() {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(AGAIN) })).ok;
  } catch {
    return false;
  }
}

// Tries now, whenever the browser says that the line is back, and every quarter of a minute.
export function keepTrying(then) {
  let isTrying = false;
  async function tried() {
    if (isTrying) return;
    isTrying = true;
    const end = waiting().length || await hasLine() ? await sendWhatWaits() : "later";
    isTrying = false;
    if (end === "later") return;
    clearInterval(timer);
    then(end);
  }
  const timer = setInterval(tried, AGAIN);
  addEventListener("online", tried);
  tried();
  return tried;
}

export async function keepPages() {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register("/travel/worker.js", { scope: "/travel/" });
    await navigator.serviceWorker.ready;
    document.documentElement.dataset.kept = "yes";
  } catch { /* not allowed here: pages need the line */ }
}
