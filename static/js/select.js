// form[data-select]: the box in the head picks all rows; [data-selected-count] says how many are picked, [data-needs-selection] waits for one.
export function watchSelections() {
  for (const form of document.querySelectorAll("form[data-select]")) {
    const all = form.querySelector("[data-select-all]");
    const boxes = [...form.querySelectorAll("tbody input[type=checkbox]")];
    const show = () => {
      const picked = boxes.filter((box) => box.checked).length;
      for (const place of form.querySelectorAll("[data-selected-count]")) place.textContent = String(picked);
      for (const button of form.querySelectorAll("[data-needs-selection]")) button.disabled = picked === 0;
      if (all) {
        all.checked = picked > 0 && picked === boxes.length;
        all.indeterminate = picked > 0 && picked < boxes.length;
      }
    };
    all?.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      show();
    });
    form.addEventListener("change", show);
    show();
  }
}
