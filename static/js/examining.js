// An examination on a poor line: what is typed is kept on the device until the server has it, and sent again under the
// same key. A signature is drawn in a field.

const WAIT = 20_000;
const formsHere = () => [...document.querySelectorAll("form[data-keep]")];
const nameOf = (form) => `kept:${form.dataset.keep}`;
const reader = () => document.querySelector("[data-line]")?.dataset.by;
const fileOf = (form) => `${new URL(form.action).pathname.split("/").slice(0, 3).join("/")}/`;
const beside = new Set(["csrfmiddlewaretoken"]);
const waits = new Set();

function keep(form, isWaiting = false) {
  const fields = [...new FormData(form)].filter(([name, value]) => !beside.has(name) && typeof value === "string");
  try {
    localStorage.setItem(nameOf(form), JSON.stringify({ fields, isWaiting, by: reader() }));
  } catch { /* no room: it is in the form still */ }
}

function forget(form) {
  localStorage.removeItem(nameOf(form));
}

// What was typed before the page was lost comes back, with its key; whether the reader sent it and it did not arrive.
function restore(form) {
  const kept = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null");
  if (!kept) return false;
  for (const [name, value] of kept.fields ?? kept) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field) field.value = value;
  }
  form.closest("details")?.setAttribute("open", "");
  return kept.isWaiting === true && kept.by === reader();
}

function tell(isCut) {
  const line = document.querySelector("[data-line]");
  if (!line) return;
  line.hidden = !isCut;
  line.textContent = isCut ? line.dataset.kept : "";
  if (isCut) line.scrollIntoView({ block: "nearest" });
}

function wait(form) {
  keep(form, true);
  waits.add(form);
  tell(true);
}

// The page of the file as it is now. A page that answered a form is left: to load it again would send that form again.
function show(file) {
  file.hash = "examinations";
  if (file.pathname !== window.location.pathname) {
    window.location.assign(file);
    return;
  }
  window.location.hash = file.hash;
  window.location.reload();
}

async function send(form) {
  keep(form, true);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body: new FormData(form), signal: AbortSignal.timeout(WAIT) });
  } catch {
    wait(form);
    return;
  }
  if (answer.status >= 500) {
    wait(form);
    return;
  }
  if (answer.redirected && new URL(answer.url).pathname !== fileOf(form)) {
    window.location.assign(`/account/login/?next=${encodeURIComponent(fileOf(form))}`);
    return; // the session has ended: it waits, and is sent after signing in
  }
  if (answer.status === 403) {
    keep(form);
    window.location.assign(fileOf(form));
    return; // another sign-in has changed the token of the page: the page anew, with what was typed
  }
  waits.delete(form);
  if (answer.ok) forget(form);
  else keep(form);
  if (answer.redirected) {
    show(new URL(answer.url));
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("main").replaceWith(page.querySelector("main"));
  document.querySelector("main [role=alert]")?.scrollIntoView({ block: "center" });
  // The refused form comes back with what was typed; what was typed into the others is on this device.
  const here = formsHere();
  here.filter((each) => each.dataset.keep !== form.dataset.keep).forEach(restore);
  begin(here);
  if (waits.size) tell(true);
}

function begin(all) {
  for (const form of all) {
    form.addEventListener("input", () => keep(form, waits.has(form)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
  for (const form of all) beginSigning(form);
}

function beginSigning(form) {
  const place = form.querySelector("[data-sign]");
  if (!place) return;
  const canvas = place.querySelector("canvas");
  const pen = canvas.getContext("2d");
  const drawing = form.querySelector("input[name$=drawing]");
  const signed = form.querySelector("select[name$=signed]");
  const wipe = () => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    drawing.value = "";
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const [across, down] = [canvas.width / box.width, canvas.height / box.height];
    return [(event.clientX - box.left) * across, (event.clientY - box.top) * down];
  };
  const follow = () => {
    place.hidden = signed.value !== "drawn";
  };
  wipe();
  follow();
  signed.addEventListener("change", follow);
  place.querySelector("button").addEventListener("click", wipe);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.lineWidth = 3;
    pen.lineCap = "round";
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...at(event));
    pen.stroke();
    drawing.value = "drawn";
  });
  canvas.addEventListener("pointerup", () => {
    if (drawing.value) drawing.value = canvas.toDataURL("image/png");
  });
}

async function sendAll() {
  for (const form of [...waits]) await send(form);
}

const forms = formsHere();
forms.filter(restore).forEach((form) => waits.add(form));
begin(forms);
addEventListener("online", sendAll);
sendAll();
