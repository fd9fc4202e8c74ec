// The phone's page: each photograph is made small here and sent by itself; what arrived is shown with its picture. What
// did not arrive stays on this device, and the next link to the same draft sends it.

import { Sender, lineOf } from "./file-sender.js";
import { drop, keep, keptOf } from "./kept-files.js";
import { shrunk } from "./photo-shrink.js";

const SMALL = { longest: 2400, enough: 900_000 };
const ENDED = 410;
const form = document.querySelector("[data-by-phone]");

if (form) {
  const words = { sending: form.dataset.sending, done: form.dataset.arrived, again: form.dataset.again };
  const list = form.querySelector("[data-sent]");
  const ended = form.querySelector("[data-ended]");
  const subject = form.dataset.byPhone;
  const isPicture = (file) => file.type.startsWith("image/");
  const sender = new Sender({
    address: form.action,
    token: () => form.querySelector("[name=csrfmiddlewaretoken]").value,
    show(entry) {
      lineOf(list, entry, words);
      if (entry.state === "refused" && !entry.status) ifKept(drop(entry.key)); // this device has refused it
    },
    done: (entry) => ifKept(entry.status === ENDED ? tellEnded() : drop(entry.key)),
    limit: Number(form.dataset.limit) * 1024 * 1024,
    tooLarge: form.dataset.tooLarge,
    unreadable: form.dataset.unreadable,
  });
  const tellEnded = async () => {
    const kept = await keptOf(subject);
    ended.hidden = !kept.length;
    ended.textContent = `${ended.dataset.ended} ${kept.length}`;
  };
  const small = async (file, key, name) => {
    if (!isPicture(file)) return file;
    const made = await shrunk(file, { ...SMALL, name });
    await ifKept(keep({ key, subject, file: made }));
    return made;
  };
  let number = 0;
  const send = (file, key) => {
    number += 1;
    const name = key && file.name.endsWith(".jpg") ? file.name : `photo-${number}.jpg`;
    const entry = sender.add(file, {}, (same, its) => small(same, its, name), key);
    if (isPicture(file)) picture(entry, file);
    return entry;
  };
  const take = (input) => {
    for (const file of input.files) ifKept(keep({ key: send(file).key, subject, file }));
    input.value = "";
  };
  form.querySelector("#photo").addEventListener("change", (event) => take(event.target));
  form.querySelector("[data-chosen]").addEventListener("change", (event) => take(event.target));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => {
    if (sender.left) event.preventDefault();
  });
  for (const { file, key } of (await ifKept(keptOf(subject))) ?? []) send(file, key);
}

// A device that keeps nothing sends all the same.
function ifKept(work) {
  return work.catch(() => undefined);
}

async function picture(entry, file) {
  try {
    const small = await createImageBitmap(file, { resizeWidth: 112 });
    const canvas = document.createElement("canvas");
    canvas.width = small.width;
    canvas.height = small.height;
    canvas.getContext("2d").drawImage(small, 0, 0);
    const shown = document.createElement("img");
    shown.alt = "";
    shown.src = canvas.toDataURL("image/jpeg", 0.6);
    entry.line.querySelector("span").prepend(shown, " ");
  } catch { /* it is named without a picture */ }
}
