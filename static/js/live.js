// What changes while somebody looks. [data-live="/address"] asks for its own content after the page, and again every
// data-live-every seconds while the page is seen; an answer of 304 leaves it as it is. [data-live-here] inside is filled.
export function watchLive() {
  document.querySelectorAll("[data-live]").forEach(keepFresh);
}

function keepFresh(place) {
  const hole = place.querySelector("[data-live-here]") ?? place;
  const pause = Number(place.dataset.liveEvery || 0) * 1000;
  let tag = place.dataset.liveTag ?? "";
  let busy = false;
  let timer = 0;

  async function look() {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(place.dataset.live, { headers: { "If-None-Match": tag }, redirect: "manual" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") ?? "";
        hole.innerHTML = await answer.text();
        place.dispatchEvent(new CustomEvent("live", { bubbles: true }));
      } else if (answer.status === 0 || answer.status === 403 || answer.status === 404) {
        clearInterval(timer); // signed out, or no longer theirs
      }
    } catch {
      // no network: the next look will tell
    } finally {
      busy = false;
    }
  }

  look();
  if (pause) timer = setInterval(look, pause);
  document.addEventListener("visibilitychange", look);
}
