// One letter is a key on the officer's desk: in the queue a row is chosen, claimed, opened; in a file it is decided.
// Keys are told by their place, so that they are the same on a Cyrillic layout. An officer may switch them off.

const desk = document.querySelector("[data-desk-keys]");
const rows = [...document.querySelectorAll("[data-row]")];
const more = document.querySelector("#queue-more");
let chosen = -1;

const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const MOVES = new Set(["ArrowDown", "ArrowUp"]);

// The chosen row's link has the focus; what its cells have no room for is written out below the table.
function choose(place) {
  if (!rows.length) return;
  rows[chosen]?.classList.remove("is-chosen");
  chosen = Math.min(Math.max(place, 0), rows.length - 1);
  const row = rows[chosen];
  row.classList.add("is-chosen");
  const link = row.querySelector("a");
  link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  const texts = [...row.querySelectorAll("td[title]")].map((cell) => cell.title).filter(Boolean);
  if (more) more.textContent = [link.textContent, ...texts].join(" · ");
}

for (const [place, row] of rows.entries()) {
  row.addEventListener("focusin", () => {
    if (place !== chosen) choose(place);
  });
}

function claim(row) {
  const form = document.querySelector("#claim-chosen");
  form.action = row.dataset.claim;
  form.requestSubmit();
}

const ofQueue = {
  ArrowDown: () => choose(chosen + 1),
  ArrowUp: () => choose(chosen - 1),
  KeyC: () => rows[chosen] && !rows[chosen].dataset.held && claim(rows[chosen]),
  KeyO: () => rows[chosen]?.querySelector("a").click(),
  KeyR: () => {
    const row = rows[chosen];
    if (row) window.location.assign(`${row.querySelector("a").href}#decide`);
  },
};

document.addEventListener("keydown", (event) => {
  if (!desk || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.repeat && !MOVES.has(event.code)) return;
  if (event.target.closest(TYPED) || document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`[data-key="${event.code}"]:not([disabled])`);
  const act = rows.length ? ofQueue[event.code] : null;
  if (!button && !act) return;
  event.preventDefault();
  if (button) button.click();
  else act();
});
