// [data-quantity]: − and + move the number inside by its own step and never below its minimum.
export function watchQuantities() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-quantity] [data-step]");
    if (!button) return;
    const input = button.closest("[data-quantity]").querySelector("input");
    if (button.dataset.step === "1") input.stepUp();
    else input.stepDown();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
