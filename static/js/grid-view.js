// The grid on the screen: only the rows in sight are made, each with real boxes, so that 999 items cost as much as 30.

import { model, nameOf, numberOf, rowOf } from "./grid-model.js";
import { steps } from "./declaration-steps.js";

const grid = document.getElementById("items-grid");
const scroller = grid?.closest(".grid-scroll");
const body = grid?.querySelector(".grid-body");
const heads = grid?.querySelector(".grid-heads");
const MORE = 6; // rows beyond the edge, so that a key finds its row
const made = new Map(); // key -> the element of the row

export const view = { grid, scroller, body, active: null, range: null, frozen: 1, height: 0, isTyping: () => false };
let prototype = null;
let waiting = 0;

export function start({ itemUrl }) {
  prototype = rowPrototype();
  view.itemUrl = itemUrl;
  grid.setAttribute("aria-colcount", String(model.columns.length + 2));
  view.height = parseFloat(getComputedStyle(grid).getPropertyValue("--row-height"));
  scroller.addEventListener("scroll", later, { passive: true });
  new ResizeObserver(measure).observe(scroller);
  measure();
}

function later() {
  if (!waiting) waiting = requestAnimationFrame(() => {
    waiting = 0;
    render();
  });
}

function measure() {
  view.height = parseFloat(getComputedStyle(grid).getPropertyValue("--row-height"));
  freeze(view.frozen);
  render();
}

// The first columns stay where they are, whatever scrolls.
export function freeze(count) {
  view.frozen = count;
  const cells = [...heads.children];
  let left = 0;
  cells.forEach((head, place) => {
    const isFrozen = place <= count;
    head.classList.toggle("is-frozen", isFrozen);
    grid.style.setProperty(`--left-${place}`, `${left}px`);
    head.style.setProperty("--left", `${left}px`);
    if (isFrozen) left += head.offsetWidth;
  });
  grid.style.setProperty("--frozen-width", `${left}px`);
  grid.dataset.frozen = String(count);
  for (const row of made.values()) markFrozen(row);
}

function markFrozen(element) {
  [...element.children].forEach((cell, place) => cell.classList.toggle("is-frozen", place <= view.frozen));
}

// Making ----------------------------------------------------------------------------------------------------

function rowPrototype() {
  const row = document.getElementById("grid-row").content.firstElementChild.cloneNode(true);
  const acts = row.lastElementChild;
  model.columns.forEach((column, c) => {
    const cell = document.createElement("div");
    cell.className = `grid-cell grid-cell--${column.kind}`;
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-colindex", String(c + 2));
    cell.dataset.c = String(c);
    cell.style.setProperty("--left", `var(--left-${c + 1})`);
    cell.append(boxPrototype(column));
    acts.before(cell);
  });
  row.firstElementChild.style.setProperty("--left", "0");
  acts.setAttribute("aria-colindex", String(model.columns.length + 2));
  return row;
}

function boxPrototype(column) {
  const box = document.createElement(column.kind === "lines" ? "textarea" : "input");
  if (column.kind === "lines") box.rows = 1;
  box.setAttribute("aria-label", column.label);
  box.inputMode = column.mode;
  box.autocomplete = "off";
  box.tabIndex = -1;
  box.spellcheck = false;
  if (column.codes === "commodity") box.dataset.commodity = "";
  else if (column.codes) box.dataset.codes = column.codes;
  if (["amount", "quantity", "integer"].includes(column.kind)) box.className = "num";
  return box;
}

function make(row) {
  const element = prototype.cloneNode(true);
  element.dataset.row = row.key;
  markFrozen(element);
  made.set(row.key, element);
  return element;
}

// Showing ---------------------------------------------------------------------------------------------------

function inSight() {
  const top = Math.floor(scroller.scrollTop / view.height) - MORE;
  const count = Math.ceil(scroller.clientHeight / view.height) + 2 * MORE;
  const first = Math.max(0, Math.min(top, model.shown.length - count));
  return [first, Math.min(model.shown.length, first + count)];
}

export function render() {
  if (!prototype) return;
  const [first, end] = inSight();
  const wanted = new Map();
  for (let at = first; at < end; at += 1) wanted.set(model.shown[at].key, at);
  const active = view.active && model.shown.findIndex((row) => row.key === view.active.key);
  if (active >= 0 && view.active) wanted.set(view.active.key, active);
  for (const [key, element] of made) {
    if (wanted.has(key)) continue;
    made.delete(key);
    element.remove();
  }
  body.style.height = `${model.shown.length * view.height}px`;
  grid.setAttribute("aria-rowcount", String(model.shown.length + 1));
  for (const [key, at] of wanted) show(model.shown[at], at);
}

function show(row, at) {
  const element = made.get(row.key) ?? make(row);
  element.style.setProperty("top", `${at * view.height}px`);
  element.setAttribute("aria-rowindex", String(at + 2));
  element.classList.toggle("is-coming", row.ghost);
  element.classList.toggle("is-gone", row.isGone);
  const number = numberOf(row);
  showNumber(element, row, row.isGone ? "—" : String(number));
  for (let c = 0; c < model.columns.length; c += 1) showCell(element.children[c + 1], row, { c, at, number });
  if (!element.isConnected) body.append(element);
}

function showNumber(element, row, number) {
  const link = element.firstElementChild.firstElementChild;
  if (link.textContent !== number) {
    link.textContent = number;
    for (const one of element.querySelectorAll("a")) one.href = view.itemUrl.replace("99998", number);
  }
  const other = Object.keys(row.faults).some((field) => !model.place.has(field));
  element.firstElementChild.classList.toggle("is-wrong", other);
}

function showCell(cell, row, { c, at, number }) {
  const box = cell.firstElementChild;
  const field = model.columns[c].field;
  const id = row.isGone ? `gone-${field}` : `items-${number - 1}-${field}`;
  if (box.id !== id) {
    box.id = id;
    box.name = nameOf(row, c);
  }
  if (box.value !== row.texts[c] && !view.isTyping(row.key, c)) {
    box.value = row.texts[c];
    if (box === document.activeElement) box.select(); // it stays chosen as a whole: what is typed replaces it
  }
  const faults = row.faults[field] ?? [];
  const isAsked = box.name in steps.conflicts();
  cell.classList.toggle("is-wrong", faults.length > 0);
  cell.classList.toggle("is-asked", isAsked);
  if (faults.length) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
  const said = faults.join(" ") || row.meanings[field] || "";
  if (box.title !== said) box.title = said;
  const isActive = view.active?.key === row.key && view.active.c === c;
  box.tabIndex = isActive || (!view.active && at === 0 && c === 0) ? 0 : -1;
  const isChosen = isIn(view.range, at, c);
  cell.classList.toggle("is-chosen", isChosen);
  if (isChosen) cell.setAttribute("aria-selected", "true");
  else cell.removeAttribute("aria-selected");
}

function isIn(range, at, c) {
  return Boolean(range) && at >= range.top && at <= range.bottom && c >= range.left && c <= range.right;
}

// Moving ----------------------------------------------------------------------------------------------------

export function cellOf(target) {
  const cell = target.closest?.(".grid-cell[data-c]");
  const element = cell?.closest("[data-row]");
  return element ? { key: element.dataset.row, c: Number(cell.dataset.c) } : null;
}

export function boxAt(key, c) {
  return made.get(key)?.children[c + 1]?.firstElementChild ?? null;
}

export const placeOf = (key) => model.shown.findIndex((row) => row.key === key);

// Whatever is asked of the screen first, the box has the cursor when this returns: no key is lost.
export function focus(key, c) {
  const at = placeOf(key);
  if (at < 0) return null;
  view.active = { key, c };
  bringIntoSight(at, c);
  render();
  const box = boxAt(key, c);
  box.focus({ preventScroll: true });
  box.select();
  return box;
}

export function bringIntoSight(at, c) {
  const head = heads.offsetHeight;
  const top = at * view.height;
  const bottom = top + view.height;
  const room = scroller.clientHeight - head;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + room) scroller.scrollTop = bottom - room;
  const column = heads.children[c + 1];
  if (c + 1 <= view.frozen) return;
  const frozen = parseFloat(grid.style.getPropertyValue("--frozen-width"));
  const left = column.offsetLeft - frozen;
  const right = column.offsetLeft + column.offsetWidth;
  if (left < scroller.scrollLeft) scroller.scrollLeft = left;
  else if (right > scroller.scrollLeft + scroller.clientWidth) scroller.scrollLeft = right - scroller.clientWidth;
}

// The cursor stays in its box; if its row has gone, it goes to the row that has come to its place.
export function keepFocus(at) {
  if (!view.active || rowOf(view.active.key)) return;
  const row = model.shown[Math.min(at, model.shown.length - 1)];
  const { c } = view.active;
  view.active = null;
  if (row) focus(row.key, c);
  else document.querySelector("[data-add-item]").focus();
}
