// A kiosk begins anew when nobody touches it: first it asks, then what was open is closed. Nothing is kept here.

const ASK_AFTER = 100_000;
const CLOSE_AFTER = 120_000;
const { start } = document.querySelector("script[data-start]").dataset;
const asking = document.querySelector("[data-idle]");
let timers = [];

function begin() {
  timers.forEach(clearTimeout);
  if (asking) asking.hidden = true;
  if (location.pathname === start) return;
  timers = [
    setTimeout(() => {
      if (asking) asking.hidden = false;
    }, ASK_AFTER),
    setTimeout(() => location.replace(start), CLOSE_AFTER),
  ];
}

// What this browser kept before it became a kiosk goes.
async function forget() {
  for (const each of await navigator.serviceWorker?.getRegistrations() ?? []) await each.unregister();
  if (globalThis.caches) await caches.delete("travel-pages");
  for (const name of Object.keys(localStorage)) if (name.startsWith("travel")) localStorage.removeItem(name);
  globalThis.indexedDB?.deleteDatabase("travel");
}

forget();
document.querySelector("form[data-ask]")?.addEventListener("change", (event) => event.currentTarget.requestSubmit());
for (const form of document.forms) form.autocomplete = "off";
for (const name of ["pointerdown", "keydown", "scroll", "input"]) addEventListener(name, begin, { passive: true });
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
  begin();
});
