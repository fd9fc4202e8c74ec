// What is done to items, step after step, sent in its order and kept on this device until the server has it.
//
// Every step may be sent twice and is done once: after a lost answer all of them go again. Steps that another window
// of this browser has left behind are taken over by the next page of the same declaration, whichever section it shows.

import {
  MOST_KEPT_ALIVE, RETRY, adoptOthers, button, claimed, element, ended, form, headers, line, logIn, moved, read, say,
  startAgain, storeName, waitFor, windowName, words, write,
} from "./declaration-line.js";

const MOST_STEPS = 200;
const MOST_BOXES = 12000;
const WAIT_MS = 20;

let isClaimed = false; // whether no other window works under this name
const logName = (window) => `${storeName}:log:${window}`;
const liveName = (window) => `${storeName}:live:${window}`;
const hearers = [];
let log = []; // steps of which the server has not heard, or has not answered
let conflicts = {}; // name of a box -> { mine, theirs, box, sentence, gone }: the person has to choose
let known = "";
let underWay = 0;
let sending = null;
let failures = 0;
let timer = 0;

function keep() {
  if (!isClaimed) return;
  const isSome = log.length || Object.keys(conflicts).length;
  write(logName(windowName()), isSome ? { log, conflicts } : {});
}

// What is done ----------------------------------------------------------------------------------------------

function pendingText(name) {
  for (let place = log.length - 1; place >= 0; place -= 1) {
    if (log[place].boxes && name in log[place].boxes) return log[place].boxes[name];
  }
  return undefined;
}

// Boxes that are set one after another are one step, as long as it has not left.
function push(step) {
  if (step.do === "set") {
    for (const name of Object.keys(step.boxes)) {
      const before = pendingText(name);
      if (before !== undefined) step.was[name] = [before];
    }
    const last = log.at(-1);
    if (last?.do === "set" && log.length > underWay) {
      for (const [name, text] of Object.entries(step.boxes)) {
        last.was[name] ??= step.was[name];
        last.boxes[name] = text;
      }
      step = null;
    }
  }
  if (step) log.push(step);
  keep();
  window.clearTimeout(timer);
  timer = window.setTimeout(send, WAIT_MS);
}

// What is being typed: { name, text, was }. Kept by itself, for it changes with every key.
function remember(typed) {
  if (isClaimed) write(liveName(windowName()), typed ?? {});
}

// Sending ---------------------------------------------------------------------------------------------------

function send() {
  window.clearTimeout(timer);
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll() {
  while (log.length) if (!(await sendOnce())) return false;
  return true;
}

function batch() {
  let boxes = 0;
  const fits = log.slice(0, MOST_STEPS).findIndex((step, place) => {
    boxes += Object.keys(step.boxes ?? {}).length + Object.keys(step.was ?? {}).length;
    return place > 0 && boxes > MOST_BOXES;
  });
  return fits < 0 ? log.slice(0, MOST_STEPS) : log.slice(0, fits);
}

async function sendOnce() {
  const steps = batch();
  underWay = steps.length;
  const body = JSON.stringify({ state: known, steps });
  say("saving", words.saving);
  let answer;
  try {
    const keepalive = body.length < MOST_KEPT_ALIVE;
    answer = await fetch(words.stepsUrl, {
      method: "POST", body, headers: { ...headers(), "Content-Type": "application/json" }, keepalive,
    });
  } catch {
    return later(steps);
  }
  if (answer.status >= 500 || answer.status === 429) return later(steps);
  if (answer.status === 401) return logIn();
  if (answer.status === 403) return startAgain(() => later(steps));
  if (answer.status === 404) return ended(typedTexts());
  const said = await answer.json().catch(() => null);
  if (!said) return later(steps);
  failures = 0;
  return said.boxes ? taken(steps, said) : refused(steps, said);
}

// Whether the steps have arrived is not known: a box may hold what was sent when they are sent again.
function later(steps) {
  underWay = 0;
  const sent = {};
  for (const { boxes } of steps) for (const [name, text] of Object.entries(boxes ?? {})) (sent[name] ??= []).push(text);
  for (const { boxes, was } of steps.filter((step) => step.do === "set")) {
    for (const name of Object.keys(boxes)) was[name] = [...new Set([...(was[name] ?? []), ...sent[name]])];
  }
  keep();
  say("waiting", words.waiting);
  timer = window.setTimeout(send, RETRY[Math.min(failures, RETRY.length - 1)]);
  failures += 1;
  return false;
}

function taken(steps, said) {
  log.splice(0, steps.length);
  underWay = 0;
  known = said.state;
  for (const fault of said.violations) conflict(steps, said, fault);
  keep();
  const isAsked = said.violations.some((fault) => said.boxes[fault.pointer]); // of a row that is gone it is only told
  if (isAsked) say("refused", words.conflict);
  else if (said.violations.length) say("refused", words.refused, inWords(said.violations));
  else if (said.refused.length) say("refused", words.refused, inWords(said.refused));
  else if (!log.length) say("saved", words.saved, said.saved);
  tell("taken", { steps, said });
  document.dispatchEvent(new CustomEvent("declaration:saved"));
  return true;
}

// A whole row has one sentence, however many of its boxes are meant.
export function inWords(faults) {
  return [...new Set(faults.map((fault) => fault.sentence))].join(" ");
}

function conflict(steps, said, fault) {
  const name = fault.pointer;
  if (pendingText(name) !== undefined) return; // what was typed since is judged by itself
  const mine = steps.findLast((step) => step.boxes && name in step.boxes)?.boxes[name] ?? "";
  const theirs = said.boxes[name]?.text ?? "";
  conflicts[name] = { mine, theirs, box: fault.box, sentence: fault.sentence, isGone: !said.boxes[name] };
}

function typedTexts() {
  return log.flatMap((step) => (step.do === "set" ? Object.values(step.boxes) : [])).filter(Boolean);
}

// Nothing of it was written, and the same would be said again: it stays in sight, and out of the way.
function refused(steps, said) {
  underWay = 0;
  if (said.moved) {
    moved(said.moved, typedTexts(), forgetAll);
    return false;
  }
  log.splice(0, steps.length);
  keep();
  say("refused", words.refused, inWords(said.violations ?? []));
  tell("refused", { steps, said });
  return true;
}

function forgetAll() {
  log = [];
  conflicts = {};
  remember(null);
  keep();
}

// Choosing --------------------------------------------------------------------------------------------------

function choose(name, mine) {
  const one = conflicts[name];
  delete conflicts[name];
  keep();
  if (one && mine && !one.isGone) push({ do: "set", boxes: { [name]: one.mine }, was: { [name]: [one.theirs] } });
  return one;
}

// What was left behind --------------------------------------------------------------------------------------

function adopt(window) {
  const left = read(logName(window), {});
  const live = read(liveName(window), {});
  log.push(...(left.log ?? []));
  Object.assign(conflicts, left.conflicts ?? {});
  if (live.name) push({ do: "set", boxes: { [live.name]: live.text }, was: { [live.name]: live.was } });
  localStorage.removeItem(liveName(window));
  if (window !== windowName()) localStorage.removeItem(logName(window));
  keep();
}

function tell(what, said) {
  for (const hear of hearers) hear(what, said);
}

// A page without the grid sends what is left, and leads to the choice that only the grid offers.
function withoutGrid() {
  if (!Object.keys(conflicts).length || form.querySelector("[data-left]")) return;
  const note = element("div", "notice notice--warn conflict");
  note.dataset.left = "";
  note.append(line(words.conflict, ""), button(words.openItems, () => location.assign(words.itemsUrl)));
  form.before(note);
}

export const steps = {
  push, remember, pendingText, choose, send,
  hear: (one) => hearers.push(one),
  conflicts: () => conflicts,
  isEmpty: () => !log.length,
  log: () => log,
  knows: (state) => {
    known = state;
  },
  settled: () => (log.length ? send() : Promise.resolve(sending ?? true)),
};

// The texts that this page builds on are those of the server: what was typed before comes first.
export async function begin() {
  await claimed;
  isClaimed = true;
  adopt(windowName());
  await adoptOthers((window) => [logName(window), liveName(window)], adopt);
  if (log.length) send();
}

// What stands on the page was read before what was left behind is sent: it is read again.
async function beginElsewhere() {
  await begin();
  withoutGrid();
  if (log.length && (await steps.settled()) && !Object.keys(conflicts).length) location.reload();
}

if (form) {
  waitFor({ isSettled: () => !log.length && !sending, settle: steps.settled });
  window.addEventListener("online", () => log.length && send());
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-once]") && log.length) event.preventDefault();
  }, true);
  if (!document.getElementById("grid-data")) {
    hearers.push(withoutGrid);
    beginElsewhere();
  }
}
