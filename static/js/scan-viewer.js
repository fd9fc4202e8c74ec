// Scans beside the page: what links with data-scan opens in the pane, page by page, turned and zoomed. Nothing is
// downloaded: pages are pictures that the server has drawn. Two scans (or versions of one) stand side by side.

const pane = document.querySelector("[data-scans]");
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4];
const AGAIN = [400, 700, 1000, 1500, 2000, 3000];
const wide = matchMedia("(min-width: 80rem)");
const CLOSED = "scans-closed";
const part = (name) => pane.querySelector(`[data-${name}]`);
let stages = [];
let chosen = 0; // which of the stages the buttons and keys are for
let back = null; // where the cursor was before the pane was opened as a sheet

const links = () => [...document.querySelectorAll("a[data-scan]")];
const addressOf = (scan, page) => `/files/${scan}/pages/${page}/`;

function scansOf() {
  const found = new Map();
  for (const link of links()) if (!found.has(link.dataset.scan)) found.set(link.dataset.scan, link.dataset);
  return found;
}

// One picture -----------------------------------------------------------------------------------------------

class Stage {
  constructor(element) {
    this.element = element;
    this.picture = element.querySelector("[data-picture]");
    this.said = element.querySelector("[data-said]");
    this.zoom = 1;
    this.turn = 0;
    this.asked = 0;
    element.addEventListener("pointerdown", (event) => this.hold(event));
    element.addEventListener("focusin", () => choose(stages.indexOf(this)));
    element.addEventListener("pointerdown", () => choose(stages.indexOf(this)));
    element.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.scale(event.deltaY < 0 ? 1 : -1);
    }, { passive: false });
    new ResizeObserver(() => this.lay()).observe(element);
  }

  show(data, page = 1) {
    if (this.data?.scan !== data.scan) this.turn = 0;
    this.data = data;
    this.page = Math.min(Math.max(page, 1), Number(data.pages));
    this.load(++this.asked, 0);
  }

  say(text) {
    this.said.textContent = text;
    this.said.hidden = !text;
  }

  async load(asked, tries) {
    const { scan, name } = this.data;
    try {
      const answer = await fetch(addressOf(scan, this.page), { headers: { Accept: "application/json, image/jpeg" } });
      if (asked !== this.asked) return;
      if (answer.status === 200) return void (await this.draw(await answer.blob(), asked, name));
      if (answer.status === 401 || answer.redirected) return void location.reload();
      if (answer.status !== 202) return void this.fail(pane.dataset.gone);
      this.say(pane.dataset.drawing);
    } catch {
      if (asked !== this.asked) return;
      this.say(pane.dataset.away);
    }
    this.picture.hidden = true;
    const wait = AGAIN[Math.min(tries, AGAIN.length - 1)];
    setTimeout(() => asked === this.asked && this.load(asked, tries + 1), wait);
  }

  fail(text) {
    this.picture.hidden = true;
    this.say(text);
  }

  async draw(blob, asked, name) {
    const reader = new FileReader();
    await new Promise((resolve) => {
      reader.onload = resolve;
      reader.readAsDataURL(blob);
    });
    if (asked !== this.asked) return;
    this.picture.src = reader.result;
    await this.picture.decode().catch(() => {});
    if (asked !== this.asked) return;
    this.say("");
    this.picture.alt = `${name}, ${this.page} / ${this.data.pages}`;
    this.picture.hidden = false;
    this.element.scrollTo(0, 0);
    this.lay();
    if (this.page < Number(this.data.pages)) fetch(addressOf(this.data.scan, this.page + 1)).catch(() => {});
  }

  // As wide as the pane at 100 %, turned about its middle.
  lay() {
    if (this.picture.hidden) return;
    const [width, height] = [this.picture.naturalWidth, this.picture.naturalHeight];
    const lies = this.turn % 180 !== 0;
    const room = this.element.clientWidth;
    const scale = (room * this.zoom) / (lies ? height : width);
    const [w, h] = [width * scale, height * scale];
    Object.assign(this.picture.style, {
      width: `${w}px`,
      height: `${h}px`,
      transform: `rotate(${this.turn}deg)`,
      margin: lies ? `${(w - h) / 2}px ${(h - w) / 2}px` : "0 auto",
    });
  }

  scale(step) {
    const place = ZOOMS.findIndex((each) => each >= this.zoom);
    this.zoom = ZOOMS[Math.min(Math.max(place + step, 0), ZOOMS.length - 1)];
    this.lay();
  }

  rotate() {
    this.turn = (this.turn + 90) % 360;
    this.lay();
  }

  go(step) {
    const next = this.page + step;
    if (this.data && next >= 1 && next <= Number(this.data.pages)) this.show(this.data, next);
  }

  hold(event) {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    const from = { x: event.clientX + this.element.scrollLeft, y: event.clientY + this.element.scrollTop };
    const move = (moved) => this.element.scrollTo(from.x - moved.clientX, from.y - moved.clientY);
    const release = () => {
      this.element.classList.remove("is-held");
      removeEventListener("pointermove", move);
    };
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    this.element.classList.add("is-held");
    addEventListener("pointermove", move);
    addEventListener("pointerup", release, { once: true });
  }
}

// The pane --------------------------------------------------------------------------------------------------

function choose(place) {
  chosen = Math.max(place, 0);
  stages.forEach((stage, each) => stage.element.classList.toggle("is-chosen", stages.length > 1 && each === chosen));
  tell();
}

function tell() {
  const { data, page } = stages[chosen];
  const choice = part("scan-choice");
  part("place").value = data ? `${page} / ${data.pages}` : "";
  if (data) choice.value = data.scan;
  const save = part("save");
  save.hidden = !data?.file;
  if (data?.file) save.href = data.file;
  for (const link of links()) {
    link.toggleAttribute("aria-current", false);
    if (stages.some((stage) => stage.data?.scan === link.dataset.scan)) link.setAttribute("aria-current", "true");
  }
}

function fill() {
  const choice = part("scan-choice");
  const options = [...scansOf().values()].map(({ scan, label }) => new Option(label, scan));
  choice.replaceChildren(...options);
}

function frame() {
  document.body.classList.toggle("has-scan", !pane.hidden);
  document.body.classList.toggle("is-beside", !pane.hidden && stages.length === 1);
}

function open(scan, page = 1) {
  const data = scansOf().get(scan);
  if (!data) return;
  if (pane.hidden) {
    back = document.activeElement;
    pane.hidden = false;
    frame();
  }
  fill();
  stages[chosen].show(data, page);
  tell();
  if (!wide.matches) part("stage").focus();
}

function close() {
  if (stages.length > 1) both();
  pane.hidden = true;
  frame();
  for (const link of links()) link.removeAttribute("aria-current");
  back?.focus?.();
}

// A second scan beside the first: the next one of the list, which may be the earlier version of the same paper.
function both() {
  const isOn = stages.length > 1;
  if (isOn) {
    stages.pop().element.remove();
  } else {
    const copy = stages[0].element.cloneNode(true);
    part("stage").after(copy);
    stages.push(new Stage(copy));
    const all = [...scansOf().values()];
    const place = all.findIndex((each) => each.scan === stages[0].data?.scan);
    const other = all[place - 1] ?? all[place + 1];
    if (other) stages[1].show(other);
  }
  frame();
  part("act=both").setAttribute("aria-pressed", String(!isOn));
  choose(isOn ? 0 : 1);
}

const ACTS = {
  back: () => stages[chosen].go(-1),
  on: () => stages[chosen].go(1),
  smaller: () => stages[chosen].scale(-1),
  larger: () => stages[chosen].scale(1),
  turn: () => stages[chosen].rotate(),
  both,
  close() {
    remember(true);
    close();
  },
};
const KEYS = {
  ArrowLeft: "back", ArrowRight: "on", "-": "smaller", "+": "larger", "=": "larger", r: "turn", R: "turn",
  Escape: "close",
};

function remember(isClosed) {
  try {
    if (isClosed) sessionStorage.setItem(CLOSED, location.pathname);
    else sessionStorage.removeItem(CLOSED);
  } catch { /* it opens again */ }
}

function wasClosed() {
  try {
    return sessionStorage.getItem(CLOSED) === location.pathname;
  } catch {
    return false;
  }
}

function begin() {
  stages = [new Stage(part("stage"))];
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-scan]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    remember(false);
    open(link.dataset.scan);
  });
  pane.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    ACTS[button.dataset.act]();
    if (!pane.hidden) tell();
  });
  part("scan-choice").addEventListener("change", (event) => open(event.target.value));
  pane.addEventListener("keydown", (event) => {
    if (event.target.matches("select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    ACTS[act]();
    if (!pane.hidden) tell();
  });
  const [first] = links();
  if (pane.hasAttribute("data-open") && first && wide.matches && !wasClosed()) open(first.dataset.scan);
}

if (pane) begin();
