// The items as the grid knows them: rows by key, what is shown of them, and what can be undone.
//
// Nothing here waits for the server. A change is made, and handed on as steps; answers are worked in box by box, and
// leave alone what was typed since.

import { steps } from "./declaration-steps.js";

const MOST_UNDONE = 200;
const known = new Map(); // key -> row, also of those that are gone and may come back
const NUMBERS = ["amount", "quantity", "integer"];

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `r${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

export const model = {
  columns: [], rows: [], shown: [], carried: [], place: new Map(),
  sort: null, // { c, down }
  filter: { text: "", c: -1, faulty: false },
  undone: [], done: [],
};

export function fill(data) {
  model.columns = data.columns;
  model.place = new Map(data.columns.map((column, c) => [column.field, c]));
  model.carried = data.carried.map((field) => model.place.get(field));
  model.rows = data.rows.map(asRow);
  arrange();
}

function asRow([key, ...texts]) {
  const all = model.columns.map((_, c) => texts[c] ?? "");
  // `based`: what a box said when one began to type into it, whatever somebody else has written there since.
  const row = { key, texts: all, saved: [...all], based: {}, faults: {}, meanings: {}, ghost: false, isGone: false };
  known.set(key, row);
  return row;
}

export const rowOf = (key) => model.rows.find((row) => row.key === key);
export const nameOf = (row, c) => `items[${row.key}].${model.columns[c].field}`;

// A row that somebody else removed has no number any more.
export function numberOf(row) {
  const at = model.rows.indexOf(row) + 1;
  const gone = model.rows.findIndex((one) => one.isGone);
  if (row.isGone) return 0;
  return gone >= 0 && gone < at ? at - 1 : at;
}

export function parsed(name) {
  const found = name.match(/^items\[(r[0-9a-f]{12})\]\.(.+)$/);
  return found ? { key: found[1], field: found[2], c: model.place.get(found[2]) ?? -1 } : null;
}

// What is shown ---------------------------------------------------------------------------------------------

const asNumber = (text) => Number(text.replace(/[\s ]/g, "").replace(",", "."));

function compare(a, b, { c, down }) {
  const [left, right] = [a.texts[c], b.texts[c]];
  if (!left || !right) return Number(!left) - Number(!right); // empty ones last, whichever way
  const isNumber = NUMBERS.includes(model.columns[c].kind);
  const order = isNumber ? asNumber(left) - asNumber(right) : left.localeCompare(right, undefined, { numeric: true });
  return down ? -order : order;
}

function passes(row) {
  const { text, c, faulty } = model.filter;
  if (faulty && !faultsOf(row).length) return false;
  if (!text) return true;
  const wanted = text.toLowerCase();
  const texts = c < 0 ? row.texts : [row.texts[c]];
  return texts.some((one) => one.toLowerCase().includes(wanted));
}

// Sorting and filtering change what is shown, not the items: their numbers stay.
export function arrange() {
  model.shown = model.rows.filter(passes);
  if (model.sort) model.shown.sort((a, b) => compare(a, b, model.sort));
}

// The rows have changed and nobody asked to order them anew: those that are shown stay, whatever they say by now.
function arrangeAfter(before, shown) {
  if (!isArranged()) return void (model.shown = [...model.rows]);
  const [known, there] = [new Set(before), new Set(model.rows)];
  model.shown = [
    ...shown.filter((row) => there.has(row)), ...model.rows.filter((row) => !known.has(row) && passes(row)),
  ];
}

export const faultsOf = (row) => Object.values(row.faults).flat();
export const isArranged = () => Boolean(model.sort || model.filter.text || model.filter.faulty);

// Changing --------------------------------------------------------------------------------------------------
//
// An edit: `cells` with the text before and after, rows that come (`on`) and rows that go (`off`), each with its place.

// Who writes into a box over whose text was to be decided has decided.
function base(row, c) {
  const open = steps.conflicts()[nameOf(row, c)];
  if (open) steps.choose(nameOf(row, c), false);
  return [open ? open.theirs : row.based[c] ?? row.saved[c]];
}

function write(cells, side) {
  const boxes = {};
  const was = {};
  for (const cell of cells) {
    const row = rowOf(cell.key);
    if (!row || row.texts[cell.c] === cell[side]) continue;
    const name = nameOf(row, cell.c);
    if (!row.ghost) {
      was[name] = base(row, cell.c);
      boxes[name] = cell[side];
    }
    row.texts[cell.c] = cell[side];
    delete row.faults[model.columns[cell.c].field];
  }
  if (Object.keys(boxes).length) steps.push({ do: "set", boxes, was });
}

function putIn(entries) {
  for (const { row, place } of [...entries].sort((a, b) => a.place - b.place)) {
    model.rows.splice(Math.min(place, model.rows.length), 0, row);
    if (!model.shown.includes(row)) model.shown.push(row);
  }
  if (!isArranged()) model.shown = [...model.rows];
}

// What somebody else has removed meanwhile is gone already, and what was not removed is there still.
function takeOut(entries) {
  const there = entries.filter(({ row }) => model.rows.includes(row));
  const gone = new Set(there.map(({ row }) => row));
  if (!gone.size) return;
  for (const entry of there) entry.place = model.rows.indexOf(entry.row);
  const was = {};
  for (const row of gone) row.texts.forEach((text, c) => (was[nameOf(row, c)] = [text, row.saved[c]]));
  model.rows = model.rows.filter((row) => !gone.has(row));
  model.shown = model.shown.filter((row) => !gone.has(row));
  steps.push({ do: "remove", keys: [...gone].map((row) => row.key), was });
}

function restore(entries) {
  const absent = entries.filter(({ row }) => !model.rows.includes(row));
  if (!absent.length) return;
  putIn(absent);
  steps.push({ do: "restore", keys: absent.map(({ row }) => row.key) });
}

function bring(edit) {
  if (edit.made) return void restore(edit.on);
  edit.made = true;
  putIn(edit.on);
  const keys = edit.on.map(({ row }) => row.key);
  if (!edit.of) return void steps.push({ do: "add", keys, boxes: carriedBy(edit.on) });
  keys.forEach((key, place) => steps.push({ do: "copy", keys: [key], of: edit.of[place] }));
}

// What a new row begins with is what is shown here, whatever the row before says by the time it is heard of.
function carriedBy(entries) {
  const named = entries.flatMap(({ row }) => model.carried.map((c) => [nameOf(row, c), row.saved[c]]));
  return Object.fromEntries(named);
}

// A row that goes takes its texts along, and brings them when it comes back.
function stayingCells(edit) {
  const keys = new Set(edit.on?.map(({ row }) => row.key));
  return edit.cells.filter((cell) => !keys.has(cell.key));
}

// Done for the first time, or again.
function carryOut(edit) {
  const isAgain = edit.made;
  if (edit.on?.length) bring(edit);
  if (edit.cells?.length) write(isAgain ? stayingCells(edit) : edit.cells, "to");
  if (edit.off?.length) takeOut(edit.off);
}

function takeBack(edit) {
  if (edit.off?.length) restore(edit.off);
  if (edit.cells?.length) write(stayingCells(edit).reverse(), "from");
  if (edit.on?.length) takeOut(edit.on);
}

export function change(edit) {
  carryOut(edit);
  const isComing = !edit.on && !edit.off && edit.cells.every((cell) => rowOf(cell.key)?.ghost);
  if (isComing) return; // it will be undone with the paste that it is part of
  model.done.push(edit);
  if (model.done.length > MOST_UNDONE) model.done.shift();
  model.undone = [];
}

function whereOf(edit) {
  const cell = edit.cells?.find((one) => rowOf(one.key));
  if (cell) return { key: cell.key, c: cell.c };
  const row = [...(edit.on ?? []), ...(edit.off ?? [])].find((one) => rowOf(one.row.key))?.row;
  return row ? { key: row.key, c: 0 } : null;
}

// Says where something changed, for the cursor to go there; null if there was nothing to undo.
export function undo() {
  const edit = model.done.pop();
  if (!edit) return null;
  takeBack(edit);
  model.undone.push(edit);
  return whereOf(edit) ?? {};
}

export function redo() {
  const edit = model.undone.pop();
  if (!edit) return null;
  carryOut(edit);
  model.done.push(edit);
  return whereOf(edit) ?? {};
}

// The usual edits -------------------------------------------------------------------------------------------

export function setCells(cells) {
  const wanted = cells.map(({ row, c, to }) => ({ key: row.key, c, from: row.texts[c], to }));
  const changed = wanted.filter((cell) => cell.from !== cell.to);
  if (changed.length) change({ cells: changed });
  return changed.length;
}

// What usually stays the same is taken over from the row before, as the server does.
export function blankRow(before, key = newKey()) {
  const row = asRow([key]);
  for (const c of model.carried) row.texts[c] = row.saved[c] = before?.texts[c] ?? "";
  return row;
}

export function addRow() {
  const row = blankRow(model.rows.at(-1));
  change({ on: [{ row, place: model.rows.length }] });
  return row;
}

export function copyRows(rows) {
  const on = rows.map((row, count) => {
    const copy = asRow([newKey(), ...row.texts]);
    return { row: copy, place: model.rows.length + count };
  });
  change({ on, of: rows.map((row) => row.key) });
  return on.map(({ row }) => row);
}

export function removeRows(rows) {
  change({ off: rows.map((row) => ({ row, place: model.rows.indexOf(row) })) });
}

// Answers ---------------------------------------------------------------------------------------------------

function hear(row, c, text) {
  const name = nameOf(row, c);
  const isClean = steps.pendingText(name) === undefined && !(name in steps.conflicts());
  row.saved[c] = text;
  if (isClean) row.texts[c] = text;
}

// The answer to what was done here: what is being typed builds on it.
function answered(row, c, text) {
  if (c in row.based) row.based[c] = text;
  hear(row, c, text);
}

export function heard({ boxes, rows }) {
  for (const [name, answer] of Object.entries(boxes)) {
    const found = parsed(name);
    const row = found && known.get(found.key);
    if (!row) continue;
    row.faults[found.field] = answer.faults;
    if (!answer.faults.length) delete row.faults[found.field];
    row.meanings[found.field] = answer.meaning;
    if (found.c >= 0) answered(row, found.c, answer.text);
  }
  for (const [key, ...texts] of rows) {
    const row = known.get(key);
    if (row) model.columns.forEach((_, c) => answered(row, c, texts[c] ?? ""));
  }
}

// All rows as the server has them: others come and go, and what is typed here and not saved stays. The row `held`, in
// which the cursor stands, stays in sight though it is gone, so that no key falls into another item.
export function merge(rows, held) {
  const [before, shown] = [model.rows, model.shown];
  const coming = before.filter((row) => row.ghost);
  const written = new Set(); // boxes in which somebody else wrote
  model.rows = rows.map(([key, ...texts]) => {
    const row = known.get(key) ?? asRow([key, ...texts]);
    row.isGone = false;
    model.columns.forEach((_, c) => {
      if (row.saved[c] !== (texts[c] ?? "")) written.add(nameOf(row, c));
      hear(row, c, texts[c] ?? "");
    });
    return row;
  });
  const place = before.findIndex((row) => row.key === held && !row.ghost);
  if (place >= 0 && !model.rows.includes(before[place])) {
    before[place].isGone = true;
    model.rows.splice(place, 0, before[place]);
  }
  model.rows.push(...coming);
  forget(written);
  arrangeAfter(before, shown);
}

// A row that is gone goes once the cursor has left it. Says whether one went.
export function dropGone(held) {
  const gone = model.rows.filter((row) => row.isGone && row.key !== held);
  if (!gone.length) return false;
  model.rows = model.rows.filter((row) => !gone.includes(row));
  model.shown = model.shown.filter((row) => !gone.includes(row));
  return true;
}

// What somebody else wrote is not undone from here.
export function forget(names) {
  const isOurs = (cell) => !names.has(nameOf(cell, cell.c));
  const isSome = (edit) => edit.on?.length || edit.off?.length || edit.cells?.length;
  for (const edit of [...model.done, ...model.undone]) if (edit.cells) edit.cells = edit.cells.filter(isOurs);
  model.done = model.done.filter(isSome);
  model.undone = model.undone.filter(isSome);
}

// Steps that an earlier page has left behind, shown as if they had just been done.
export function replay(log, conflicts) {
  for (const step of log) {
    if (step.do === "add") for (const key of step.keys) rowOf(key) ?? model.rows.push(blankRow(model.rows.at(-1), key));
    else if (step.do === "copy" && rowOf(step.of)) {
      rowOf(step.keys[0]) ?? model.rows.push(asRow([step.keys[0], ...rowOf(step.of).texts]));
    } else if (step.do === "remove") model.rows = model.rows.filter((row) => !step.keys.includes(row.key));
    for (const [name, text] of Object.entries(step.boxes ?? {})) showText(name, text);
  }
  for (const [name, { mine }] of Object.entries(conflicts)) showText(name, mine);
  arrange();
}

function showText(name, text) {
  const found = parsed(name);
  const row = found && rowOf(found.key);
  if (row && found.c >= 0) row.texts[found.c] = text;
}

// What the rules say, by the names of boxes, once they were asked.
export function judged(said) {
  for (const row of model.rows) row.faults = {};
  for (const [name, sentences] of Object.entries(said)) {
    const found = parsed(name);
    const row = found && rowOf(found.key);
    if (row) row.faults[found.field] = sentences;
  }
}
