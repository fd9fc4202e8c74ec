// In the demonstration: a click on an account fills the form.
const form = document.querySelector("form[data-login]");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill-email]");
  if (!button) return;
  form.elements.login.value = button.dataset.fillEmail;
  form.elements.password.value = button.dataset.fillPassword;
  form.querySelector("button:not([form])").focus();
  form.scrollIntoView({ block: "center" });
});
