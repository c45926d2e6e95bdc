// "/" goes to the search box marked [data-slash], or else to the one in the page's head, unless somebody is typing.
export function watchSlash() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const box = document.querySelector("[data-slash]") ?? document.querySelector("#frame-q");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
