// Pickers: a code box offers its list, a commodity box searches the tariff. One list of suggestions serves all boxes;
// it opens while one types (Alt+↓ opens it at once), arrows move, Enter takes, Escape closes. Typing a code as before
// works too.

const form = document.querySelector("form[data-declaration]");
const lists = new Map();
const MOST = 40;
const list = document.createElement("ul");
let box = null;
let current = -1;
let ticket = 0;
let timer = 0;

list.id = "suggestions";
list.className = "suggestions";
list.setAttribute("role", "listbox");
list.hidden = true;

async function codes(name) {
  if (!lists.has(name)) {
    const address = form.dataset.codesUrl.replace("LIST", name);
    lists.set(
      name,
      fetch(address, { headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : { codes: [] }))
        .then((said) => said.codes)
        .catch(() => {
          lists.delete(name);
          return [];
        }),
    );
  }
  return lists.get(name);
}

function fitting(all, text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return all;
  const starts = all.filter(([code]) => code.toLowerCase().startsWith(wanted));
  const named = all.filter(([code, name]) => !starts.some(([one]) => one === code) && name.toLowerCase().includes(wanted));
  named.sort((a, b) => Number(!a[1].toLowerCase().startsWith(wanted)) - Number(!b[1].toLowerCase().startsWith(wanted)));
  return [...starts, ...named];
}

async function found(target) {
  if (target.dataset.codes) return fitting(await codes(target.dataset.codes), target.value);
  const text = target.value.trim();
  if (text.length < 2 || !form.dataset.searchUrl) return [];
  const answer = await fetch(`${form.dataset.searchUrl}?q=${encodeURIComponent(text)}`).catch(() => null);
  if (!answer || !answer.ok) return [];
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return [...page.querySelectorAll("[data-code]")].map(asRow);
}

// The tariff's own suggestion: its code, its words, and the line above in small print.
function asRow(found) {
  const above = found.querySelector(".muted")?.textContent.trim() || "";
  for (const part of found.querySelectorAll(".code, .muted")) part.remove();
  return [found.dataset.code, found.textContent.trim(), above];
}

async function open(target) {
  const mine = ++ticket;
  const rows = (await found(target)).slice(0, MOST);
  if (mine !== ticket || document.activeElement !== target) return;
  const exact = rows.length === 1 && rows[0][0].toLowerCase() === target.value.trim().toLowerCase();
  if (!rows.length || exact) return close();
  box = target;
  current = -1;
  list.replaceChildren(...rows.map(option));
  list.hidden = false;
  box.setAttribute("aria-expanded", "true");
  place();
}

function option([code, name, path = ""], number) {
  const row = document.createElement("li");
  row.id = `suggestion-${number}`;
  row.setAttribute("role", "option");
  row.dataset.code = code;
  const shown = document.createElement("span");
  shown.className = "code";
  shown.textContent = code;
  row.append(shown, ` ${name}`);
  if (path) {
    const small = document.createElement("small");
    small.textContent = path;
    row.append(small);
  }
  return row;
}

function place() {
  const where = box.getBoundingClientRect();
  const below = window.innerHeight - where.bottom;
  list.style.minWidth = `${Math.max(where.width, 280)}px`;
  list.style.left = `${Math.max(8, Math.min(where.left, window.innerWidth - list.offsetWidth - 8))}px`;
  if (below > 220 || below > where.top) {
    list.style.top = `${where.bottom + 2}px`;
    list.style.bottom = "auto";
    list.style.maxHeight = `${Math.max(120, Math.min(360, below - 12))}px`;
  } else {
    list.style.top = "auto";
    list.style.bottom = `${window.innerHeight - where.top + 2}px`;
    list.style.maxHeight = `${Math.min(360, where.top - 12)}px`;
  }
}

function close() {
  ticket += 1;
  list.hidden = true;
  if (box) {
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }
  box = null;
  current = -1;
}

function move(step) {
  const rows = [...list.children];
  rows[current]?.removeAttribute("aria-selected");
  current = (current + step + rows.length) % rows.length;
  rows[current].setAttribute("aria-selected", "true");
  rows[current].scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", rows[current].id);
}

function take(row) {
  const target = box;
  target.value = row.dataset.code;
  close();
  target.dispatchEvent(new Event("input", { bubbles: true }));
  close();
  target.dispatchEvent(new Event("change", { bubbles: true }));
}

function prepare(target) {
  if (target.getAttribute("role") === "combobox") return;
  target.setAttribute("role", "combobox");
  target.setAttribute("aria-autocomplete", "list");
  target.setAttribute("aria-expanded", "false");
  target.setAttribute("aria-controls", list.id);
}

const picks = (target) => target instanceof HTMLInputElement && target.matches("[data-codes], [data-commodity]");

if (form) {
  document.body.append(list);
  form.addEventListener("focusin", (event) => {
    if (picks(event.target)) prepare(event.target);
  });
  form.addEventListener("focusout", () => window.setTimeout(() => {
    if (box && document.activeElement !== box) close();
  }, 150));
  form.addEventListener("input", (event) => {
    if (!picks(event.target) || !event.isTrusted) return;
    window.clearTimeout(timer);
    const target = event.target;
    timer = window.setTimeout(() => open(target), target.dataset.codes ? 30 : 160);
  });
  // Before the grid's own keys: while the list is open, they belong to it.
  document.addEventListener("keydown", (event) => {
    if (!picks(event.target)) return;
    if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault();
      event.stopPropagation();
      return void open(event.target);
    }
    if (!box) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" && current >= 0) take(list.children[current]);
    else if (event.key === "Escape") close();
    else {
      if (event.key === "Enter") close();
      if (event.key === "Tab" && current >= 0) take(list.children[current]);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  list.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("li");
    if (!row || !box) return;
    event.preventDefault();
    take(row);
  });
  window.addEventListener("scroll", () => box && place(), true);
  window.addEventListener("resize", close);
}
