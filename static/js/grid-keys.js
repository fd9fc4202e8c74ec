// The keys of the grid, in the way of spreadsheets, and the cells that are chosen.
//
// A box that the cursor has come to is chosen as a whole: typing replaces it, arrows go on. F2, or a second click, puts
// the cursor into the text. What is typed counts when the box is left, and is kept here from the first letter.

import { steps } from "./declaration-steps.js";
import { addRow, copyRows, model, nameOf, redo, removeRows, rowOf, setCells, undo } from "./grid-model.js";
import { boxAt, bringIntoSight, cellOf, focus, keepFocus, placeOf, render, view } from "./grid-view.js";

let typing = null; // { key, c }: the box holds something that is not in the model yet
let isInside = false; // the cursor is in the text
let anchor = null; // { at, c }: where the choice of cells began
let dragged = false;
const hooks = { changed: () => {}, added: () => true, leave: () => {}, find: () => {}, fault: () => {} };

view.isTyping = (key, c) => typing?.key === key && typing.c === c;

export const lastColumn = () => model.columns.length - 1;

// What is chosen --------------------------------------------------------------------------------------------

export function chosen() {
  if (view.range) return view.range;
  if (!view.active) return null;
  const at = placeOf(view.active.key);
  return at < 0 ? null : { top: at, bottom: at, left: view.active.c, right: view.active.c };
}

export function isRange() {
  const { range } = view;
  return Boolean(range) && (range.top !== range.bottom || range.left !== range.right);
}

export function chosenRows() {
  const range = chosen();
  return range ? model.shown.slice(range.top, range.bottom + 1) : [];
}

function choose(at, c) {
  anchor ??= { at: placeOf(view.active.key), c: view.active.c };
  view.range = {
    top: Math.min(anchor.at, at), bottom: Math.max(anchor.at, at),
    left: Math.min(anchor.c, c), right: Math.max(anchor.c, c),
  };
}

export function chooseNothing() {
  anchor = null;
  view.range = null;
}

// The other end of the choice follows the cursor; the cursor's box is one of the chosen ones.
function extend(at, c) {
  const row = model.shown[at];
  if (!row || !view.active) return;
  commit();
  choose(at, c);
  focus(row.key, c);
  hooks.changed();
}

export function chooseCells(top, left, bottom, right) {
  const row = model.shown[bottom];
  if (!row) return;
  anchor = { at: top, c: left };
  view.range = { top, left, bottom, right };
  focus(row.key, right);
}

// Typing ----------------------------------------------------------------------------------------------------

export function commit() {
  const now = typing;
  typing = null;
  isInside = false;
  if (!now) return;
  const row = rowOf(now.key);
  const box = boxAt(now.key, now.c);
  steps.remember(null);
  if (row && box) setCells([{ row, c: now.c, to: box.value }]);
  if (row) row.based = {};
}

function takeBack() {
  const { key, c } = typing;
  typing = null;
  isInside = false;
  steps.remember(null);
  rowOf(key).based = {};
  boxAt(key, c).value = rowOf(key).texts[c];
  boxAt(key, c).select();
}

function onInput({ target }) {
  const cell = cellOf(target);
  const row = cell && rowOf(cell.key);
  if (!row) return;
  typing = cell;
  const name = nameOf(row, cell.c);
  row.based[cell.c] ??= row.saved[cell.c];
  steps.remember({ name, text: target.value, was: [steps.pendingText(name) ?? row.based[cell.c]] });
}

// Going -----------------------------------------------------------------------------------------------------

export function go(at, c) {
  const row = model.shown[Math.max(0, Math.min(at, model.shown.length - 1))];
  commit();
  chooseNothing();
  if (row) focus(row.key, Math.max(0, Math.min(c, lastColumn())));
  hooks.changed();
}

export function goTo(where) {
  if (!where?.key) return;
  if (placeOf(where.key) < 0) {
    const row = rowOf(where.key);
    if (row) model.shown.push(row);
  }
  go(placeOf(where.key), Math.max(0, where.c));
}

// To the last filled cell before an empty one, or to the next filled one.
function edge(at, c, down, right) {
  const isFilled = (r, k) => Boolean(model.shown[r]?.texts[k]);
  const inGrid = (r, k) => r >= 0 && r < model.shown.length && k >= 0 && k <= lastColumn();
  let [r, k] = [at, c];
  const wasFilled = isFilled(r, k) && isFilled(r + down, k + right);
  while (inGrid(r + down, k + right)) {
    if (wasFilled && !isFilled(r + down, k + right)) break;
    [r, k] = [r + down, k + right];
    if (!wasFilled && isFilled(r, k)) break;
  }
  return [r, k];
}

function atEdge(box, step) {
  if (!isInside || (box.selectionStart === 0 && box.selectionEnd === box.value.length)) return true;
  const place = step > 0 ? box.value.length : 0;
  return box.selectionStart === place && box.selectionEnd === place;
}

function page() {
  return Math.max(1, Math.floor(view.scroller.clientHeight / view.height) - 2);
}

// Where a key leads from a cell; null where it leads nowhere and the box may have it.
function leads(event, at, c) {
  const { key, ctrlKey, target: box } = event;
  const [down, right] = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[key] ?? [0, 0];
  if (down || right) {
    if (right && !atEdge(box, right)) return null;
    if (down && isInside && box.value.includes("\n")) return null;
    return ctrlKey ? edge(at, c, down, right) : [at + down, c + right];
  }
  if (key === "PageDown" || key === "PageUp") return [at + (key === "PageDown" ? page() : -page()), c];
  if (ctrlKey && key === "Home") return [0, 0];
  if (ctrlKey && key === "End") return [model.shown.length - 1, lastColumn()];
  if (isInside) return null;
  if (key === "Home") return [at, 0];
  return key === "End" ? [at, lastColumn()] : null;
}

function move(event, at, c) {
  const where = leads(event, at, c);
  if (!where) return false;
  const [row, column] = where;
  if (row < 0 && !event.shiftKey) {
    commit();
    view.grid.querySelectorAll(".grid-heads button")[c]?.focus();
    return true;
  }
  const to = [Math.max(0, Math.min(row, model.shown.length - 1)), Math.max(0, Math.min(column, lastColumn()))];
  if (event.shiftKey && isInside) return false;
  if (event.shiftKey) extend(...to);
  else go(...to);
  return true;
}

// Tab goes through the cells, and out of the grid at its ends.
function tab(event, at, c) {
  const flat = at * model.columns.length + c + (event.shiftKey ? -1 : 1);
  const row = Math.floor(flat / model.columns.length);
  if (flat < 0 || row >= model.shown.length) return false;
  go(row, flat - row * model.columns.length);
  return true;
}

function enter(event, at, c) {
  if (event.shiftKey) go(at - 1, c);
  else if (at + 1 < model.shown.length) go(at + 1, c);
  else add();
  return true;
}

// Doing -----------------------------------------------------------------------------------------------------

export function add() {
  commit();
  chooseNothing();
  if (!hooks.added()) return;
  const row = addRow();
  focus(row.key, 0);
  hooks.changed();
}

export function copyChosen(wanted = chosenRows()) {
  commit();
  const rows = wanted.filter((row) => !row.ghost);
  if (!rows.length || !hooks.added(rows.length)) return [];
  const copies = copyRows(rows);
  render();
  hooks.changed({ copies });
  return copies;
}

export function removeChosen(wanted = chosenRows()) {
  commit();
  const rows = wanted.filter((row) => !row.ghost);
  if (!rows.length) return;
  const at = view.active ? placeOf(view.active.key) : 0;
  chooseNothing();
  removeRows(rows);
  render();
  keepFocus(at);
  hooks.changed({ removed: rows.length });
}

export function fillDown() {
  const typed = typing && boxAt(typing.key, typing.c).value;
  if (typed !== null) commit();
  const range = chosen();
  if (!range) return;
  const from = range.top === range.bottom ? range.top - 1 : range.top;
  if (from < 0) return;
  setRange({ ...range, top: from + 1 }, (_row, c) => model.shown[from].texts[c]);
}

export function setRange(range, textOf) {
  const cells = model.shown.slice(range.top, range.bottom + 1).flatMap((row) => {
    const columns = model.columns.map((_, c) => c).slice(range.left, range.right + 1);
    return columns.map((c) => ({ row, c, to: textOf(row, c) }));
  });
  const count = setCells(cells);
  render();
  hooks.changed({ set: count });
}

// What is typed in one of the chosen cells is written into all of them.
function fillChosen() {
  const { key, c } = view.active;
  const text = boxAt(key, c).value;
  const { range } = view;
  typing = null;
  rowOf(key).based = {};
  steps.remember(null);
  setRange({ ...range, left: c, right: c }, () => text);
  boxAt(key, c)?.select();
}

export function goBack() {
  if (typing) return void takeBack();
  after(undo());
}

export function goForward() {
  commit();
  after(redo());
}

function after(where) {
  if (!where) return;
  chooseNothing();
  render();
  if (where.key) goTo(where);
  else keepFocus(0);
  hooks.changed();
}

export function insert(box, text) {
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function escape() {
  if (typing) takeBack();
  else if (isInside) {
    isInside = false;
    boxAt(view.active.key, view.active.c).select();
  } else if (isRange()) {
    chooseNothing();
    render();
    hooks.changed();
  } else hooks.leave();
  return true;
}

// Keys ------------------------------------------------------------------------------------------------------

function withCtrl(event, at) {
  const code = event.code;
  if (code === "KeyZ") (event.shiftKey ? goForward : goBack)();
  else if (code === "KeyY") goForward();
  else if (code === "KeyD") fillDown();
  else if (code === "KeyF") hooks.find();
  else if (event.key === "Enter") isRange() ? fillChosen() : add();
  else if (event.key === "Delete") removeChosen();
  else if (code === "KeyA" && !isInside) {
    commit();
    chooseCells(0, 0, model.shown.length - 1, lastColumn());
    hooks.changed();
  } else if (code === "Space") {
    const range = chosen();
    chooseCells(0, range.left, model.shown.length - 1, range.right);
    hooks.changed();
  } else return false;
  return true;
}

function single(event, at, c) {
  const { key, target: box, shiftKey } = event;
  if (key === "F2") {
    isInside = true;
    box.setSelectionRange(box.value.length, box.value.length);
  } else if (key === "F8") hooks.fault(shiftKey ? -1 : 1);
  else if (key === "Escape") escape();
  else if (key === "Enter") return enter(event, at, c);
  else if (key === "Tab") return tab(event, at, c);
  else if (key === " " && shiftKey && !isInside && !typing) {
    const range = chosen();
    chooseCells(range.top, 0, range.bottom, lastColumn());
    hooks.changed();
  } else if ((key === "Delete" || key === "Backspace") && isRange()) setRange(view.range, () => "");
  else return false;
  return true;
}

function withAlt(event) {
  if (event.shiftKey && event.key === "ArrowDown") copyChosen();
  else if (event.key === "Enter" && event.target.tagName === "TEXTAREA") insert(event.target, "\n");
  else return false;
  return true;
}

function onKey(event) {
  const cell = cellOf(event.target);
  if (!cell || event.isComposing || event.defaultPrevented) return;
  const at = placeOf(cell.key);
  if (at < 0) return;
  let isDone = false;
  if (event.altKey) isDone = !event.ctrlKey && withAlt(event);
  else if (event.ctrlKey || event.metaKey) isDone = withCtrl(event, at) || move(event, at, cell.c);
  else isDone = single(event, at, cell.c) || move(event, at, cell.c);
  if (!isDone) return;
  event.preventDefault();
  event.stopPropagation();
}

// The mouse and the finger ----------------------------------------------------------------------------------

function onFocus({ target: box }) {
  const cell = cellOf(box);
  if (!cell || (view.active?.key === cell.key && view.active.c === cell.c)) return;
  commit();
  view.active = cell;
  isInside = false;
  if (!dragged) chooseNothing();
  bringIntoSight(placeOf(cell.key), cell.c);
  render();
  hooks.changed();
}

function onPointerDown(event) {
  const cell = cellOf(event.target);
  if (!cell || event.button) return;
  dragged = false;
  const isHere = view.active?.key === cell.key && view.active.c === cell.c && document.activeElement === event.target;
  if (event.shiftKey && view.active) {
    event.preventDefault();
    extend(placeOf(cell.key), cell.c);
  } else if (isHere) isInside = true;
}

function onPointerOver(event) {
  const cell = cellOf(event.target);
  if (!cell || event.pointerType === "touch" || !(event.buttons & 1) || !view.active) return;
  const [at, active] = [placeOf(cell.key), placeOf(view.active.key)];
  if (at === active && cell.c === view.active.c && !view.range) return;
  dragged = true;
  event.preventDefault();
  extend(at, cell.c);
  dragged = false;
}

function onClick({ target: box }) {
  if (cellOf(box) && !isInside && !isRange() && document.activeElement === box) box.select();
}

export function begin(given) {
  Object.assign(hooks, given);
  const { grid } = view;
  grid.addEventListener("keydown", onKey);
  grid.addEventListener("input", onInput);
  grid.addEventListener("focusin", onFocus);
  grid.addEventListener("change", ({ isTrusted }) => {
    if (isTrusted || !typing) return; // what was chosen from a list counts at once
    commit();
    render();
    hooks.changed();
  });
  grid.addEventListener("focusout", ({ target: box, relatedTarget }) => {
    if (!cellOf(box) || (relatedTarget && cellOf(relatedTarget))) return;
    const isGone = view.active && rowOf(view.active.key)?.isGone;
    if (!typing && !isGone) return;
    commit();
    if (isGone) view.active = null;
    render();
    hooks.changed();
  });
  grid.addEventListener("pointerdown", onPointerDown);
  grid.addEventListener("pointerover", onPointerOver);
  grid.addEventListener("click", onClick);
}
