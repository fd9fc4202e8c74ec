// Keeps a copy of what is typed on the phone until the server has it, and says so. Pages work without it.

const form = document.querySelector("form[data-draft]");
const said = document.querySelector("[data-saved]");
const PREFIX = "travel:";

function fieldsOf(of) {
  return [...of.elements].filter((each) => each.name && !["file", "hidden", "submit"].includes(each.type));
}

function copyOf(of) {
  return fieldsOf(of).map((each) => [each.name, each.value, each.type === "checkbox" || each.type === "radio"
    ? each.checked : null]);
}

function say(text) {
  if (said && said.textContent !== text) said.textContent = text;
}

function restore(of, copy) {
  for (const [name, value, checked] of copy) {
    for (const each of fieldsOf(of).filter((one) => one.name === name)) {
      if (checked === null) each.value = value;
      else if (each.value === value) each.checked = checked;
    }
  }
}

function keep(name, of) {
  try {
    localStorage.setItem(name, JSON.stringify(copyOf(of)));
    say(said?.dataset.text ?? "");
  } catch { /* no room, or not allowed: the server keeps it at each step */ }
}

if (form) {
  const name = PREFIX + form.dataset.draft;
  const kept = localStorage.getItem(name);
  if (kept) {
    restore(form, JSON.parse(kept));
    say(said?.dataset.text ?? "");
  }
  form.addEventListener("input", () => keep(name, form));
  form.addEventListener("submit", (event) => {
    if (navigator.onLine === false) {
      event.preventDefault();
      keep(name, form);
      addEventListener("online", () => form.requestSubmit(event.submitter), { once: true });
      return;
    }
    // The copy goes when the next page has come: then the server has what was typed.
    sessionStorage.setItem("travel-sent", name);
  });
}

const sent = sessionStorage.getItem("travel-sent");
if (sent && (!form || PREFIX + form.dataset.draft !== sent || !document.querySelector(".error"))) {
  localStorage.removeItem(sent);
  sessionStorage.removeItem("travel-sent");
}

const again = document.querySelector("form[data-again]");
if (again) setTimeout(() => location.reload(), Number(again.dataset.again) * 1000);
