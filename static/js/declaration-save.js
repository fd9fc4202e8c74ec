// The form of a declaration: every box is saved as it is left.
//
// What is typed is kept on this device from the first letter until the server has it. A line that drops means
// "not saved yet" and trying again; a session that ended means the login page and, back here, the text again.
// Without this script the form's own Save button does the same work.

const form = document.querySelector("form[data-declaration]");
const state = document.querySelector("[data-save-state]");
const words = form ? form.dataset : {};
const storeName = `declaration:${words.declaration}:${words.person}`;
const RETRY = [2000, 4000, 8000, 15000, 30000];

let kept = read();
let changed = new Set();
let sending = null;
let failures = 0;
let timer = 0;

function read() {
  try {
    return JSON.parse(localStorage.getItem(storeName) || "{}");
  } catch {
    return {};
  }
}

function keep() {
  try {
    if (Object.keys(kept).length) localStorage.setItem(storeName, JSON.stringify(kept));
    else localStorage.removeItem(storeName);
  } catch {
    // A device that keeps nothing still saves over the line.
  }
}

function boxes(name) {
  return [...form.querySelectorAll("[data-box]")].filter((box) => box.name === name);
}

function say(kind, text, extra = "") {
  if (!state) return;
  state.dataset.state = kind;
  state.textContent = extra ? `${text} ${extra}` : text;
}

function remember(box) {
  const was = kept[box.name] ? kept[box.name].was : box.defaultValue ?? "";
  kept[box.name] = { text: box.value, was: box.tagName === "SELECT" ? initial(box) : was };
  keep();
}

function initial(select) {
  const chosen = [...select.options].find((option) => option.defaultSelected);
  return chosen ? chosen.value : (select.options[0]?.value ?? "");
}

// Sending ---------------------------------------------------------------------------------------------------

async function send() {
  if (sending) return sending;
  window.clearTimeout(timer);
  sending = sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll() {
  while (changed.size) {
    const names = [...changed];
    changed = new Set();
    if (!(await sendOnce(names))) {
      for (const name of names) if (kept[name]) changed.add(name);
      return false;
    }
  }
  return true;
}

async function sendOnce(names) {
  const body = new URLSearchParams();
  const texts = {};
  for (const name of names) {
    texts[name] = kept[name] ? kept[name].text : "";
    body.set(name, texts[name]);
  }
  if (words.alike) body.set("alike", "1");
  say("saving", words.saving);
  let answer;
  try {
    answer = await fetch(words.fieldsUrl, { method: "POST", body, headers: headers(), keepalive: true });
  } catch {
    return later();
  }
  if (answer.status >= 500) return later();
  if (answer.status === 401) return logIn();
  if (answer.status === 403) return startAgain();
  failures = 0;
  return answer.ok ? taken(texts, await answer.json()) : refused(names, answer);
}

function headers() {
  return { Accept: "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
}

function later() {
  say("waiting", words.waiting);
  timer = window.setTimeout(send, RETRY[Math.min(failures, RETRY.length - 1)]);
  failures += 1;
  return false;
}

function logIn() {
  say("waiting", words.loggingIn);
  const here = location.pathname + location.search;
  window.setTimeout(() => location.assign(`/account/login/?next=${encodeURIComponent(here)}`), 900);
  return false;
}

// The token is another one since someone signed in again elsewhere: a fresh page has it, and the text comes back.
function startAgain() {
  const last = Number(sessionStorage.getItem("declaration:reloaded") || 0);
  if (Date.now() - last < 20000) return later();
  sessionStorage.setItem("declaration:reloaded", String(Date.now()));
  location.reload();
  return false;
}

async function refused(names, answer) {
  const said = await answer.json().catch(() => ({}));
  if (said.moved) {
    forget(names);
    location.assign(said.moved);
    return true;
  }
  const sentences = (said.violations || []).map((fault) => fault.sentence).join(" ");
  forget(names);
  say("refused", words.refused, sentences);
  return true;
}

function forget(names) {
  for (const name of names) delete kept[name];
  keep();
}

function taken(texts, said) {
  for (const [name, text] of Object.entries(texts)) {
    if (kept[name] && kept[name].text === text) delete kept[name];
    if (said.boxes[name]) show(name, text, said.boxes[name]);
  }
  keep();
  say("saved", words.saved, said.saved);
  document.dispatchEvent(new CustomEvent("declaration:saved"));
  return true;
}

// Showing ---------------------------------------------------------------------------------------------------

function show(name, sent, answer) {
  for (const box of boxes(name)) {
    if (box.value === sent && box !== document.activeElement) box.value = answer.text;
    mark(box, answer);
  }
}

function mark(box, answer) {
  const field = box.closest("[data-field]");
  if (!field) return;
  const wrong = answer.faults.length > 0;
  field.classList.toggle(field.classList.contains("cell") ? "cell--wrong" : "field--wrong", wrong);
  if (wrong) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
  box.title = field.classList.contains("cell") ? answer.faults.join(" ") || answer.meaning : "";
  const faults = field.querySelector("[data-faults]");
  if (faults) {
    faults.textContent = answer.faults.join(" ");
    faults.hidden = !wrong;
  }
  const meaning = field.querySelector("[data-meaning]");
  if (meaning && box.tagName !== "SELECT") {
    meaning.textContent = answer.meaning;
    meaning.hidden = !answer.meaning;
  }
}

// Texts that were typed and not saved: before the session ended, the line dropped or the page was left.
function bringBack() {
  for (const [name, one] of Object.entries(kept)) {
    const [box] = boxes(name);
    if (!box) changed.add(name);
    else if (box.value === one.text) delete kept[name];
    else if (box.value === one.was) {
      box.value = one.text;
      changed.add(name);
    } else offer(box, one.text);
  }
  keep();
  if (changed.size) send();
}

// The box holds something else by now: the person decides.
function offer(box, text) {
  delete kept[box.name];
  const note = document.createElement("p");
  note.className = "notice notice--warn earlier-text";
  const use = document.createElement("button");
  use.type = "button";
  use.className = "button button--small";
  use.textContent = words.useEarlier;
  use.addEventListener("click", () => {
    box.value = text;
    note.remove();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  });
  note.append(`${words.earlier} “${text}” `, use);
  box.after(note);
}

// Rows: the buttons of the form without a new page ------------------------------------------------------------

async function settled() {
  if (!changed.size && !sending) return true;
  return send();
}

async function press(button) {
  if (!(await settled())) return;
  const body = new FormData();
  body.set(button.name, button.value);
  await replaceBy(fetch(form.action || location.href, { method: "POST", body, headers: rowHeaders() }), button);
}

function rowHeaders() {
  return { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
}

async function refresh(address) {
  await replaceBy(fetch(address), null);
}

async function replaceBy(request, button) {
  let answer;
  try {
    answer = await request;
  } catch {
    say("waiting", words.waiting);
    return;
  }
  if (answer.status === 403) return void startAgain();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector("form[data-declaration]")) return void location.assign(answer.url);
  const focus = document.activeElement?.id;
  const adds = button?.value.startsWith("add_") || button?.value.startsWith("copy_");
  for (const old of form.querySelectorAll("[data-rows]")) {
    const fresh = page.querySelector(`[data-rows="${old.dataset.rows}"]`);
    if (fresh) old.replaceWith(document.importNode(fresh, true));
  }
  replace(page, "#outline");
  showMessages(page);
  if (answer.redirected) history.replaceState(null, "", answer.url);
  if (adds) focusLast(button.value);
  else if (focus) document.getElementById(focus)?.focus();
  document.dispatchEvent(new CustomEvent("declaration:saved"));
}

function replace(page, selector) {
  const fresh = page.querySelector(selector);
  const old = document.querySelector(selector);
  if (fresh && old) old.replaceWith(document.importNode(fresh, true));
}

function showMessages(page) {
  document.querySelector(".messages")?.remove();
  const fresh = page.querySelector(".messages");
  if (fresh?.querySelector(".notice--error, .notice--warn")) form.before(document.importNode(fresh, true));
}

function focusLast(verb) {
  const part = verb.startsWith("add_part:") ? verb.slice(9) : verb.includes("document") ? "documents" : "items";
  const row = [...form.querySelectorAll(`[data-rows="${part}"] tbody tr`)].at(-1);
  row?.querySelector("[data-box]")?.focus();
}

// Listening -------------------------------------------------------------------------------------------------

if (form) {
  form.dataset.live = "";
  form.settled = settled;
  form.refresh = refresh;
  form.say = say;

  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-box]")) remember(event.target);
  });
  form.addEventListener("change", (event) => {
    if (!event.target.matches("[data-box]")) return;
    remember(event.target);
    changed.add(event.target.name);
    send();
  });
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-do], button[data-then]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-do]")) return void press(button);
    if (await settled()) location.assign(button.dataset.then);
  });
  // Enter in a box must not press the form's first button.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input[data-box]") && !event.ctrlKey) event.preventDefault();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if ((!changed.size && !sending) || link.origin !== location.origin) return;
    event.preventDefault();
    await Promise.race([settled(), new Promise((done) => window.setTimeout(done, 2500))]);
    location.assign(link.href);
  });
  window.addEventListener("online", () => send());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  bringBack();
}
