// The list of font slices is long and only matters where the system has no Chinese font: it is linked after the page is there.
export function loadHanFont() {
  const href = document.getElementById("app")?.dataset.han;
  if (!href) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}
