// Keys for experts: Alt+1…9 goes to a section, Ctrl+Enter adds an item, Alt+I opens the item one is in, ? shows the
// help. And a form that must not be sent twice is sent once.

const form = document.querySelector("form[data-declaration]");

function typing(target) {
  return target.matches("input, select, textarea, [contenteditable]");
}

function leaveBox() {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

function toSection(number) {
  const link = document.querySelector(`[data-section="${number}"]`);
  if (!link) return false;
  leaveBox();
  link.click();
  return true;
}

function addItem() {
  const button = document.querySelector("[data-add-item]");
  if (!button) return toSection(document.querySelector(".outline a[href$='/items/']")?.dataset.section);
  button.click();
  return true;
}

function openItem(target) {
  const link = target.closest("[data-row]")?.querySelector("th a, .grid-number a");
  if (!link) return false;
  leaveBox();
  link.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  let done = false;
  if (event.altKey && !event.ctrlKey && /^Digit[1-9]$/.test(event.code)) done = toSection(event.code.slice(5));
  else if (event.ctrlKey && event.key === "Enter" && form) done = addItem();
  else if (event.altKey && event.code === "KeyI" && form) done = openItem(event.target);
  else if (event.key === "?" && !typing(event.target)) {
    document.getElementById("keys")?.togglePopover();
    done = true;
  }
  if (done) event.preventDefault();
});

for (const once of document.querySelectorAll("form[data-once]")) {
  once.addEventListener("submit", (event) => {
    if (once.dataset.sent) return void event.preventDefault();
    once.dataset.sent = "1";
    for (const button of once.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
}
window.addEventListener("pageshow", () => {
  for (const once of document.querySelectorAll("form[data-once]")) {
    delete once.dataset.sent;
    for (const button of once.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

// A link to a box brings the cursor into it, and unfolds what hides it.
function toBox() {
  const box = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!box) return;
  box.closest("details")?.setAttribute("open", "");
  if (typing(box)) box.focus();
}

// On a phone the outline is a strip: the section one is in stays in sight.
function showCurrent() {
  const strip = document.querySelector(".outline");
  const link = strip?.querySelector("[aria-current]");
  if (link) strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2;
}
document.addEventListener("htmx:oobAfterSwap", showCurrent);
document.addEventListener("declaration:saved", showCurrent);
showCurrent();
window.addEventListener("hashchange", toBox);
toBox();
