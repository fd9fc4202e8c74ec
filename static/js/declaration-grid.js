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
  if (box.type !== "text") return false;
  if (box.selectionStart === 0 && box.selectionEnd === box.value.length) return true;
  const place = step > 0 ? box.value.length : 0;
  return box.selectionStart === place && box.selectionEnd === place;
}

function onKey(event) {
  const box = event.target;
  if (!box.matches("[data-grid] [data-box]") || event.ctrlKey || event.altKey || event.metaKey) return;
  let next = null;
  if (event.key === "Enter" || (event.key === "ArrowDown" && box.tagName !== "SELECT")) {
    next = neighbour(box, event.shiftKey ? -1 : 1);
    if (!next && event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      box.dispatchEvent(new Event("change", { bubbles: true }));
      return void form.querySelector("[data-add-item]").click();
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
  if (!(await form.settled())) return;
  const place = Number(box.closest("tr").dataset.place);
  const body = new URLSearchParams({ cells: text, place: String(place), column: box.name.split(".").pop() });
  form.say("saving", form.dataset.saving);
  let answer;
  try {
    answer = await fetch(form.dataset.pasteUrl, {
      method: "POST",
      body,
      headers: {
        Accept: "application/json",
        "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
      },
    });
  } catch {
    return void form.say("waiting", form.dataset.waiting);
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    const sentences = (said.violations || []).map((fault) => fault.sentence).join(" ");
    return void form.say("refused", form.dataset.refused, sentences);
  }
  await form.refresh(location.href);
  form.say("saved", form.dataset.saved, said.saved);
}

if (form) {
  form.addEventListener("keydown", onKey);
  form.addEventListener("paste", onPaste);
}
