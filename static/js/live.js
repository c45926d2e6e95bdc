// What changes while somebody looks. [data-live="/address"] asks for its own content after the page, and again every
// data-live-every seconds while the page is seen; an answer of 304 leaves it as it is. [data-live-here] inside is filled.
// With data-live-idle it asks only so seldom as long as nobody touches the page, and at once when somebody does again.
export function watchLive() {
  document.querySelectorAll("[data-live]").forEach(keepFresh);
}

// milliseconds without a touch after which nobody is held to be there
const AWAY = 300_000;
let touched = performance.now();
const isAway = () => performance.now() - touched > AWAY;

function keepFresh(place) {
  const hole = place.querySelector("[data-live-here]") ?? place;
  const pause = Number(place.dataset.liveEvery || 0) * 1000;
  const idle = Number(place.dataset.liveIdle || 0) * 1000;
  let tag = place.dataset.liveTag ?? "";
  let busy = false;
  let timer = 0;
  let asked = 0;

  async function look() {
    if (busy || document.hidden) return;
    busy = true;
    asked = performance.now();
    try {
      const answer = await fetch(place.dataset.live, { headers: { "If-None-Match": tag }, redirect: "manual" });
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") ?? "";
        hole.innerHTML = await answer.text();
        place.dispatchEvent(new CustomEvent("live", { bubbles: true }));
      } else if (answer.status === 0 || answer.status === 204 || answer.status === 403 || answer.status === 404) {
        clearInterval(timer); // signed out, or no longer theirs
      }
    } catch {
      // no network: the next look will tell
    } finally {
      busy = false;
    }
  }

  look();
  if (pause) timer = setInterval(() => isAway() && performance.now() - asked < idle || look(), pause);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("live:back", look);
}

for (const touch of ["pointerdown", "pointermove", "keydown", "scroll", "focus"])
  window.addEventListener(
    touch,
    () => {
      const back = isAway();
      touched = performance.now();
      if (back) document.dispatchEvent(new CustomEvent("live:back"));
    },
    { passive: true, capture: true },
  );
