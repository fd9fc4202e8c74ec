// What stands around the grid: the line that says what is in a cell, search, order, one box for many items, notes,
// proposals, faults, and both texts where two people wrote.

import { button, element, line } from "./declaration-line.js";
import { steps } from "./declaration-steps.js";
import { arrange, forget, isArranged, model, numberOf, parsed, rowOf, setCells } from "./grid-model.js";
import { chooseNothing, chosen, chosenRows, commit, go, goTo, isRange } from "./grid-keys.js";
import { freeze, keepFocus, placeOf, render, view } from "./grid-view.js";

const SHOWN_FAULTS = 50;
const SHOWN_PROPOSALS = 200;
const find = (id) => document.getElementById(id);
let words = {};

function filled(text, values) {
  return Object.entries(values).reduce((said, [name, value]) => said.replace(`{${name}}`, value), text);
}

// The line above the grid -----------------------------------------------------------------------------------

function whereInWords(row, c) {
  const column = model.columns[c];
  if (row.isGone) return words.goneRow;
  return filled(words.where, { number: numberOf(row), box: column.box, label: column.label });
}

export function showCell() {
  const row = view.active && rowOf(view.active.key);
  find("grid-where").textContent = row ? whereInWords(row, view.active.c) : "";
  const field = row && model.columns[view.active.c].field;
  const faults = row?.faults[field] ?? [];
  const other = row ? Object.entries(row.faults).filter(([name]) => !model.place.has(name)) : [];
  find("grid-said").textContent = faults.join(" ") || (row?.meanings[field] ?? "");
  find("grid-said").classList.toggle("error", faults.length > 0);
  find("grid-other").textContent = other.length ? words.other : "";
  const range = isRange() ? chosen() : null;
  const rows = chosenRows().length;
  find("grid-chosen").textContent = range
    ? filled(words.chosen, { rows, cells: rows * (range.right - range.left + 1), sum: sumOf(range) })
    : "";
  showCount();
}

function sumOf(range) {
  const isNumber = (c) => ["amount", "quantity", "integer"].includes(model.columns[c].kind);
  let sum = 0;
  for (const row of chosenRows()) {
    for (let c = range.left; c <= range.right; c += 1) {
      if (isNumber(c)) sum += Number(row.texts[c].replace(/[\s ]/g, "").replace(",", ".")) || 0;
    }
  }
  return sum.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 3 });
}

function showCount() {
  const isSome = model.rows.length > 0;
  const all = model.rows.filter((row) => !row.isGone).length;
  find("grid-none").hidden = isSome;
  view.scroller.hidden = !isSome;
  find("grid-count").textContent = isArranged()
    ? filled(words.some, { shown: model.shown.length, all })
    : filled(words.all, { all });
  find("grid-unarrange").hidden = !isArranged();
  find("grid-undo").disabled = !model.done.length;
  find("grid-redo").disabled = !model.undone.length;
  const rows = isRange() ? chosenRows().length : model.shown.length;
  find("grid-bulk-rows").textContent = filled(isRange() ? words.inChosen : words.inShown, { rows });
}

// Order and search ------------------------------------------------------------------------------------------

function rearrange() {
  commit();
  const at = view.active ? placeOf(view.active.key) : 0;
  arrange();
  if (view.active && placeOf(view.active.key) < 0) view.active = null;
  chooseNothing();
  render();
  keepFocus(at);
  showCell();
}

function sortBy(c) {
  const { sort } = model;
  model.sort = sort?.c !== c ? { c, down: false } : sort.down ? null : { c, down: true };
  showSort();
  rearrange();
}

function showSort() {
  [...view.grid.querySelectorAll(".grid-heads [data-sort]")].forEach((head, c) => {
    const isIt = model.sort?.c === c;
    head.parentElement.setAttribute("aria-sort", isIt ? (model.sort.down ? "descending" : "ascending") : "none");
  });
}

function filter() {
  model.filter = {
    text: find("grid-filter").value.trim(), c: Number(find("grid-filter-column").value),
    faulty: find("grid-faulty").checked,
  };
  rearrange();
}

function unarrange() {
  find("grid-filter").value = "";
  find("grid-faulty").checked = false;
  model.sort = null;
  showSort();
  filter();
}

function onHeadKey(event) {
  const heads = [...view.grid.querySelectorAll(".grid-heads [data-sort]")];
  const c = heads.indexOf(event.target);
  if (c < 0) return;
  const other = { ArrowLeft: heads[c - 1], ArrowRight: heads[c + 1] }[event.key];
  if (event.key === "ArrowDown") go(0, c);
  else if (other) other.focus();
  else return;
  event.preventDefault();
}

// One box for many items ------------------------------------------------------------------------------------

function setMany() {
  commit();
  const c = Number(find("grid-bulk-column").value);
  const to = find("grid-bulk-text").value;
  const rows = isRange() ? chosenRows() : model.shown;
  const count = setCells(rows.map((row) => ({ row, c, to })));
  render();
  showCell();
  note(filled(words.changed, { count }));
}

// Notes and proposals ---------------------------------------------------------------------------------------

export function note(...sentences) {
  const place = find("grid-notes");
  place.replaceChildren();
  if (!sentences.length) return;
  const box = element("div", "notice");
  box.setAttribute("role", "status");
  for (const sentence of sentences) {
    const one = element("p", "");
    one.textContent = sentence;
    box.append(one);
  }
  box.append(button(words.dismiss, () => place.replaceChildren()));
  place.append(box);
}

export function showRead(said, rows) {
  const left = (said.left_out ?? []).map((one) => filled(words.leftOut, one));
  const faults = (said.faults ?? []).length;
  const sentences = [...(said.notes ?? []), ...left, ...(faults ? [filled(words.unread, { count: faults })] : [])];
  note(filled(words.pasted, { rows: said.rows.length }), ...sentences);
  const open = (said.proposals ?? []).filter((one) => rows[one.row]).map((one) => ({ ...one, key: rows[one.row].key }));
  showProposals(open);
}

function accept(proposals) {
  setCells(proposals.flatMap(({ key, box, to }) => {
    const row = rowOf(key);
    const c = model.place.get(box);
    return row && c !== undefined ? [{ row, c, to }] : [];
  }));
  render();
  showCell();
}

function showProposals(open) {
  const place = find("grid-proposals");
  place.replaceChildren();
  place.hidden = !open.length;
  if (!open.length) return;
  const list = element("ul", "grid-proposals");
  for (const one of open.slice(0, SHOWN_PROPOSALS)) {
    const row = rowOf(one.key);
    const item = element("li", "row");
    const said = row ? whereInWords(row, model.place.get(one.box) ?? 0) : "";
    item.append(line(`${said}: ${one.from} →`, one.to), ` ${one.why} `, button(words.accept, () => {
      accept([one]);
      showProposals(open.filter((other) => other !== one));
    }));
    list.append(item);
  }
  const title = element("h3", "");
  title.textContent = filled(words.proposals, { count: open.length });
  const acts = element("div", "row");
  acts.append(button(words.acceptAll, () => {
    accept(open);
    showProposals([]);
  }), button(words.dismiss, () => showProposals([])));
  place.append(title, acts, list);
}

// Faults ----------------------------------------------------------------------------------------------------

function faulty() {
  return model.rows.flatMap((row) => Object.entries(row.faults)
    .filter(([, faults]) => faults.length)
    .map(([field, faults]) => ({ row, c: model.place.get(field) ?? -1, faults })));
}

export function showFaults() {
  const all = faulty();
  const place = find("grid-faults");
  place.hidden = !all.length;
  find("grid-faults-title").textContent = filled(words.faults, { count: all.length });
  const list = find("grid-faults-list");
  list.replaceChildren(...all.slice(0, SHOWN_FAULTS).map(({ row, c, faults }) => {
    const item = element("li", "");
    const link = element("a", "");
    const number = numberOf(row);
    if (c >= 0) link.href = `#items-${number - 1}-${model.columns[c].field}`;
    else link.href = view.itemUrl.replace("99998", String(number));
    link.textContent = c >= 0 ? whereInWords(row, c) : filled(words.item, { number });
    if (c >= 0) link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo({ key: row.key, c });
    });
    item.append(link, ` ${faults.join(" ")}`);
    return item;
  }));
  find("grid-faults-more").textContent =
    all.length > SHOWN_FAULTS ? filled(words.more, { count: all.length - SHOWN_FAULTS }) : "";
}

export function nextFault(step) {
  const all = faulty().filter(({ row, c }) => c >= 0 && placeOf(row.key) >= 0);
  if (!all.length) return;
  const rank = (key, c) => placeOf(key) * 100 + c;
  all.sort((a, b) => rank(a.row.key, a.c) - rank(b.row.key, b.c));
  const here = view.active ? rank(view.active.key, view.active.c) : -1;
  const ahead = step > 0 ? all.find((one) => rank(one.row.key, one.c) > here)
    : all.findLast((one) => rank(one.row.key, one.c) < here);
  const { row, c } = ahead ?? all.at(step > 0 ? 0 : -1);
  goTo({ key: row.key, c });
}

// Two people ------------------------------------------------------------------------------------------------

export function showConflicts(again) {
  const place = find("grid-conflicts");
  const conflicts = Object.entries(steps.conflicts());
  const shown = JSON.stringify(conflicts);
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren(...conflicts.map(([name, one]) => {
    const found = parsed(name);
    const row = found && rowOf(found.key);
    const where = row && !row.isGone && found.c >= 0 ? whereInWords(row, found.c) : one.box;
    const box = element("div", "notice notice--warn conflict");
    box.setAttribute("role", "alert");
    if (one.isGone || !row) {
      box.append(line(where, one.sentence), button(words.dismiss, () => decide(name, false, again)));
    } else {
      box.append(line(where, ""), line(words.mine, one.mine || "—"), line(words.theirs, one.theirs || "—"),
        button(words.keepMine, () => decide(name, true, again)),
        button(words.takeTheirs, () => decide(name, false, again)));
    }
    return box;
  }));
}

function decide(name, mine, again) {
  const one = steps.choose(name, mine);
  const found = parsed(name);
  const row = found && rowOf(found.key);
  if (row && found.c >= 0) {
    row.saved[found.c] = one.theirs;
    row.texts[found.c] = mine ? one.mine : one.theirs;
    if (!mine) forget(new Set([name]));
  }
  again();
}

// Beginning -------------------------------------------------------------------------------------------------

function options(select, first) {
  const all = model.columns.map((column, c) => new Option(`${column.box} ${column.label}`, String(c)));
  select.replaceChildren(...(first ? [new Option(first, "-1")] : []), ...all);
}

export function begin(given) {
  words = given;
  options(find("grid-filter-column"), words.everywhere);
  options(find("grid-bulk-column"));
  [...view.grid.querySelectorAll(".grid-heads [data-sort]")].forEach((head, c) => {
    head.addEventListener("click", () => sortBy(c));
  });
  view.grid.querySelector(".grid-heads").addEventListener("keydown", onHeadKey);
  showSort();
  find("grid-filter").addEventListener("input", filter);
  find("grid-filter").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown" && event.key !== "Escape") return;
    event.preventDefault();
    if (event.key === "Escape") unarrange();
    go(0, Math.max(0, model.filter.c));
  });
  find("grid-filter-column").addEventListener("change", filter);
  find("grid-faulty").addEventListener("change", filter);
  find("grid-unarrange").addEventListener("click", unarrange);
  find("grid-bulk-set").addEventListener("click", setMany);
  const frozen = Number(localStorage.getItem("grid:frozen") ?? 1);
  find("grid-frozen").value = String(frozen);
  freeze(frozen);
  find("grid-frozen").addEventListener("change", ({ target }) => {
    localStorage.setItem("grid:frozen", target.value);
    freeze(Number(target.value));
    render();
  });
}

