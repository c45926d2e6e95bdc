// Says in words what the browser or the device could not do (allauth dispatches `allauth.error`).
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const notice = document.querySelector("[data-passkey-failure]");
  if (!notice) return;
  const name = event.detail.exception?.name;
  const words = [...notice.querySelectorAll("[data-when]")];
  const fitting = words.find((word) => word.dataset.when === name) ?? words.find((word) => word.dataset.when === "other");
  for (const word of words) word.hidden = word !== fitting;
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
});
