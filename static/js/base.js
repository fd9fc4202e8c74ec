// What every page shares: the CSRF header for htmx, copy buttons, the light/dark switch without a reload,
// and filters that submit when they change.

export function csrfToken() {
  const field = document.querySelector("input[name=csrfmiddlewaretoken]");
  return field ? field.value : "";
}

// On a phone the links of the header are one row: the present one is brought into sight.
const links = document.querySelector(".site-nav ul");
const present = links?.querySelector("[aria-current]");
if (present && links.scrollWidth > links.clientWidth) {
  links.scrollLeft = present.offsetLeft - (links.clientWidth - present.offsetWidth) / 2;
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  }
});

// An answer never takes away a box that says more than the request did: the change that made the difference has sent
// another request, whose answer is worked in instead. What one is in stays, unless its id lets htmx put one back there.
let sent = null;
const saysMore = (box) => sent?.has(box.name) && !sent.getAll(box.name).includes(box.value);
document.addEventListener("htmx:beforeSwap", (event) => {
  sent = event.detail.requestConfig?.formData ?? null;
});
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target } = event.detail;
  const boxes = target.querySelectorAll("input:not([type=checkbox], [type=radio]), select, textarea");
  const isLost = target.contains(document.activeElement) && !document.activeElement.id;
  if (isLost || [...boxes].some(saysMore)) event.detail.shouldSwap = false;
});

// A form that its answer will replace takes no more keys: what they wrote would be lost.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  if (elt.tagName === "FORM" && target.contains(elt)) elt.inert = true;
});
document.addEventListener("htmx:afterRequest", (event) => {
  event.detail.elt.inert = false;
});

// A 422 answer is a page part with its faults marked: show it.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

// The session ended: go to the login page and come back here afterwards.
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) {
    const here = window.location.pathname + window.location.search;
    window.location.assign(`/account/login/?next=${encodeURIComponent(here)}`);
  }
});

async function copy(element) {
  await navigator.clipboard.writeText(element.dataset.copy || element.textContent.trim());
  element.classList.add("copy--done");
  window.setTimeout(() => element.classList.remove("copy--done"), 1600);
}

function makeCopyable(root) {
  for (const element of root.querySelectorAll("[data-copy]:not([role])")) {
    element.setAttribute("role", "button");
    element.setAttribute("tabindex", "0");
  }
}

document.addEventListener("click", (event) => {
  const element = event.target.closest("[data-copy]");
  if (element) copy(element);
});
document.addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && event.target.matches("[data-copy]")) {
    event.preventDefault();
    copy(event.target);
  }
});
makeCopyable(document);
document.addEventListener("htmx:load", (event) => makeCopyable(event.detail.elt));

// The further desks fold up again when the reader goes on elsewhere.
const more = document.querySelector(".nav-more");
if (more) {
  document.addEventListener("click", (event) => more.contains(event.target) || more.removeAttribute("open"));
  more.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.removeAttribute("open");
    more.querySelector("summary").focus();
  });
}

const themeSwitch = document.querySelector("[data-theme-switch]");
if (themeSwitch) {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  themeSwitch.value = dark() ? "light" : "dark";
  themeSwitch.form.addEventListener("submit", (event) => {
    event.preventDefault();
    root.dataset.theme = themeSwitch.value;
    document.cookie = `theme=${themeSwitch.value}; path=/; max-age=31536000; samesite=lax`;
    themeSwitch.value = dark() ? "light" : "dark";
  });
}

// A form of filters submits at once when one of them changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// A table wider than the screen scrolls in its frame: let the keyboard reach the frame.
function reachWideTables(root) {
  for (const frame of root.querySelectorAll(".table-scroll:not([tabindex])")) {
    if (frame.scrollWidth > frame.clientWidth) frame.setAttribute("tabindex", "0");
  }
}
reachWideTables(document);
window.addEventListener("resize", () => reachWideTables(document));
document.addEventListener("htmx:load", (event) => reachWideTables(event.detail.elt));
document.addEventListener("toggle", (event) => reachWideTables(event.target), true);
