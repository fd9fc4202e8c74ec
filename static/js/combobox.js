// One combobox for every field that suggests: the search of the tariff, a commodity code, a code of a list.
//
// It follows the pattern "combobox with a listbox" of WAI-ARIA: the list opens as one types, or with the arrow keys
// (in a grid, where arrows move between cells, with Alt and ↓). Arrows move in it, Enter takes, Tab takes and goes on,
// Escape closes. Nothing is chosen before an arrow is pressed, so that typing a code or pressing Enter works as in any
// other field. The focus stays in the field; aria-activedescendant says which suggestion is meant.
//
// What the company of the form used most and last stands first and is marked (data-used-url of the form).
//
//   data-suggest="/tariff/suggest/"   the address answers with options; data-code is written into the field,
//                                     data-url is opened, data-fill (JSON) fills other boxes of the form;
//                                     data-least says after how many letters it is asked
//   data-commodity                    the same, at the data-search-url of the form
//   data-codes="country"              a list of codes, from the data-codes-url of the form
//   data-many                         several values between commas: the last one is looked for and written

const FIELDS = "input[data-suggest], input[data-commodity], input[data-codes]";
const MOST = 40;
const LEAST_LETTERS = 2;
const WAIT_FOR_SEARCH = 180;
const WAIT_FOR_CODES = 30;

const NOTHING_USED = { codes: {}, goods: [] };

const codeLists = new Map();
const used = new Map(); // address -> what was used before, asked once a page
const popup = element("div", { id: "suggestions", class: "suggestions", hidden: "" });
const list = element("ul", { id: "suggestions-list", role: "listbox" });
const status = element("div", { class: "visually-hidden", role: "status" });
let field = null;
let asked = new AbortController();
let timer = 0;

function element(name, attributes) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// What is suggested -----------------------------------------------------------------------------------------

function typed(input) {
  return ("many" in input.dataset ? input.value.slice(input.value.lastIndexOf(",") + 1) : input.value).trim();
}

async function suggestions(input, signal) {
  if (input.dataset.codes) return listed(input);
  const address = new URL(input.dataset.suggest || input.form.dataset.searchUrl, location.href);
  const words = typed(input);
  const known = "commodity" in input.dataset ? await goods(input, words) : [];
  if (words.length < Number(input.dataset.least ?? LEAST_LETTERS)) return { options: known, notes: [], said: "" };
  address.searchParams.set("q", words);
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = [...page.querySelectorAll("[role=option]")];
  const same = (one) => (other) => other.dataset.code === one.dataset.code;
  const first = known.map((one) => marked(rows.find(same(one)) ?? one, input.form));
  return {
    options: [...first, ...rows.filter((row) => !known.some(same(row)))],
    notes: [...page.querySelectorAll(".suggestions__note")],
    said: page.querySelector("[data-status]")?.textContent ?? "",
  };
}

async function listed(input) {
  const [all, before] = await Promise.all([codes(input), usedBefore(input)]);
  const often = before.codes[input.dataset.codes] ?? [];
  const rows = fitting(all, typed(input).toLowerCase(), often).slice(0, MOST);
  const none = rows.length ? "" : (input.form.dataset.noneFound ?? "");
  const options = rows.map(([code, name]) => option(code, name, often.includes(code) ? input.form : null));
  return { options, notes: [], said: none };
}

// Goods that the company declared before and the text may mean.
async function goods(input, words) {
  const text = words.toLowerCase();
  const digits = text.replace(/[\s.-]/g, "");
  const rows = (await usedBefore(input)).goods;
  const meant = rows.filter(([code, name]) => code.startsWith(digits) || name.toLowerCase().includes(text));
  return meant.map(([code, name]) => option(code, name, input.form));
}

function usedBefore(input) {
  const address = input.form?.dataset.usedUrl;
  if (!address) return NOTHING_USED;
  if (!used.has(address)) {
    const asking = fetch(address, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : NOTHING_USED))
      .catch(() => NOTHING_USED);
    used.set(address, asking);
  }
  return used.get(address);
}

function codes(input) {
  const address = input.form.dataset.codesUrl.replace("LIST", input.dataset.codes);
  if (!codeLists.has(address)) {
    const asking = fetch(address, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
      .then((said) => said.codes);
    asking.catch(() => codeLists.delete(address));
    codeLists.set(address, asking);
  }
  return codeLists.get(address);
}

// The code itself, those used before, codes that begin with the text, names that begin with it, names that hold it.
function fitting(all, text, often) {
  const rank = ([code, name]) => {
    if (code.toLowerCase().startsWith(text)) return 0;
    if (name.toLowerCase().startsWith(text)) return 1;
    return name.toLowerCase().includes(text) ? 2 : 3;
  };
  const first = (code) => (code.toLowerCase() === text ? -MOST : often.includes(code) ? often.indexOf(code) - MOST : 0);
  const ranked = all.map((row) => [rank(row), row]).filter(([place]) => place < 3);
  return ranked.sort((a, b) => first(a[1][0]) - first(b[1][0]) || a[0] - b[0]).map(([, row]) => row);
}

// `form` says the mark of what was used before.
function option(code, name, form) {
  const row = element("li", { role: "option", "data-code": code });
  const shown = element("span", { class: "code" });
  shown.textContent = code;
  row.append(shown, ` ${name}`);
  return marked(row, form);
}

function marked(row, form) {
  if (!form?.dataset.used || row.querySelector(".tag")) return row;
  const mark = element("span", { class: "tag tag--grey" });
  mark.textContent = form.dataset.used;
  row.append(" ", mark);
  return row;
}

// Opening and closing ---------------------------------------------------------------------------------------

async function open(input) {
  window.clearTimeout(timer);
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const found = await suggestions(input, signal).catch(() => null);
  if (signal.aborted || document.activeElement !== input) return;
  if (!found || !found.options.length || isWritten(found.options, typed(input))) {
    close();
    status.textContent = found && !found.options.length ? found.said : "";
    return;
  }
  show(input, found);
}

// Whether the one suggestion is what the field says already.
function isWritten(options, text) {
  const code = options[0].dataset.code?.toLowerCase();
  return options.length === 1 && code === text.toLowerCase().replace(/[\s.-]/g, "");
}

function show(input, found) {
  field = input;
  found.options.forEach((row, place) => {
    row.id = `${list.id}-${place}`;
    row.setAttribute("aria-selected", "false");
  });
  list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() ?? "");
  list.replaceChildren(...found.options);
  popup.replaceChildren(...found.notes, list);
  popup.hidden = false;
  input.setAttribute("aria-expanded", "true");
  input.removeAttribute("aria-activedescendant");
  status.textContent = found.said;
  place();
}

function close() {
  window.clearTimeout(timer);
  asked.abort();
  popup.hidden = true;
  status.textContent = "";
  field?.setAttribute("aria-expanded", "false");
  field?.removeAttribute("aria-activedescendant");
  field = null;
}

// Below the field, or above it where there is more room.
function place() {
  if (!field) return;
  if (!field.isConnected) return void close();
  const where = field.getBoundingClientRect();
  const below = window.innerHeight - where.bottom;
  popup.style.minWidth = `${Math.max(where.width, 280)}px`;
  popup.style.left = `${Math.max(8, Math.min(where.left, window.innerWidth - popup.offsetWidth - 8))}px`;
  const isBelow = below > 220 || below > where.top;
  popup.style.top = isBelow ? `${where.bottom + 2}px` : "auto";
  popup.style.bottom = isBelow ? "auto" : `${window.innerHeight - where.top + 2}px`;
  popup.style.maxHeight = `${Math.max(120, Math.min(360, (isBelow ? below : where.top) - 12))}px`;
}

// Moving and taking -----------------------------------------------------------------------------------------

const chosen = () => list.querySelector("[aria-selected=true]");

function move(step) {
  const rows = [...list.children];
  const before = rows.indexOf(chosen());
  const next = before < 0 && step < 0 ? rows.length - 1 : (before + step + rows.length) % rows.length;
  rows[before]?.setAttribute("aria-selected", "false");
  rows[next].setAttribute("aria-selected", "true");
  rows[next].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", rows[next].id);
}

function take(row) {
  const input = field;
  close();
  if (row.dataset.url) return void location.assign(row.dataset.url);
  if (row.dataset.fill) return void fill(input, JSON.parse(row.dataset.fill));
  write(input, row.dataset.code);
}

function write(input, text) {
  const before = "many" in input.dataset ? input.value.slice(0, input.value.lastIndexOf(",") + 1) : "";
  input.value = before ? `${before} ${text}` : text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// Each box is written as if it had been typed into. A field that is no box itself is empty again; one in a row of a
// table fills the boxes of its row.
function fill(input, texts) {
  const row = "box" in input.dataset ? input.name.slice(0, input.name.lastIndexOf(".") + 1) : "";
  if (!("box" in input.dataset)) input.value = "";
  for (const [name, text] of Object.entries(texts)) {
    const box = input.form.querySelector(`[data-box][name="${CSS.escape(row + name)}"]`);
    if (box) write(box, text);
  }
}

// Whether the key was for the list; a grid or a form then does not hear of it.
function press(event, input) {
  const isOpen = field === input;
  const row = isOpen ? chosen() : null;
  if (isOpen && event.key === "ArrowDown") move(1);
  else if (isOpen && event.key === "ArrowUp") move(-1);
  else if (event.key === "ArrowDown" && (event.altKey || !input.closest("[data-grid]"))) open(input);
  else if (isOpen && event.key === "Escape") close();
  else if (row && event.key === "Enter") take(row);
  else {
    if (row?.dataset.code && event.key === "Tab") take(row);
    if (event.key === "Enter" || event.key === "Tab") close();
    return false;
  }
  return true;
}

// Listening -------------------------------------------------------------------------------------------------

const isField = (target) => target instanceof HTMLInputElement && target.matches(FIELDS);

document.body.append(popup, status);
popup.append(list);

document.addEventListener("focusin", (event) => {
  if (!isField(event.target)) return;
  if (event.target.matches("[data-commodity], [data-codes]")) usedBefore(event.target);
  if (event.target.getAttribute("role") === "combobox") return;
  event.target.setAttribute("role", "combobox");
  event.target.setAttribute("aria-autocomplete", "list");
  event.target.setAttribute("aria-expanded", "false");
  event.target.setAttribute("aria-controls", list.id);
});
document.addEventListener("focusout", (event) => {
  if (isField(event.target)) close();
});
document.addEventListener("input", (event) => {
  if (!isField(event.target) || !event.isTrusted) return;
  window.clearTimeout(timer);
  const wait = event.target.dataset.codes ? WAIT_FOR_CODES : WAIT_FOR_SEARCH;
  timer = window.setTimeout(() => open(event.target), wait);
});
// Before the keys of the grid and of the form.
document.addEventListener(
  "keydown",
  (event) => {
    if (!isField(event.target) || event.isComposing || !press(event, event.target)) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("submit", close);
// The focus stays in the field, or leaving it would close the list before the click arrives.
popup.addEventListener("mousedown", (event) => event.preventDefault());
popup.addEventListener("click", (event) => {
  const row = event.target.closest("[role=option]");
  if (row && field) take(row);
});
window.addEventListener("scroll", place, true);
window.addEventListener("resize", place);
