// The form of a declaration: every box is saved as it is left.
//
// What is typed is kept on this device from the first letter until the server has it. A line that drops means
// "not saved yet" and trying again; a session that ended means the login page and, back here, the text again.
// A save says on which text it builds. If someone else wrote into the same box meanwhile, both texts are shown and the
// person chooses. An answer never moves the cursor and never touches a box that is being typed in.
// Without this script the form's own Save button does the same work.

import {
  MOST_KEPT_ALIVE, RETRY, adoptOthers, button, claimed, element, ended, form, headers, line, logIn, moved, read, say,
  startAgain, storeName, waitFor, windowName, words, write,
} from "./declaration-line.js";

let kept = {}; // name -> { text, was: texts that the box may hold at the server, asked }
let made = []; // rows added here, of which the server has not heard
const bases = new Map(); // name -> what the server said last
const changed = new Set();
const keptName = (window) => `${storeName}:kept:${window}`;
let isClaimed = false; // whether no other window works under this name
let sending = null;
let failures = 0;
let timer = 0;

// What another window has kept stays its own: it may be in the middle of a word.
function keep() {
  if (!isClaimed) return;
  write(keptName(windowName()), Object.keys(kept).length || made.length ? { kept, made } : {});
}

function adopt(window) {
  const left = read(keptName(window), {});
  kept = { ...left.kept, ...kept };
  made = [...new Set([...(left.made ?? []), ...made])];
  if (window !== windowName()) localStorage.removeItem(keptName(window));
}

function boxNamed(name) {
  return form.querySelector(`[data-box][name="${CSS.escape(name)}"]`);
}

function baseOf(box) {
  if (!bases.has(box.name)) bases.set(box.name, initial(box));
  return bases.get(box.name);
}

function initial(box) {
  if (box.tagName !== "SELECT") return box.defaultValue ?? "";
  const chosen = [...box.options].find((option) => option.defaultSelected);
  return chosen ? chosen.value : (box.options[0]?.value ?? "");
}

function remember(box) {
  const before = kept[box.name];
  kept[box.name] = { ...before, text: box.value, was: before ? before.was : [baseOf(box)] };
  keep();
}

function change(box) {
  remember(box);
  if (kept[box.name].asked) return void ask(box, kept[box.name].theirs);
  changed.add(box.name);
  send();
}

// Sending ---------------------------------------------------------------------------------------------------

async function send() {
  if (sending) return sending;
  window.clearTimeout(timer);
  sending = sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll() {
  while (changed.size || made.length) {
    const names = [...changed];
    changed.clear();
    if (!(await sendOnce(names, [...made]))) {
      for (const name of names) if (kept[name]) changed.add(name);
      return false;
    }
  }
  return true;
}

async function sendOnce(names, rows) {
  const body = new URLSearchParams();
  const texts = {};
  const was = {};
  for (const name of names.filter((each) => kept[each])) {
    texts[name] = kept[name].text;
    was[name] = kept[name].was;
    body.set(name, texts[name]);
  }
  if (!Object.keys(texts).length && !rows.length) return true;
  body.set("was", JSON.stringify(was));
  for (const row of rows) body.append("new", row);
  if (words.alike) body.set("alike", "1");
  say("saving", words.saving);
  let answer;
  try {
    const keepalive = body.toString().length < MOST_KEPT_ALIVE;
    answer = await fetch(words.fieldsUrl, { method: "POST", body, headers: headers(), keepalive });
  } catch {
    return later(texts);
  }
  if (answer.status >= 500) return later(texts);
  if (answer.status === 401) return logIn();
  if (answer.status === 403) return startAgain(later);
  if (answer.status === 404) return ended(Object.values(kept).map((one) => one.text));
  failures = 0;
  const said = await answer.json().catch(() => ({}));
  return said.boxes ? taken(texts, rows, said) : refused(rows, said);
}

// Whether the texts have arrived is not known: the box may hold them already when they are sent again.
function later(texts = {}) {
  for (const [name, text] of Object.entries(texts)) {
    if (kept[name] && !kept[name].was.includes(text)) kept[name].was.push(text);
  }
  keep();
  say("waiting", words.waiting);
  timer = window.setTimeout(send, RETRY[Math.min(failures, RETRY.length - 1)]);
  failures += 1;
  return false;
}

// What was typed stays in its box and on this device; it is sent again when it is changed or the page is opened anew.
function refused(rows, said) {
  made = made.filter((row) => !rows.includes(row));
  keep();
  if (said.moved) {
    moved(said.moved, Object.values(kept).map((one) => one.text), forgetAll);
    return true;
  }
  say("refused", words.refused, (said.violations || []).map((fault) => fault.sentence).join(" "));
  return true;
}

function forgetAll() {
  kept = {};
  made = [];
  keep();
}

function taken(texts, rows, said) {
  made = made.filter((row) => !rows.includes(row));
  const conflicts = new Map((said.violations || []).map((fault) => [fault.pointer, fault]));
  for (const [name, text] of Object.entries(texts)) {
    const answer = said.boxes[name];
    if (conflicts.has(name)) {
      conflict(name, answer, conflicts.get(name));
      continue;
    }
    if (kept[name]?.text === text) delete kept[name];
    else if (kept[name]) kept[name].was = answer ? [answer.text, text] : [text];
    bases.set(name, answer ? answer.text : text);
    if (answer) show(name, text, answer);
  }
  keep();
  if (conflicts.size) say("refused", words.conflict);
  else say("saved", words.saved, said.saved);
  document.dispatchEvent(new CustomEvent("declaration:saved"));
  return true;
}

// Showing ---------------------------------------------------------------------------------------------------

function show(name, sent, answer) {
  const box = boxNamed(name);
  if (!box) return;
  if (box.value === sent && box !== document.activeElement) box.value = answer.text;
  mark(box, answer);
}

function mark(box, answer) {
  const field = box.closest("[data-field]");
  if (!field) return;
  const wrong = answer.faults.length > 0;
  field.classList.toggle(field.classList.contains("cell") ? "cell--wrong" : "field--wrong", wrong);
  if (wrong) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
  box.title = field.classList.contains("cell") ? answer.faults.join(" ") || (answer.meaning ?? box.title) : "";
  const faults = field.querySelector("[data-faults]");
  if (faults) {
    faults.textContent = answer.faults.join(" ");
    faults.hidden = !wrong;
  }
  const meaning = field.querySelector("[data-meaning]");
  if (meaning && box.tagName !== "SELECT" && answer.meaning !== null) {
    meaning.textContent = answer.meaning;
    meaning.hidden = !answer.meaning;
  }
}

// What the rules say of the boxes of this page, once they were asked.
function showSaid() {
  const said = JSON.parse(document.getElementById("said").dataset.said || "{}");
  for (const box of form.querySelectorAll("[data-box]")) {
    if (!(box.name in kept)) mark(box, { faults: said[box.name] ?? [], meaning: null });
  }
}

// Someone else was there --------------------------------------------------------------------------------------

function conflict(name, theirs, fault) {
  const box = boxNamed(name);
  if (!theirs || !box) return lost(name, fault);
  bases.set(name, theirs.text);
  kept[name] = { text: box.value, was: [theirs.text], asked: true, theirs };
  ask(box, theirs);
}

// Both texts, and the person decides. Until then the box says what was typed, and it is not sent.
function ask(box, theirs) {
  const field = box.closest("[data-field]") ?? box.parentElement;
  const note = field.querySelector(".conflict") ?? field.appendChild(element("div", "notice notice--warn conflict"));
  note.setAttribute("role", "alert");
  const name = box.name;
  const done = () => note.remove();
  note.replaceChildren(
    line(words.mine, box.value),
    line(words.theirs, theirs.text || "—"),
    button(words.keepMine, () => {
      delete kept[name].asked;
      changed.add(name);
      done();
      send();
    }),
    button(words.takeTheirs, () => {
      delete kept[name];
      keep();
      box.value = theirs.text;
      mark(box, theirs);
      done();
      say("saved", words.saved);
    }),
  );
}

// The row is gone: what was typed is shown until the person has read it.
function lost(name, fault) {
  const text = kept[name]?.text ?? "";
  const id = `lost-${name}`;
  if (document.getElementById(id)) return;
  const note = element("div", "notice notice--warn conflict");
  note.id = id;
  note.setAttribute("role", "alert");
  note.append(line(fault?.box ?? "", fault?.sentence ?? text), button(words.dismiss, () => {
    delete kept[name];
    keep();
    note.remove();
  }));
  form.before(note);
  form.dispatchEvent(new CustomEvent("declaration:gone"));
}

// Texts that were typed and not saved: before the session ended, the line dropped or the page was left.
function bringBack() {
  for (const [name, one] of Object.entries(kept)) {
    const box = boxNamed(name);
    if (box && box.value === one.text && !one.asked) delete kept[name];
    else if (box) {
      box.value = one.text;
      if (one.asked) ask(box, one.theirs);
      else changed.add(name);
    } else if (!one.asked) changed.add(name);
  }
  keep();
  const awaited = made.length;
  if (changed.size || awaited) send().then((sent) => sent && (awaited || form.hidden) && location.reload());
}

async function begin() {
  await claimed;
  isClaimed = true;
  adopt(windowName());
  await adoptOthers((window) => [keptName(window)], adopt);
  bringBack();
}

async function settled() {
  if (!changed.size && !made.length && !sending) return true;
  return send();
}

// Listening -------------------------------------------------------------------------------------------------

if (form) {
  form.saving = {
    settled, say, headers, startAgain: () => startAgain(later), bases, baseOf, mark, change,
    isUnsaved: (name) => name in kept,
    isMade: (row) => made.some((name) => name.includes(`[${row}]`)),
    make: (row) => {
      made.push(row);
      keep();
      send();
    },
  };

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-box]")) remember(event.target);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-box]")) change(event.target);
  });
  // What was typed stands as it was read once the cursor has left it.
  form.addEventListener("focusout", ({ target: box }) => {
    if (box.matches("[data-box]") && !(box.name in kept) && bases.has(box.name)) box.value = bases.get(box.name);
  });
  // A button that sends the whole form says what the page builds on by now.
  form.addEventListener("submit", () => {
    const boxes = [...form.querySelectorAll("[data-box]")];
    const was = form.querySelector("input[name=was]");
    if (was) was.value = JSON.stringify(Object.fromEntries(boxes.map((box) => [box.name, baseOf(box)])));
  });
  // Enter in a box must not press the form's first button.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[data-box]") && !event.ctrlKey) event.preventDefault();
  });
  window.addEventListener("online", () => send());
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id === "said") showSaid();
  });
  waitFor({ isSettled: () => !changed.size && !made.length && !sending, settle: settled });
  begin();
}
