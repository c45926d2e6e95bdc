// [data-dropzone] takes a dropped file into its own <input type="file"> and shows what was picked.
const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`);

export function watchDropzones() {
  for (const zone of document.querySelectorAll("[data-dropzone]")) watch(zone);
}

function watch(zone) {
  const input = zone.querySelector("input[type=file]");
  const picked = zone.querySelector("[data-dropzone-picked]");
  if (!input) return;
  const show = () => {
    if (picked) picked.textContent = [...input.files].map((file) => `${file.name} · ${size(file.size)}`).join(", ");
  };
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  for (const kind of ["dragleave", "dragend", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  input.addEventListener("change", show);
}
