// The page that checks receipts: a text from the camera, a photo or the keyboard is judged here, without a line too.

import { signatures as ours } from "./ed25519.js";
import { readFile, readPicture } from "./qr-reader.js";
import { hex } from "./signed-cbor.js";
import { NotTrusted, forget, hear, nothingHeard, remembered } from "./travel-lists.js";
import { check } from "./travel-receipt.js";

const root = document.querySelector("[data-travel-check]");
const part = (name) => root.querySelector(`[data-${name}]`);
const language = document.documentElement.lang;
const DAY = 24 * 60 * 60;
const HEAR_EVERY = 60_000;
const LOOK_EVERY = 150;
const now = () => Math.floor(Date.now() / 1000);

const signatures = await ours();
const addresses = { keysAddress: root.dataset.keys, listAddress: root.dataset.list, signatures };
let heard = nothingHeard();

// What is said --------------------------------------------------------------------------------------------------

const timeZone = root.dataset.timeZone;
const dayForm = language === "en" ? { day: "numeric", month: "short", year: "numeric" }
  : { day: "2-digit", month: "2-digit", year: "numeric" };
const locale = language === "en" ? "en-GB" : "ru";
const days = new Intl.DateTimeFormat(locale, { ...dayForm, timeZone });
const times = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });

function moment(seconds) {
  const at = new Date(seconds * 1000);
  return `${days.format(at).replaceAll(" ", "\u00a0")},\u00a0${times.format(at)}`;
}

function amount({ minorUnits, decimals, currency }) {
  const digits = String(minorUnits).padStart(decimals + 1, "0");
  const [mark, space] = language === "en" ? [".", ","] : [",", "\u00a0"];
  const wholes = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, space);
  return `${wholes}${decimals ? mark + digits.slice(-decimals) : ""}\u00a0${currency}`;
}

const labelled = (kind, number) => root.querySelector(`[data-${kind}="${number}"]`).textContent;

function factsOf(receipt) {
  return {
    reference: receipt.reference,
    answer: labelled("answer", receipt.answer),
    paid: amount(receipt),
    direction: labelled("direction", receipt.direction),
    post: receipt.post,
    travellers: String(receipt.travellers),
    initials: receipt.initials,
    issuedAt: moment(receipt.issuedAt),
    validUntil: moment(receipt.validUntil),
    declaration: hex(receipt.declaration),
  };
}

function say({ outcome, receipt }) {
  const saying = root.querySelector(`[data-outcome="${outcome}"]`);
  const notice = part("saying");
  notice.className = `notice notice--${saying.dataset.tone}`;
  for (const name of ["title", "meaning", "advice"]) {
    notice.querySelector(`[data-${name}]`).textContent = saying.querySelector(`[data-${name}]`).textContent;
  }
  part("facts").hidden = !receipt;
  const facts = receipt ? factsOf(receipt) : {};
  for (const box of root.querySelectorAll("[data-fact]")) box.textContent = facts[box.dataset.fact] ?? "";
  part("result").hidden = false;
  root.dataset.said = outcome;
  notice.querySelector("[data-title]").focus();
  part("result").scrollIntoView({ block: "start" });
}

function showNotice(name, isShown) {
  root.querySelector(`[data-notice="${name}"]`).hidden = !isShown;
}

function showHeard() {
  for (const box of root.querySelectorAll("[data-when]")) {
    if (heard[box.dataset.when]) box.textContent = moment(heard[box.dataset.when]);
  }
  part("count").textContent = String(heard.used.size + heard.revoked.size);
  showNotice("nothing-heard", !heard.keysAt);
  showNotice("old", heard.keysAt > 0 && now() - heard.listAt > DAY);
  part("heard").hidden = false;
}

function showOne(name, value) {
  for (const each of root.querySelectorAll(`[data-${name}]`)) each.hidden = each.dataset[name] !== value;
}

// What is heard -------------------------------------------------------------------------------------------------

async function listen() {
  try {
    heard = await hear(heard, { ...addresses, at: now() });
    showOne("line", "yes");
    showNotice("not-trusted", false);
  } catch (error) {
    if (error instanceof NotTrusted) showNotice("not-trusted", true);
    else showOne("line", "no");
  }
  showHeard();
}

part("forget").addEventListener("click", async () => {
  await forget();
  heard = nothingHeard();
  await listen();
});

async function keepPage() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.page });
  await navigator.serviceWorker.ready;
  showOne("kept", "yes");
}

// What is checked -----------------------------------------------------------------------------------------------

async function judge(text) {
  for (const name of ["no-code", "no-picture", "no-camera"]) showNotice(name, false);
  say(await check(text, { heard, at: now(), signatures }));
}

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = event.target.elements.text;
  judge(box.value.replaceAll(/[\r\n]/g, "").trim().toUpperCase());
  box.select();
});

part("photo").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  let text;
  try {
    text = await readFile(file);
  } catch {
    showNotice("no-picture", true);
    return;
  }
  if (text) judge(text);
  else showNotice("no-code", true);
});

const video = part("viewer").querySelector("video");

async function look() {
  while (video.srcObject) {
    const text = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await readPicture(video) : "";
    if (text && video.srcObject) {
      stopCamera();
      await judge(text);
    } else {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
  }
}

function stopCamera() {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  part("viewer").hidden = true;
}

part("camera").addEventListener("click", async () => {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    showNotice("no-camera", true);
    return;
  }
  part("viewer").hidden = false;
  await video.play();
  look();
});
part("stop").addEventListener("click", stopCamera);

// What the page begins with -------------------------------------------------------------------------------------

showOne("signatures", signatures.name);
part("camera").hidden = !navigator.mediaDevices?.getUserMedia;
part("ways").hidden = false;
heard = await remembered(addresses);
showHeard();
root.dataset.ready = "yes";
await Promise.allSettled([listen(), keepPage()]);
root.dataset.settled = "yes";
window.addEventListener("online", listen);
window.addEventListener("offline", () => showOne("line", "no"));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && now() - heard.listAt > HEAR_EVERY / 1000) listen();
});
setInterval(() => document.hidden || listen(), HEAR_EVERY);
