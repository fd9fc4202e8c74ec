// The traveller's form without a line: pages as they were last seen, else the shell with every question. What could not
// be sent is kept by the page (travel-line.js); here a lost sending leads on to the next question.

const FILES_KEPT = "travel-form-{{ version }}";
const PAGES_KEPT = "travel-pages";
const SHELL = "{% url 'travel_shell' %}";
const START = "{% url 'travel' %}";
const FILES = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const OURS = /^\/travel\/(?!check\/|worker\.js)/;
const WAIT = 12_000;
const WAIT_FOR_FILES = 120_000;
const MOST_PAGES = 60;
const DAY = 24 * 60 * 60 * 1000;

async function keepShell() {
  const shell = await fetch(SHELL, { cache: "no-cache" });
  if (shell.ok) await (await caches.open(FILES_KEPT)).put(SHELL, shell);
}

async function keepAll() {
  await (await caches.open(FILES_KEPT)).addAll(FILES);
  await keepShell();
  const start = await fetch(START);
  if (start.ok) await keepPage(new URL(START, location.origin).href, start);
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("travel-form-") && name !== FILES_KEPT) await caches.delete(name);
  }
  await clients.claim();
}

function bare(address) {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

// The shell is asked for again when the reader's language has changed, and once a day.
async function renewShell(page) {
  const shell = await caches.match(SHELL);
  const isOld = !shell || Date.now() - Date.parse(shell.headers.get("date")) > DAY;
  const language = page.headers.get("content-language");
  if (isOld || (language && language !== shell.headers.get("content-language"))) await keepShell();
}

async function keepPage(address, page) {
  const cache = await caches.open(PAGES_KEPT);
  await cache.delete(address);
  await cache.put(address, page);
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_PAGES)).map((each) => cache.delete(each)));
}

async function tellOfNoLine(id) {
  (await clients.get(id))?.postMessage({ line: false });
}

async function withoutLine(event) {
  event.waitUntil(tellOfNoLine(event.resultingClientId));
  return (await caches.match(bare(event.request.url))) ?? (await caches.match(SHELL)) ?? Response.error();
}

async function shown(event) {
  const { request } = event;
  try {
    const page = await fetch(request, { signal: AbortSignal.timeout(WAIT) });
    const isPage = /text\/html|application\/pdf/.test(page.headers.get("content-type") ?? "");
    if (page.ok && isPage && !page.redirected) {
      const [copy, again] = [page.clone(), page.clone()];
      event.waitUntil(keepPage(bare(request.url), copy).then(() => renewShell(again)).catch(() => null));
    }
    return page;
  } catch {
    return withoutLine(event);
  }
}

async function sent(event) {
  const { request } = event;
  const copy = request.clone();
  const hasFiles = (request.headers.get("content-type") ?? "").startsWith("multipart/");
  try {
    return await fetch(request, { signal: AbortSignal.timeout(hasFiles ? WAIT_FOR_FILES : WAIT) });
  } catch {
    const form = await copy.formData().catch(() => null);
    const next = form?.get("phones-next");
    if (!next) return (await caches.match(SHELL)) ?? Response.error();
    const address = new URL(next, location.origin);
    address.searchParams.set("kept", "1");
    return Response.redirect(address.href, 303);
  }
}

async function keptFile(request) {
  return (await (await caches.open(FILES_KEPT)).match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode !== "navigate") {
    if (request.method === "GET" && FILES.includes(pathname)) event.respondWith(keptFile(request));
  } else if (OURS.test(pathname)) {
    event.respondWith(request.method === "POST" ? sent(event) : shown(event));
  }
});
