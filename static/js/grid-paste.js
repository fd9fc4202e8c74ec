// Cells from and to the clipboard. What is pasted stands in the grid at once; what it means is asked of the server,
// and then it is put in, as one thing to undo. What is typed meanwhile stays.

import {
  RETRY, headers, logIn, read, say, startAgain, storeName, windowName, words, write,
} from "./declaration-line.js";
import { steps } from "./declaration-steps.js";
import { blankRow, change, model, rowOf } from "./grid-model.js";
import { chosen, chosenRows, commit, insert, isRange, lastColumn, setRange } from "./grid-keys.js";
import { cellOf, keepFocus, placeOf, render, view } from "./grid-view.js";

const MOST_ITEMS = 999;
const MOST_CHARACTERS = 2_000_000;
let hooks = { pasted: () => {}, refused: () => {} };
let coming = []; // what was pasted and is not put in yet
let isKept = true;

// The clipboard's own notation: a cell with a tab, a line break or a quote at its beginning stands in quotes. One cell
// alone is a text like any other.
export function asText(rows) {
  const quoted = (cell) => (/^"|[\t\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  if (rows.length === 1 && rows[0].length === 1 && !/[\t\n\r]/.test(rows[0][0])) return rows[0][0];
  return rows.map((row) => row.map(quoted).join("\t")).join("\r\n");
}

export function asCells(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
  cell.lastIndex = 0;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) break;
    rows.at(-1).push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
    if (found[3] === "") break;
    if (found[3] !== "\t") rows.push([]);
  }
  if (rows.at(-1).length === 0 || (rows.at(-1).length === 1 && !rows.at(-1)[0])) rows.pop();
  return rows;
}

function onCopy(event) {
  const cell = cellOf(event.target);
  if (!cell) return;
  const box = event.target;
  const isPart = box.selectionEnd - box.selectionStart < box.value.length;
  if (!isRange() && isPart) return;
  const range = chosen();
  commit();
  const rows = chosenRows().map((row) => row.texts.slice(range.left, range.right + 1));
  event.clipboardData.setData("text/plain", asText(rows));
  event.preventDefault();
  if (event.type === "cut") setRange(range, () => "");
}

// The text of one cell. Quotes that are doubled inside quotes are those of a spreadsheet; others were written.
function single(text) {
  const isQuoted = /^"(?:[^"]|"")*"$/.test(text) && text.slice(1, -1).includes('""');
  return isQuoted ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function onPaste(event) {
  const cell = cellOf(event.target);
  if (!cell) return;
  const text = event.clipboardData.getData("text/plain");
  const isOne = !/[\t\n\r]/.test(text.trim());
  event.preventDefault();
  if (!text.trim()) return; // a picture, or nothing
  if (isOne && !isRange()) return void insert(event.target, single(text.trim()));
  if (isOne) return void setRange(view.range, () => single(text.trim()));
  if (text.length > MOST_CHARACTERS) return void hooks.refused([hooks.tooMuch]);
  const range = chosen();
  commit();
  const cells = asCells(text);
  if (cells.length === 1 && range.bottom > range.top) return void repeat(range, cells[0]);
  paste(text, cells, range);
}

// One row pasted into several: into each of them.
function repeat(range, row) {
  setRange({ ...range, right: Math.min(lastColumn(), range.left + row.length - 1) }, (_row, c) => row[c - range.left]);
}

// Pasting ---------------------------------------------------------------------------------------------------

function paste(text, cells, { top, left }) {
  const there = model.shown.slice(top, top + cells.length);
  const before = Object.fromEntries(there.map((row) => [row.key, [...row.texts]]));
  const one = { text, left, there, ghosts: ghostsOf(cells, there.length, left), before, failures: 0 };
  coming.push(one);
  render();
  keepPastes();
  ask(one);
}

function ghostsOf(cells, there, left, before = model.rows.at(-1)) {
  const room = Math.max(0, MOST_ITEMS - model.rows.length);
  const ghosts = cells.slice(there, there + room).map((row) => ghost(row, left, before));
  model.rows.push(...ghosts);
  model.shown.push(...ghosts);
  return ghosts;
}

function ghost(cells, left, before) {
  const row = blankRow(before);
  row.ghost = true;
  row.first = [...row.texts];
  cells.forEach((cell, place) => {
    if (left + place <= lastColumn()) row.texts[left + place] = cell.trim();
  });
  row.coming = [...row.texts];
  return row;
}

// The items that there is room for are those that it is pasted over, in whatever order they are shown, and free places.
async function ask(one) {
  const free = MOST_ITEMS - model.rows.length + one.ghosts.length;
  const body = new URLSearchParams({
    cells: one.text, column: model.columns[one.left].field, place: String(MOST_ITEMS - one.there.length - free),
    over: String(one.there.length),
  });
  let answer;
  try {
    answer = await fetch(words.readUrl, { method: "POST", body, headers: headers() });
  } catch {
    return void askAgain(one);
  }
  if (answer.status >= 500 || answer.status === 429) return void askAgain(one);
  if (answer.status === 401) return void logIn(); // it is kept, and asked for again by the next page
  if (answer.status === 403) return void startAgain(() => askAgain(one));
  const said = await answer.json().catch(() => ({}));
  coming = coming.filter((other) => other !== one);
  if (answer.ok) putIn(one, said);
  else {
    dropGhosts(one);
    hooks.refused(answer.status === 404 ? [words.gone] : (said.violations ?? []).map((fault) => fault.sentence));
  }
  keepPastes();
}

function askAgain(one) {
  say("waiting", words.waiting);
  window.setTimeout(() => ask(one), RETRY[Math.min(one.failures, RETRY.length - 1)]);
  one.failures += 1;
}

// What was typed into rows that are still coming is theirs, whatever the server reads.
function typedIn(row) {
  return row.texts.map((text, c) => (text === row.coming[c] ? undefined : text));
}

function isTouched(row) {
  const isHere = view.active?.key === row.key && view.isTyping(row.key, view.active.c);
  return isHere || typedIn(row).some((text) => text !== undefined);
}

function dropGhosts({ ghosts }, kept = []) {
  const at = view.active ? placeOf(view.active.key) : 0;
  const gone = new Set(ghosts.filter((row) => !kept.includes(row)));
  model.rows = model.rows.filter((row) => !gone.has(row));
  model.shown = model.shown.filter((row) => !gone.has(row));
  render();
  keepFocus(at);
}

function putIn(one, said) {
  const { there, ghosts, before } = one;
  const targets = [...there, ...ghosts].slice(0, said.rows.length);
  const touched = ghosts.filter((row) => !targets.includes(row) && isTouched(row));
  const fresh = [...targets.filter((row) => row.ghost), ...touched];
  const typed = new Map(fresh.map((row) => [row.key, typedIn(row)]));
  dropGhosts(one, fresh);
  model.rows = model.rows.filter((row) => !fresh.includes(row));
  const cells = [];
  const further = {}; // boxes that are no columns here
  targets.forEach((row, place) => {
    if (!rowOf(row.key) && !row.ghost) return; // removed meanwhile
    for (const [field, text] of Object.entries(said.rows[place])) {
      const c = model.place.get(field);
      if (c === undefined) further[`items[${row.key}].${field}`] = text;
      else if (row.ghost || row.texts[c] === before[row.key][c]) cells.push({ key: row.key, c, to: text });
    }
  });
  for (const row of fresh) {
    row.texts = [...row.first];
    row.ghost = false;
    typed.get(row.key).forEach((text, c) => text !== undefined && cells.push({ key: row.key, c, to: text }));
  }
  const was = new Map([...targets, ...touched].map((row) => [row.key, row.texts]));
  const on = fresh.map((row, place) => ({ row, place: model.rows.length + place }));
  change({ on, cells: cells.map((cell) => ({ ...cell, from: was.get(cell.key)[cell.c] })) });
  if (Object.keys(further).length) steps.push({ do: "set", boxes: further, was: {} });
  render();
  hooks.pasted(said, targets);
}

// Kept and taken up again -----------------------------------------------------------------------------------

const pastesName = () => `${storeName}:pastes:${windowName()}`;

function inBrief({ text, left, there, ghosts, before }) {
  const typed = ghosts.map((row) => typedIn(row).map((one) => one ?? null));
  return { text, left, there: there.map((row) => row.key), before, typed, first: ghosts[0]?.first };
}

// On this device, until it is put in: the page may be left, or the session end, while it is on its way.
export function keepPastes() {
  if (coming.length || !isKept || read(pastesName(), []).length) isKept = write(pastesName(), coming.map(inBrief));
}

// What the page before this one has left behind.
export function pasteAgain() {
  for (const { text, left, there, before, typed, first } of read(pastesName(), [])) {
    const ghosts = ghostsOf(asCells(text), there.length, left, { texts: first });
    ghosts.forEach((row, place) => typed[place]?.forEach((one, c) => one !== null && (row.texts[c] = one)));
    const rows = there.map((key) => rowOf(key) ?? { key, texts: [], ghost: false });
    const one = { text, left, there: rows, ghosts, before, failures: 0 };
    coming.push(one);
    ask(one);
  }
}

export function begin(given) {
  hooks = given;
  view.grid.addEventListener("copy", onCopy);
  view.grid.addEventListener("cut", onCopy);
  view.grid.addEventListener("paste", onPaste);
  window.addEventListener("beforeunload", (event) => coming.length && !isKept && event.preventDefault());
}

