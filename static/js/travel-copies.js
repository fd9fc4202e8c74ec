// What is typed lies on the phone until the server has it: a copy of each form, and the savings that wait, in order.

const PREFIX = "travel:";
const WAITING = "travel-waiting";
const MOST_ROWS = 60;
const NOT_COPIED = new Set(["file", "hidden", "submit"]);
const named = (form) => [...form.elements].filter((each) => each.name);
const isTicked = (each) => each.type === "checkbox" || each.type === "radio";

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

// False where the phone has no room or does not allow it: then the server alone keeps it, at each step.
function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

// Rows -----------------------------------------------------------------------------------------------------------

const rowsOf = (form) => [...form.querySelectorAll("fieldset.row-of")];

// One row more, empty, as the server would show it; null where there are no rows, or too many.
export function addRow(form) {
  const rows = rowsOf(form);
  const count = form.querySelector("input[name$='-count']");
  if (!count || !rows.length || rows.length >= MOST_ROWS) return null;
  const [last, place] = [rows.at(-1), rows.length];
  const step = count.name.slice(0, -"-count".length);
  const row = last.cloneNode(true);
  for (const each of row.querySelectorAll("[name], [id], [for]")) {
    for (const name of ["name", "id", "for"]) {
      const text = each.getAttribute(name);
      if (text) each.setAttribute(name, text.replace(`${step}-${place - 1}-`, `${step}-${place}-`));
    }
  }
  for (const error of row.querySelectorAll(".error, .kept-photo")) error.remove();
  for (const fold of row.querySelectorAll("details")) fold.open = false;
  for (const each of row.querySelectorAll("input, select, textarea")) {
    if (isTicked(each)) each.checked = false;
    else if (each.tagName === "SELECT") {
      const chosen = last.querySelector(`[name="${each.name.replace(`-${place}-`, `-${place - 1}-`)}"]`);
      each.selectedIndex = /currency$/.test(each.name) ? chosen.selectedIndex : 0;
    } else each.value = "";
  }
  const legend = row.querySelector("legend");
  const number = legend.querySelector(".number");
  number.textContent = number.textContent.replace(/\d+$/, String(place + 1));
  last.removeAttribute("id");
  row.id = "last";
  last.after(row);
  count.value = String(place + 1);
  return row;
}

// Copies ---------------------------------------------------------------------------------------------------------

export function keepCopy(form, name) {
  const fields = named(form).filter((each) => !NOT_COPIED.has(each.type));
  return write(PREFIX + name, fields.map((each) => [each.name, each.value, isTicked(each) ? each.checked : null]));
}

export function restoreCopy(form, name) {
  const copy = read(PREFIX + name);
  if (!copy) return false;
  for (const [field, value, checked] of copy) {
    while (!form.elements.namedItem(field) && /-\d+-/.test(field) && addRow(form));
    for (const each of named(form).filter((one) => one.name === field && !NOT_COPIED.has(one.type))) {
      if (checked === null) each.value = value;
      else if (each.value === value) each.checked = checked;
    }
  }
  return true;
}

// What was chosen before the question was shown.
export const keepChosen = (name, values) => write(PREFIX + name, values.map(([field, value]) => [field, value, true]));

export const forgetCopy = (name) => localStorage.removeItem(PREFIX + name);

// The questions of a declaration as the server last named them: the shell without a line knows them from here.
export const keepSteps = (key, steps) => write(`${PREFIX}${key}-steps`, steps);
export const keptSteps = (key) => read(`${PREFIX}${key}-steps`) ?? [];

// What was ticked on this phone among what is carried; null where nothing is known here.
export function tickedHere(key) {
  const copy = read(`${PREFIX}${key}-carries`) ?? waiting().find((each) => each.name === `${key}-carries`)?.copy;
  return copy ? copy.filter(([, , checked]) => checked).map(([, value]) => value) : null;
}

// Savings that wait -----------------------------------------------------------------------------------------------

export const waiting = () => read(WAITING) ?? [];

// Said of a form at the moment in which it is sent; a later saving of the same question takes the place of an earlier.
export function noteSending(form, { name, address, button }) {
  const entries = [...new FormData(form, button)].filter(([field, value]) =>
    typeof value === "string" && field !== "csrfmiddlewaretoken");
  const saving = { name, address, entries, copy: read(PREFIX + name) };
  const list = waiting();
  const place = list.findIndex((each) => each.name === name);
  if (place >= 0) list[place] = saving;
  else list.push(saving);
  return write(WAITING, list);
}

export function noteArrived(name) {
  const left = waiting().filter((each) => each.name !== name);
  if (left.length) write(WAITING, left);
  else localStorage.removeItem(WAITING);
}

// Everything that this phone has kept of declarations.
export async function forgetEverything() {
  for (const name of Object.keys(localStorage)) if (name.startsWith("travel")) localStorage.removeItem(name);
  sessionStorage.clear();
  if (globalThis.caches) await caches.delete("travel-pages");
  globalThis.indexedDB?.deleteDatabase("travel");
}
