// [data-theme-to="light|dark|"]: light, dark, or as the system says. A cookie keeps it, so that the server answers in it at once.
const YEAR = 31536000;

export function watchTheme() {
  const buttons = document.querySelectorAll("[data-theme-to]");
  const show = () => {
    const chosen = document.documentElement.dataset.theme ?? "";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeTo === chosen));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const chosen = button.dataset.themeTo;
      document.cookie = `theme=${chosen}; path=/; max-age=${chosen ? YEAR : 0}; samesite=lax`;
      if (chosen) document.documentElement.dataset.theme = chosen;
      else delete document.documentElement.dataset.theme;
      show();
    });
  }
  show();
}
