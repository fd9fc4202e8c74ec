// Rows of the form: a new one is there at once and saved behind; copied and removed ones come with the server's answer.
//
// An answer is worked into the page row by row, by the rows' keys: what is being typed in, and what is not saved yet,
// stays as it is, and the cursor stays where it is.

const form = document.querySelector("form[data-declaration]");
const NEW_KEY = "rnewrowkey";
const NEW_PLACE = 99998;

// A new row -------------------------------------------------------------------------------------------------

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `r${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function addRow(section) {
  const template = section.querySelector("template[data-new-row]");
  const table = section.querySelector("table");
  const body = table.tBodies[0];
  const place = body.rows.length;
  const key = newKey();
  const html = template.innerHTML.replaceAll(NEW_KEY, key).replaceAll(String(NEW_PLACE + 1), String(place + 1));
  body.insertAdjacentHTML("beforeend", html.replaceAll(String(NEW_PLACE), String(place)));
  showSome(section);
  const row = body.rows[body.rows.length - 1];
  form.saving.make(template.dataset.newRow.replace(NEW_KEY, key));
  const box = row.querySelector("[data-box]");
  box.focus();
  box.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Rows that the server changes --------------------------------------------------------------------------------

async function press(button) {
  if (!(await form.saving.settled())) return;
  const body = new FormData();
  body.set(button.name, button.value);
  const row = button.closest("[data-row]");
  if (row) body.set("was", JSON.stringify(basesOf([row])));
  await workIn(fetch(form.action || location.href, { method: "POST", body, headers: form.saving.headers() }));
}

function basesOf(rows) {
  const boxes = rows.flatMap((row) => [...row.querySelectorAll("[data-box]")]);
  return Object.fromEntries(boxes.map((box) => [box.name, form.saving.baseOf(box)]));
}

async function refresh() {
  await workIn(fetch(location.href));
}

async function workIn(request) {
  let answer;
  try {
    answer = await request;
  } catch {
    return void form.saving.say("waiting", form.dataset.waiting);
  }
  if (answer.status === 403) return void form.saving.startAgain();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("form[data-declaration]")) return void location.assign(answer.url);
  for (const old of form.querySelectorAll("[data-rows]")) {
    const fresh = page.querySelector(`[data-rows="${old.dataset.rows}"]`);
    if (fresh) merge(old, fresh);
  }
  replace(document, page, "#outline");
  showMessages(page);
  document.dispatchEvent(new CustomEvent("declaration:saved"));
}

function isTyping(element) {
  return element.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
}

function replace(root, page, selector) {
  const fresh = page.querySelector(selector);
  const old = root.querySelector(selector);
  if (fresh && old && !isTyping(old)) old.replaceWith(document.importNode(fresh, true));
}

function merge(old, fresh) {
  const body = old.querySelector("tbody");
  const newBody = fresh.querySelector("tbody");
  if (!body || !newBody) {
    if (!isTyping(old)) old.replaceWith(document.importNode(fresh, true));
    return;
  }
  const known = new Map([...body.rows].map((row) => [row.dataset.row, row]));
  let before = null;
  for (const row of newBody.rows) {
    const own = known.get(row.dataset.row);
    known.delete(row.dataset.row);
    if (own) update(own, row);
    else insert(body, before, document.importNode(row, true));
    before = own ?? (before ? before.nextElementSibling : body.firstElementChild);
  }
  const waiting = [...known.values()].filter((row) => form.saving.isMade(row.dataset.row));
  for (const row of known.values()) if (!waiting.includes(row)) takeAway(row, old);
  for (const part of fresh.querySelectorAll("[data-fresh]")) replace(old, fresh, `[data-fresh=${part.dataset.fresh}]`);
  showSome(old);
}

function insert(body, before, row) {
  if (before) before.after(row);
  else body.prepend(row);
}

// A row that is gone stays in sight, marked, while it holds the cursor or something that is not saved.
function takeAway(row, section) {
  const holds = [...row.querySelectorAll("[data-box]")].some((box) => form.saving.isUnsaved(box.name));
  if (holds || isTyping(row)) return void row.classList.add("row--gone");
  const held = row.contains(document.activeElement);
  row.remove();
  if (held) section.querySelector(".table-scroll")?.focus({ preventScroll: true });
}

function update(own, row) {
  if (row.id) own.id = row.id;
  for (const box of row.querySelectorAll("[data-box]")) {
    const mine = own.querySelector(`[data-box][name="${CSS.escape(box.name)}"]`);
    if (mine) updateBox(mine, box);
  }
  const cells = [...own.querySelectorAll("[data-kept]")];
  [...row.querySelectorAll("[data-kept]")].forEach((cell, place) => {
    const mine = cells[place];
    if (mine && mine.innerHTML !== cell.innerHTML && !mine.contains(document.activeElement)) {
      mine.innerHTML = cell.innerHTML;
    }
  });
}

function updateBox(mine, box) {
  const [field, newField] = [mine.closest("[data-field]"), box.closest("[data-field]")];
  field.querySelector("label")?.setAttribute("for", box.id);
  mine.id = box.id;
  const isClean = !form.saving.isUnsaved(mine.name) && mine.value === form.saving.baseOf(mine);
  if (!isClean) return;
  form.saving.bases.set(mine.name, box.value);
  if (mine.value !== box.value) {
    mine.value = box.value;
    if (mine === document.activeElement) mine.select?.();
  }
  const said = (selector) => newField.querySelector(`${selector}:not([hidden])`)?.textContent.trim() ?? "";
  const fault = said("[data-faults]");
  form.saving.mark(mine, { faults: fault ? [fault] : [], meaning: said("[data-meaning]") || (fault ? "" : box.title) });
}

function showSome(section) {
  const some = section.querySelector("tbody").rows.length > 0;
  section.querySelector("[data-none]")?.toggleAttribute("hidden", some);
  section.querySelector("[data-some]")?.toggleAttribute("hidden", !some);
}

function showMessages(page) {
  document.querySelector(".messages")?.remove();
  const fresh = page.querySelector(".messages");
  if (fresh?.querySelector(".notice--error, .notice--warn")) form.before(document.importNode(fresh, true));
}

// Listening -------------------------------------------------------------------------------------------------

if (form) {
  form.rows = { refresh };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do], button[data-add-row]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-do]")) press(button);
    else addRow(button.closest("[data-rows]"));
  });
  form.addEventListener("declaration:gone", refresh);
}
