// The picker of a condition's value follows its field and its comparison: combobox.js suggests what fits there.
//
//   data-pickers (JSON) of the form says for each field which list, search or address suggests values; data-lists-url
//   suggests lists by name. Without a script a value is typed as plain text.

const ROW = "[data-condition]";
const LISTED = ["in_list", "not_in_list"];
const SEVERAL = ["in", "not_in", "starts_with", "contains", "=", "!="];

function fit(row) {
  const [field, op, value] = ["field", "op", "value"].map((name) => row.querySelector(`[data-condition-${name}]`));
  const form = value.form;
  for (const name of ["codes", "commodity", "suggest", "many", "least"]) delete value.dataset[name];
  if (LISTED.includes(op.value)) {
    value.dataset.suggest = `${form.dataset.listsUrl}?field=${encodeURIComponent(field.value)}`;
    value.dataset.least = "0";
    return;
  }
  Object.assign(value.dataset, JSON.parse(form.dataset.pickers)[field.value] ?? {});
  if (SEVERAL.includes(op.value)) value.dataset.many = "";
}

document.querySelectorAll(ROW).forEach(fit);
document.addEventListener("change", (event) => {
  const row = event.target.closest(ROW);
  if (row && event.target.matches("[data-condition-field], [data-condition-op]")) fit(row);
});
