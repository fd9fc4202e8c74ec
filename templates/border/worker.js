// Keeps the files of the officer's pages, and for some hours the pages that were seen, for when there is no line.
// Pages are thrown away when the portal asks to sign in, and when another officer signs in.

const FILES = "border-files-{{ version }}";
const PAGES = "border-pages";
const OWN = [{% for file in files %}"{{ file }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const WHO = "/travellers/officer";
const WAIT = 5000;
const HOURS = 4;
const MOST = 60;
const KEPT = "X-Kept-At";

async function tidy() {
  for (const name of await caches.keys()) {
    if (name.startsWith("border-files-") && name !== FILES) await caches.delete(name);
  }
  await clients.claim();
}

async function keepPage(request, page) {
  const cache = await caches.open(PAGES);
  const headers = new Headers(page.headers);
  headers.set(KEPT, String(Date.now()));
  headers.delete("Content-Encoding");
  await cache.put(request.url, new Response(await page.blob(), { status: 200, headers }));
  const keys = await cache.keys();
  const most = keys.filter((key) => new URL(key.url).pathname !== WHO);
  for (const key of most.slice(0, Math.max(0, most.length - MOST))) await cache.delete(key);
}

async function keptPage(request) {
  const kept = await (await caches.open(PAGES)).match(request.url, { ignoreVary: true });
  const at = Number(kept?.headers.get(KEPT) ?? 0);
  if (!kept || Date.now() - at > HOURS * 3600 * 1000) return null;
  const text = (await kept.text()).replace("<body", `<body data-kept-at="${at}"`);
  return new Response(text, { status: 200, headers: kept.headers });
}

async function page(event) {
  const { request } = event;
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(WAIT) });
    // To the page where one signs in: whoever was signed in is so no longer.
    if (answer.type === "opaqueredirect" || answer.redirected) {
      const where = answer.redirected ? new URL(answer.url).pathname : "";
      if (where.startsWith("/account/")) event.waitUntil(caches.delete(PAGES));
    } else if (answer.ok && isPage(answer)) {
      event.waitUntil(keepPage(request, answer.clone()));
    }
    return answer;
  } catch (error) {
    const kept = await keptPage(request);
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function hear({ data, ports }) {
  const before = await (await caches.open(PAGES)).match(WHO);
  if (before && (await before.text()) !== String(data.officer)) await caches.delete(PAGES);
  await (await caches.open(PAGES)).put(WHO, new Response(String(data.officer)));
  if (data.page) {
    const answer = await fetch(data.page, { redirect: "manual" }).catch(() => null);
    if (answer?.ok && isPage(answer)) await keepPage(new Request(data.page), answer);
  }
  ports[0]?.postMessage("heard");
}

function isPage(answer) {
  return (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
}

self.addEventListener("install", (event) => event.waitUntil(
  caches.open(FILES).then((cache) => cache.addAll(OWN)).then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.waitUntil(hear(event)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith("/travellers/")) event.respondWith(page(event));
  else if (/\.(css|js|svg)$/.test(pathname) && pathname.includes("/static/")) event.respondWith(file(request));
});
