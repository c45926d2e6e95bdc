// form[data-autosubmit] sends itself when a choice changes (on a wide screen; a phone has the button).
// A POST form cannot be sent twice by a double click (data-many lifts that). The summary of errors takes the focus.
const wide = window.matchMedia("(min-width: 64rem)");

export function watchForms() {
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-autosubmit") && (wide.matches || form.dataset.autosubmit === "always")) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-many")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.removeAttribute("aria-busy");
    }
  });
  document.getElementById("form-errors")?.focus();
}
