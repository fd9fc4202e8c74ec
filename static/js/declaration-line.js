// What all scripts of the form share: the line to the server, what is kept on this device, and what is said above.

export const form = document.querySelector("form[data-declaration]");
export const words = form ? form.dataset : {};
export const storeName = `declaration:${words.declaration}:${words.person}`;
export const RETRY = [2000, 4000, 8000, 15000, 30000];
export const MOST_KEPT_ALIVE = 60000;
const BANNER_MS = 8000;
const LINK_WAITS_MS = 2500;

const state = document.querySelector("[data-save-state]");
const savers = []; // { isSettled, settle }: what has to be saved before the page goes

export function read(name, nothing) {
  try {
    return JSON.parse(localStorage.getItem(name)) || nothing;
  } catch {
    return nothing;
  }
}

// Says whether it is kept: a device that keeps nothing still saves over the line.
export function write(name, value) {
  try {
    if (Object.keys(value).length) localStorage.setItem(name, JSON.stringify(value));
    else localStorage.removeItem(name);
    return true;
  } catch {
    return false;
  }
}

// Windows ---------------------------------------------------------------------------------------------------
//
// Each window keeps its own account of what is not saved, under a name that it keeps while it goes from page to page,
// and holds a lock of that name as long as it is there. What a window has left behind the next page takes over.

const OPENING_MS = 1000;
const lockName = (window) => `${storeName}:window:${window}`;
let name = sessionStorage.getItem("declaration:window") ?? newName();

export const windowName = () => name;

function newName() {
  return Math.random().toString(36).slice(2);
}

// A window that was duplicated has the name of the one that it was made of: it takes another one. The page before this
// one may hold the name for a moment longer.
async function claim() {
  if (navigator.locks && !(await locked(name))) {
    name = newName();
    await locked(name);
  }
  sessionStorage.setItem("declaration:window", name);
}

function locked(window) {
  const signal = AbortSignal.timeout(OPENING_MS);
  return new Promise((resolve) => {
    navigator.locks.request(lockName(window), { signal }, () => {
      resolve(true);
      return new Promise(() => {}); // held as long as the page is there
    }).catch(() => resolve(false));
  });
}

// Resolves when no other window works under this one's name.
export const claimed = form ? claim() : Promise.resolve();

// Calls `adopt` with the name of each window that has kept something under one of the names, and is not there any more.
// One script after the other: a name that one of them holds at this moment is that of a window that is there.
let adopting = claimed;
export function adoptOthers(namesOf, adopt) {
  adopting = adopting.then(() => takeOver(namesOf, adopt));
  return adopting;
}

async function takeOver(namesOf, adopt) {
  const starts = namesOf("");
  const windows = Object.keys(localStorage).flatMap((key) =>
    starts.filter((start) => key.startsWith(start)).map((start) => key.slice(start.length)));
  for (const window of new Set(windows)) {
    if (window === name) continue;
    if (!navigator.locks) adopt(window);
    else await navigator.locks.request(lockName(window), { ifAvailable: true }, (lock) => lock && adopt(window));
  }
}

export function say(kind, text, extra = "") {
  if (!state) return;
  state.dataset.state = kind;
  state.textContent = extra ? `${text} ${extra}` : text;
}

export function headers() {
  return { Accept: "application/json", "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
}

export function logIn() {
  say("waiting", words.loggingIn);
  const here = location.pathname + location.search;
  window.setTimeout(() => location.assign(`/account/login/?next=${encodeURIComponent(here)}`), 900);
  return false;
}

// The token is another one since someone signed in again elsewhere: a fresh page has it, and the text comes back.
export function startAgain(later) {
  const last = Number(sessionStorage.getItem("declaration:reloaded") || 0);
  if (Date.now() - last < 20000) return later();
  sessionStorage.setItem("declaration:reloaded", String(Date.now()));
  location.reload();
  return false;
}

// It is no draft any more. What was typed cannot be saved: it is shown once more before the page goes.
export function moved(address, texts, forget) {
  const go = () => {
    forget();
    location.assign(address);
  };
  if (!texts.length) go();
  const note = element("div", "notice notice--warn conflict");
  note.setAttribute("role", "alert");
  note.append(line(words.lodged, texts.map((text) => `“${text}”`).join(", ")), button(words.open, go));
  form.before(note);
  say("refused", words.refused);
}

// It is not there any more for this person: the draft was deleted, or the right to it has ended. What was typed stays
// on this device and is shown, and nothing is sent again and again.
export function ended(texts) {
  say("refused", words.refused, words.gone);
  if (document.querySelector("[data-ended]")) return false;
  const note = element("div", "notice notice--warn conflict");
  note.dataset.ended = "";
  note.setAttribute("role", "alert");
  note.append(line(words.gone, texts.filter(Boolean).map((text) => `“${text}”`).join(", ")));
  form.before(note);
  return false;
}

export function element(name, className) {
  const one = document.createElement(name);
  one.className = className;
  return one;
}

export function line(label, text) {
  const one = element("p", "");
  const said = document.createElement("strong");
  said.textContent = text;
  one.append(`${label} `, said);
  return one;
}

export function button(text, press) {
  const one = element("button", "button button--small");
  one.type = "button";
  one.textContent = text;
  one.addEventListener("click", press);
  return one;
}

// Leaving ---------------------------------------------------------------------------------------------------

export function waitFor(saver) {
  savers.push(saver);
}

async function allSettled() {
  const done = await Promise.all(savers.map((saver) => saver.settle()));
  return done.every(Boolean);
}

// "Saved." of the page before is said by the line above the form from now on.
function forgetBanner() {
  for (const banner of document.querySelectorAll(".messages .notice--good")) banner.remove();
}

if (form) {
  form.dataset.live = "";
  document.addEventListener("declaration:saved", forgetBanner);
  window.setTimeout(forgetBanner, BANNER_MS);
  form.addEventListener("click", async (event) => {
    const pressed = event.target.closest("button[data-then]");
    if (!pressed) return;
    event.preventDefault();
    if (await allSettled()) location.assign(pressed.dataset.then);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
    if (savers.every((saver) => saver.isSettled()) || link.origin !== location.origin) return;
    event.preventDefault();
    await Promise.race([allSettled(), new Promise((done) => window.setTimeout(done, LINK_WAITS_MS))]);
    location.assign(link.href);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
