// [data-gallery]: the small pictures are links to the large ones; here they change the large one in place.
export function watchGalleries() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-gallery] a[data-picture]");
    if (!link) return;
    event.preventDefault();
    const gallery = link.closest("[data-gallery]");
    gallery.querySelector(".gallery-main").src = link.href;
    for (const other of gallery.querySelectorAll("a[data-picture]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  });
}
