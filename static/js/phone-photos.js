// A phone that came by a link takes photographs: each is made small, kept here under a key, and sent when there is a
// line. The server keeps a key once, so that sending again is never wrong.

import { drop, keep, keptOf } from "./kept-files.js";
import { shrunk } from "./photo-shrink.js";

const WAIT = 60_000;
const AGAIN = 15_000;
const SMALL = { longest: 1600, enough: 400_000 };
const form = document.querySelector("[data-phone-photos]");
const state = document.querySelector("[data-phone-state]");
const refused = document.querySelector("[data-refused]");
const here = window.location.pathname;
// A link ends, its photographs do not: they wait for the next link to the same examination.
const subject = form?.dataset.phonePhotos;
let sending = false;

class Ended extends Error {}

async function show(why) {
  const count = (await keptOf(subject)).length;
  state.hidden = false;
  const said = state.dataset[why];
  state.textContent = count ? `${said} ${count}` : state.dataset.done;
}

async function sendOne(photo) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.querySelector("input[name=csrfmiddlewaretoken]").value);
  body.set("key", photo.key);
  body.set("photo", photo.file, "photo.jpg");
  const answer = await fetch(here, {
    method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(WAIT),
  });
  if (answer.status >= 500 || answer.status === 429 || answer.status === 403) throw new Error("later");
  if (answer.status === 410) throw new Ended();
  const said = await answer.json().catch(() => ({ done: answer.ok }));
  if (!said.done) {
    const line = document.createElement("li");
    line.textContent = said.sentence ?? String(answer.status);
    refused.append(line);
  }
}

async function send() {
  if (sending) return;
  sending = true;
  let why = "";
  try {
    for (const photo of await keptOf(subject)) {
      await sendOne(photo);
      await drop(photo.key);
      await show("waiting");
    }
  } catch (fault) {
    why = fault instanceof Ended ? "ended" : "offline";
  }
  sending = false;
  if (why) await show(why);
}

async function take(input) {
  for (const file of [...input.files]) {
    const small = await shrunk(file, SMALL);
    await keep({ key: crypto.randomUUID(), subject, file: small });
  }
  input.value = "";
  await show("waiting");
  await send();
}

if (form && globalThis.indexedDB) {
  const input = form.querySelector("input[type=file]");
  input.multiple = true;
  form.noValidate = true; // what is sent waits here already, the field is empty by then
  input.addEventListener("change", () => take(input));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  addEventListener("online", send);
  setInterval(send, AGAIN);
  if ((await keptOf(subject)).length) await send();
}
