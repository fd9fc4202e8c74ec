// The phone's page: each photograph is made small here and sent by itself; what arrived is shown with its picture.

import { Sender, lineOf } from "./file-sender.js";
import { shrunk } from "./photo-shrink.js";

const SMALL = { longest: 2400, enough: 900_000 };
const form = document.querySelector("[data-by-phone]");

if (form) {
  const words = { sending: form.dataset.sending, done: form.dataset.arrived, again: form.dataset.again };
  const list = form.querySelector("[data-sent]");
  const sender = new Sender({
    address: form.action,
    token: () => form.querySelector("[name=csrfmiddlewaretoken]").value,
    show: (entry) => lineOf(list, entry, words),
    done: () => {},
    limit: Number(form.dataset.limit) * 1024 * 1024,
    tooLarge: form.dataset.tooLarge,
    unreadable: form.dataset.unreadable,
  });
  let number = 0;
  const take = (input) => {
    for (const file of input.files) {
      const isPicture = file.type.startsWith("image/");
      number += 1;
      const name = `photo-${number}.jpg`;
      const entry = sender.add(file, {}, (same) => (isPicture ? shrunk(same, { ...SMALL, name }) : same));
      if (isPicture) picture(entry, file);
    }
    input.value = "";
  };
  form.querySelector("#photo").addEventListener("change", (event) => take(event.target));
  form.querySelector("[data-chosen]").addEventListener("change", (event) => take(event.target));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => {
    if (sender.left) event.preventDefault();
  });
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
