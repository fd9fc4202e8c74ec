// The traveller's form keeps what is typed on the phone and goes on without a line. Pages work without it.

import {
  addRow, forgetCopy, forgetEverything, keepChosen, keepCopy, keepSteps, keptSteps, noteArrived, noteSending,
  restoreCopy, tickedHere, waiting,
} from "./travel-copies.js";
import { keepPages, keepTrying } from "./travel-line.js";
import { forgetPhotos, take } from "./travel-photo.js";

const said = document.querySelector("[data-saved]");
const shell = document.querySelector("[data-shell]");
const noLine = document.querySelector("[data-no-line]");
const SENT = "travel-sent";
const here = location.pathname;
const wasKept = new URLSearchParams(location.search).has("kept");
const inAddress = /^\/travel\/([0-9a-f-]{36})\/(?:([a-z]+)\/)?$/.exec(here);

function say() {
  if (said && said.textContent !== said.dataset.text) said.textContent = said.dataset.text;
}

function hidden(form, name, value) {
  const field = form.querySelector(`input[name="${name}"]`) ?? document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
}

// The questions --------------------------------------------------------------------------------------------------

const ORDER = ["carries", "trip", "people"];

function stepsOfPage() {
  return (document.querySelector("[data-steps]")?.dataset.steps ?? "").split(" ").filter(Boolean);
}

// The address after this question, by what is ticked: here, on this phone, or as the page says.
function following(form, key, step) {
  const boxes = [...form.querySelectorAll("[name='carries-carries']")];
  const known = stepsOfPage().length ? stepsOfPage() : keptSteps(key);
  const ticked = boxes.length ? boxes.filter((box) => box.checked).map((box) => box.value)
    : tickedHere(key) ?? known.filter((each) => !ORDER.includes(each));
  const steps = [...ORDER, ...ticked];
  const next = steps.includes(step) ? steps[steps.indexOf(step) + 1] ?? "review" : "review";
  return ["review", "nothing"].includes(step) ? `/travel/${key}/` : `/travel/${key}/${next}/`;
}

function nameOf(key, step) {
  return `${key}-${step}`;
}

// Whatever is sent is noted first, so that a lost line loses nothing.
function ready(form, key, step) {
  const name = nameOf(key, step);
  if (stepsOfPage().length) keepSteps(key, stepsOfPage());
  if (restoreCopy(form, name)) say();
  form.addEventListener("input", () => keepCopy(form, name) && say());
  form.addEventListener("change", (event) => {
    if (event.target.type === "file") take(event.target, "unkept" in event.target.dataset ? "" : name);
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name === "more" && addRow(form)) {
      event.preventDefault();
      keepCopy(form, name);
      const row = form.querySelector("#last");
      row.scrollIntoView({ block: "start" });
      row.querySelector("input:not([type=hidden]), select").focus({ preventScroll: true });
      return;
    }
    if (navigator.onLine === false && !navigator.serviceWorker?.controller) {
      event.preventDefault();
      keepCopy(form, name);
      addEventListener("online", () => form.requestSubmit(button), { once: true });
      return;
    }
    hidden(form, "phones-key", crypto.randomUUID?.() ?? "");
    hidden(form, "phones-next", following(form, key, step));
    keepCopy(form, name);
    noteSending(form, { name, address: `/travel/${key}/${step}/`, button });
    sessionStorage.setItem(SENT, name);
  });
}

// The answer to what was sent has come: the server has it, unless the worker says that it was kept.
function arrived() {
  const name = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (!name || wasKept || shell) return;
  noteArrived(name);
  if (document.querySelector(".error")) return;
  for (const step of ["-trip", "-carries"]) forgetCopy(name.replace(/-begin$/, step));
  forgetPhotos(name);
}

// The start ------------------------------------------------------------------------------------------------------

// The rules for what is chosen take the place of the others; without a line they stay.
async function showRules(asking) {
  const address = new URL(location.pathname, location.origin);
  address.search = new URLSearchParams(new FormData(asking));
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [shown, found] = [document, page].map((each) => [...each.querySelectorAll("[data-rules]")]);
  if (shown.length === found.length) shown.forEach((each, place) => each.replaceChildren(...found[place].childNodes));
  else location.assign(address);
}

function readyToBegin(form) {
  form.addEventListener("submit", (event) => {
    for (const name of ["direction", "way"]) {
      form.elements.namedItem(name).value = document.querySelector(`[data-ask] [name=${name}]`).value;
    }
    const key = crypto.randomUUID?.();
    if (!key) return;
    const isNothing = event.submitter?.name === "nothing";
    const ticked = isNothing ? [] : [...form.querySelectorAll("input:checked")];
    hidden(form, "key", key);
    hidden(form, "phones-next", `/travel/${key}/${ticked.length || isNothing ? "trip" : "carries"}/`);
    noteSending(form, { name: nameOf(key, "begin"), address: form.getAttribute("action"), button: event.submitter });
    const chosen = ["direction", "way"].map((name) => [`trip-${name}`, form.elements.namedItem(name).value]);
    keepChosen(nameOf(key, "trip"), chosen);
    if (ticked.length) keepChosen(nameOf(key, "carries"), ticked.map(({ name, value }) => [name, value]));
    sessionStorage.setItem(SENT, nameOf(key, "begin"));
  });
}

// Without a line -------------------------------------------------------------------------------------------------

function showShell() {
  const [, key, asked] = inAddress ?? [];
  const step = key ? { nothing: "trip", all: "trip" }[asked] ?? asked ?? "review" : "";
  for (const part of shell.querySelectorAll("[data-step]")) {
    part.hidden = part.dataset.step !== step;
    if (!part.hidden && part.tagName === "FORM") {
      part.action = `/travel/${key}/${step}/`;
      ready(part, key, step);
    }
  }
  shell.querySelector("[data-try]").addEventListener("click", () => location.reload());
}

// Where a page stands that can be opened: what was sent to another address leads to what stands.
function realAddress() {
  const [, key, asked] = inAddress ?? [];
  return ["pay", "cancel", "choose"].includes(asked) ? `/travel/${key}/` : here;
}

// What waited is sent; then the real page takes the place of the one that was kept.
function goOn(address) {
  if (address) location.assign(address);
  else if ((shell && inAddress) || wasKept) location.replace(realAddress());
  else if (noLine) noLine.hidden = true;
}

arrived();
const form = document.querySelector("form[data-draft]");
if (shell) showShell();
else if (form) ready(form, form.dataset.draft.slice(0, 36), form.dataset.draft.slice(37));
document.querySelectorAll("form[data-begin]").forEach(readyToBegin);
for (const asking of document.querySelectorAll("form[data-ask]")) {
  asking.addEventListener("change", () => showRules(asking));
}
document.querySelectorAll("form[data-forget]").forEach((each) => each.addEventListener("submit", async (event) => {
  event.preventDefault();
  await forgetEverything();
  each.submit();
}));
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.line === false && noLine) noLine.hidden = false;
});
if ((shell && inAddress) || waiting().length) keepTrying(goOn);
if (noLine && (wasKept || shell)) noLine.hidden = Boolean(shell);
addEventListener("load", keepPages);
if (document.readyState === "complete") keepPages();

const again = document.querySelector("form[data-again]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.again) * 1000);
