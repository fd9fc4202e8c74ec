// The grid of items behaves as a spreadsheet: arrows and Enter move, cells are pasted from one, any number at once.

const form = document.querySelector("form[data-declaration]");
const cells = (row) => [...row.querySelectorAll("[data-box]")];

function neighbour(box, down) {
  const row = box.closest("tr");
  const column = cells(row).indexOf(box);
  const other = down > 0 ? row.nextElementSibling : row.previousElementSibling;
  return other ? cells(other)[column] : null;
}

function beside(box, step) {
  const all = cells(box.closest("table"));
  return all[all.indexOf(box) + step] || null;
}

function go(box) {
  box.focus();
  if (box.select) box.select();
}

function atEdge(box, step) {
  if (box.tagName === "SELECT") return true;
  if (box.type !== "text" && box.type !== "textarea") return false;
  if (box.selectionStart === 0 && box.selectionEnd === box.value.length) return true;
  const place = step > 0 ? box.value.length : 0;
  return box.selectionStart === place && box.selectionEnd === place;
}

// The row below the last one of a page is the first of the next page.
function nextPage(box) {
  const link = form.querySelector(".pager [rel=next]");
  if (!link) return false;
  const [, place, field] = box.id.match(/^items-(\d+)-(\w+)$/);
  box.blur();
  link.hash = `items-${Number(place) + 1}-${field}`;
  link.click();
  return true;
}

function onKey(event) {
  const box = event.target;
  if (!box.matches("[data-grid] [data-box]") || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  let next = null;
  if (event.key === "Enter" || (event.key === "ArrowDown" && box.tagName !== "SELECT")) {
    next = neighbour(box, event.shiftKey ? -1 : 1);
    if (!next && event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      return void (nextPage(box) || form.querySelector("[data-add-item]").click());
    }
  } else if (event.key === "ArrowUp" && box.tagName !== "SELECT") next = neighbour(box, -1);
  else if (event.key === "ArrowRight" && !event.shiftKey && atEdge(box, 1)) next = beside(box, 1);
  else if (event.key === "ArrowLeft" && !event.shiftKey && atEdge(box, -1)) next = beside(box, -1);
  if (!next) return;
  event.preventDefault();
  go(next);
}

async function onPaste(event) {
  const box = event.target;
  if (!box.matches("[data-grid] [data-box]")) return;
  const text = event.clipboardData.getData("text/plain");
  if (!/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  if (!(await form.saving.settled())) return;
  form.saving.say("saving", form.dataset.saving);
  const body = pasted(box, text);
  let answer;
  try {
    answer = await fetch(form.dataset.pasteUrl, { method: "POST", body, headers: form.saving.headers() });
  } catch {
    return void form.saving.say("waiting", form.dataset.waiting);
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok || answer.status === 409) await form.rows.refresh();
  const sentences = (said.violations || []).map((fault) => fault.sentence);
  form.rows.notes([...sentences, ...(said.notes || [])]);
  if (answer.ok) form.saving.say("saved", form.dataset.saved, said.saved);
  else form.saving.say("refused", form.dataset.refused);
}

// The cells, where they begin, and the items as the page shows them: others may have come meanwhile.
function pasted(box, text) {
  const row = box.closest("tr");
  const table = row.closest("table");
  const below = [...table.tBodies[0].rows].slice(row.sectionRowIndex);
  return new URLSearchParams({
    cells: text,
    row: row.dataset.row,
    column: box.name.split(".").pop(),
    was: JSON.stringify(form.rows.basesOf(below)),
    count: table.dataset.count,
  });
}

if (form) {
  form.addEventListener("keydown", onKey);
  form.addEventListener("paste", onPaste);
}
