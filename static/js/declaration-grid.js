// The grid of items, put together: rows from the page, keys, clipboard, tools, and what the server answers.

import { form, headers, say, words as lineWords } from "./declaration-line.js";
import { begin as beginSteps, inWords, steps } from "./declaration-steps.js";
import { dropGone, fill, heard, judged, merge, model, replay, rowOf } from "./grid-model.js";
import { add, begin as beginKeys, copyChosen, goBack, goForward, goTo, removeChosen } from "./grid-keys.js";
import { begin as beginPaste, keepPastes, pasteAgain } from "./grid-paste.js";
import { begin as beginTools, nextFault, note, showCell, showConflicts, showFaults, showRead } from "./grid-tools.js";
import { keepFocus, placeOf, render, start, view } from "./grid-view.js";

const MOST_ITEMS = 999;
const data = JSON.parse(document.getElementById("grid-data").textContent);
const { words } = data;
let isStale = false;

function showAll() {
  render();
  showCell();
  showFaults();
  showConflicts(showAll);
}

// Answers ---------------------------------------------------------------------------------------------------

function onHeard(what, { said }) {
  if (what === "refused") return void refresh();
  heard(said);
  if (!said.is_alone || said.refused.length) isStale = true;
  if (said.refused.length) note(inWords(said.refused));
  showAll();
  if (isStale && steps.isEmpty()) refresh();
}

// Somebody else was there: all rows anew, and what is typed here stays.
async function refresh() {
  isStale = false;
  let answer;
  try {
    answer = await fetch(lineWords.rowsUrl, { headers: headers() });
  } catch {
    isStale = true;
    return;
  }
  if (!answer.ok) return;
  const said = await answer.json();
  if (!steps.isEmpty()) {
    isStale = true; // typed meanwhile: once more after its answer
    return;
  }
  const at = view.active ? placeOf(view.active.key) : 0;
  steps.knows(said.state);
  merge(said.rows, view.active?.key);
  render();
  keepFocus(at);
  showAll();
}

// What the rules say comes with the duty beside the form.
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "said") return;
  judged(JSON.parse(document.getElementById("said").dataset.said || "{}"));
  showAll();
});

// The buttons -----------------------------------------------------------------------------------------------

function hasRoom(count = 1) {
  if (model.rows.length + count <= MOST_ITEMS) return true;
  say("refused", "", words.full);
  return false;
}

function changed({ copies, removed } = {}) {
  if (dropGone(view.active?.key)) render();
  keepPastes();
  showCell();
  showFaults();
  if (copies) note(words.copied.replace("{number}", String(model.rows.indexOf(copies[0]) + 1)));
  if (removed) note(words.removed.replace("{rows}", String(removed)));
}

function onAct(event) {
  const pressed = event.target.closest("[data-act]");
  const row = pressed && rowOf(pressed.closest("[data-row]").dataset.row);
  if (!row) return;
  event.preventDefault();
  if (pressed.dataset.act === "copy") copyChosen([row]);
  else removeChosen([row]);
}

function toHash() {
  const found = decodeURIComponent(location.hash).match(/^#items-(\d+)-(\w+)$/);
  const row = found && model.rows[Number(found[1])];
  if (row) goTo({ key: row.key, c: model.place.get(found[2]) ?? 0 });
}

function begin() {
  fill(data);
  steps.knows(data.state);
  document.getElementById("grid-waits").remove();
  document.getElementById("grid").hidden = false;
  start({ itemUrl: lineWords.itemUrl });
  beginKeys({
    changed,
    added: hasRoom,
    leave: () => document.querySelector("[data-add-item]").focus(),
    find: () => document.getElementById("grid-filter").focus(),
    fault: nextFault,
  });
  beginPaste({
    tooMuch: words.tooMuch,
    pasted: (said, rows) => (showRead(said, rows), showAll()),
    refused: (sentences) => {
      note(...sentences);
      say("refused", lineWords.refused);
    },
  });
  beginTools({ ...words, ...lineWords });
  steps.hear(onHeard);
  beginSteps().then(() => {
    isStale = !steps.isEmpty();
    replay(steps.log(), steps.conflicts());
    pasteAgain();
    showAll();
    toHash();
  });
  view.grid.addEventListener("click", onAct);
  document.querySelector("[data-add-item]").addEventListener("click", (event) => {
    event.preventDefault();
    add();
  });
  document.getElementById("grid-undo").addEventListener("click", goBack);
  document.getElementById("grid-redo").addEventListener("click", goForward);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", toHash);
  showAll();
  form.dataset.grid = "";
}

if (form) begin();

