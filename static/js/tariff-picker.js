// Suggests goods under a field as one types. Arrows move, Enter takes, Escape closes; Tab and Enter on nothing go on.
// A suggestion with data-code is written into the field, one with data-url is opened.
// Fields: <div class="picker"><input data-pick data-suggest="/tariff/suggest/"><div class="picker__list" hidden></div></div>

const DELAY = 180;
const LONGEST = 200; // signs of a question that the search reads
const waiting = new WeakMap();
const timers = new WeakMap();
let serial = 0;

const status = document.createElement("div");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.body.append(status);

const isField = (target) => target instanceof HTMLInputElement && target.matches("[data-pick]");
const listOf = (input) => input.closest(".picker").querySelector(".picker__list");
const optionsOf = (input) => [...listOf(input).querySelectorAll("[role=option]")];
const chosenOf = (input) => listOf(input).querySelector("[aria-selected=true]");

function prepare(input) {
  if (input.getAttribute("role") === "combobox") return;
  serial += 1;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", `suggestions-${serial}`);
}

function close(input) {
  if (input.getAttribute("role") !== "combobox") return;
  clearTimeout(timers.get(input));
  waiting.get(input)?.abort();
  const list = listOf(input);
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function show(input, answer) {
  const list = listOf(input);
  const parts = new DOMParser().parseFromString(answer, "text/html").body;
  const name = input.getAttribute("aria-controls");
  const said = parts.querySelector("[data-status]");
  parts.querySelector("[role=listbox]")?.setAttribute("id", name);
  [...parts.querySelectorAll("[role=option]")].forEach((option, place) => {
    option.id = `${name}-${place}`;
  });
  list.replaceChildren(...parts.childNodes);
  list.hidden = optionsOf(input).length === 0;
  status.textContent = said?.textContent ?? "";
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
}

async function suggest(input) {
  const question = input.value.trim().slice(0, LONGEST);
  const isWholeCode = /^\d{10,}$/.test(question.replace(/[\s.-]/g, ""));
  if (question.length < 2 || (isWholeCode && !input.dataset.suggest.includes("browse"))) return close(input);
  waiting.get(input)?.abort();
  const abort = new AbortController();
  waiting.set(input, abort);
  try {
    const address = new URL(input.dataset.suggest, window.location.href);
    address.searchParams.set("q", question);
    const answer = await fetch(address, { signal: abort.signal });
    if (!answer.ok) return close(input);
    const text = await answer.text();
    if (document.activeElement === input && !abort.signal.aborted) show(input, text);
  } catch (error) {
    if (error.name !== "AbortError") close(input);
  }
}

function move(input, step) {
  const options = optionsOf(input);
  const before = options.indexOf(chosenOf(input));
  const place = before < 0 && step < 0 ? options.length - 1 : (before + step + options.length) % options.length;
  options[before]?.setAttribute("aria-selected", "false");
  options[place].setAttribute("aria-selected", "true");
  options[place].scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", options[place].id);
}

function take(input, option) {
  if (option.dataset.url) {
    window.location.assign(option.dataset.url);
    return;
  }
  input.value = option.dataset.code;
  close(input);
  input.focus();
  input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "picked" }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("focusin", (event) => {
  if (isField(event.target)) prepare(event.target);
});

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!isField(input) || event.detail === "picked") return;
  prepare(input);
  clearTimeout(timers.get(input));
  timers.set(input, setTimeout(() => suggest(input), DELAY));
});

// The list is taken from before the field loses the focus, so that a click does not close it first.
document.addEventListener("pointerdown", (event) => {
  const option = event.target.closest?.(".picker__list [role=option]");
  if (option) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const option = event.target.closest?.(".picker__list [role=option]");
  if (option) return take(option.closest(".picker").querySelector("[data-pick]"), option);
  for (const input of document.querySelectorAll("[data-pick]")) {
    if (!input.closest(".picker").contains(event.target)) close(input);
  }
});

document.addEventListener("focusout", (event) => {
  if (isField(event.target)) close(event.target);
});

document.addEventListener("submit", (event) => {
  for (const input of event.target.querySelectorAll("[data-pick]")) close(input);
});

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!isField(input) || event.isComposing) return;
  const isOpen = !listOf(input).hidden;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen) move(input, event.key === "ArrowDown" ? 1 : -1);
    else suggest(input);
  } else if (event.key === "Enter" && isOpen && chosenOf(input)) {
    event.preventDefault();
    take(input, chosenOf(input));
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    close(input);
  } else if (event.key === "Enter" || event.key === "Tab") {
    close(input);
  }
});
