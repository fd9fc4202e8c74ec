// Keeps the page that checks receipts, and its files, for when there is no line. Keys and lists are kept by the page.

const NAME = "travel-check-{{ version }}";
const PAGE = "{% url 'travel_check' %}";
const MODULES = [{% for module in modules %}"{{ module }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const WAIT = 4000;

// The files that the page itself names: styles, scripts, pictures of its own address.
async function filesOf(page) {
  const text = await page.text();
  return Array.from(text.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg))"/g), (found) => found[1]);
}

async function keepAll() {
  const cache = await caches.open(NAME);
  const page = await fetch(PAGE, { cache: "no-cache" });
  if (!page.ok) throw new Error(page.statusText);
  await cache.put(PAGE, page.clone());
  await cache.addAll([...new Set([...(await filesOf(page)), ...MODULES])]);
}

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("travel-check-") && name !== NAME) await caches.delete(name);
  }
  await clients.claim();
}

// The page as the portal has it now; as it was kept when there is no line, or a bad one.
async function newestPage(request) {
  const cache = await caches.open(NAME);
  try {
    const page = await fetch(request, { signal: AbortSignal.timeout(WAIT) });
    if (page.ok) await cache.put(PAGE, page.clone());
    return page;
  } catch (error) {
    const kept = await cache.match(PAGE);
    if (kept) return kept;
    throw error;
  }
}

async function keptFile(request) {
  return (await (await caches.open(NAME)).match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(newestPage(request));
  else if (/\.(css|js|svg)$/.test(pathname)) event.respondWith(keptFile(request));
});
