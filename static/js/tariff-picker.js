// Suggests goods under a field that takes a commodity code, and writes the chosen code into it.
// Fields: <div class="picker"><input data-pick data-suggest="/tariff/suggest/"><div class="picker__list" hidden></div></div>

const waiting = new WeakMap();

function listOf(input) {
  return input.closest(".picker").querySelector(".picker__list");
}

function close(input) {
  const list = listOf(input);
  list.hidden = true;
  list.replaceChildren();
}

async function suggest(input) {
  const question = input.value.trim();
  if (question.length < 2 || /^\d{10,}$/.test(question.replace(/[\s.-]/g, ""))) {
    close(input);
    return;
  }
  waiting.get(input)?.abort();
  const abort = new AbortController();
  waiting.set(input, abort);
  try {
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(question)}`, { signal: abort.signal });
    if (!answer.ok || document.activeElement !== input) return;
    const list = listOf(input);
    list.innerHTML = await answer.text();
    list.hidden = list.querySelector("button") === null;
  } catch (error) {
    if (error.name !== "AbortError") close(input);
  }
}

const timers = new WeakMap();
document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches("[data-pick]") || event.detail === "picked") return;
  clearTimeout(timers.get(input));
  timers.set(input, setTimeout(() => suggest(input), 220));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(".picker__list button[data-code]");
  if (button) {
    const input = button.closest(".picker").querySelector("[data-pick]");
    input.value = button.dataset.code;
    close(input);
    input.focus();
    input.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "picked" }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return;
  }
  for (const input of document.querySelectorAll("[data-pick]")) {
    if (!input.closest(".picker").contains(event.target)) close(input);
  }
});

document.addEventListener("keydown", (event) => {
  const picker = event.target.closest?.(".picker");
  if (!picker) return;
  const input = picker.querySelector("[data-pick]");
  const buttons = [...picker.querySelectorAll("button[data-code]")];
  const place = buttons.indexOf(document.activeElement);
  if (event.key === "Escape") {
    close(input);
    input.focus();
  } else if (event.key === "ArrowDown" && buttons.length) {
    event.preventDefault();
    buttons[Math.min(place + 1, buttons.length - 1)].focus();
  } else if (event.key === "ArrowUp" && place >= 0) {
    event.preventDefault();
    (place === 0 ? input : buttons[place - 1]).focus();
  }
});
