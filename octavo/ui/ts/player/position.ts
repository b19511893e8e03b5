// Keeps where the viewer is, so that the film goes on there on the next visit.
import type { Film } from "./film";

const EVERY = 10_000;

/** PUTs `{"seconds": 12.5}` to `address` now and then, on pause, and when the page goes away. */
export function keepPosition(film: Film, address: string): void {
  let kept = -1;
  const keep = () => {
    const seconds = Math.round(film.video.currentTime * 10) / 10;
    if (Math.abs(seconds - kept) < 0.5) return;
    kept = seconds;
    fetch(address, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ seconds }),
      keepalive: true, // it outlives the page that sends it
    }).catch(() => (kept = -1));
  };
  setInterval(() => {
    if (!film.video.paused) keep();
  }, EVERY);
  film.addEventListener("pause", keep);
  film.addEventListener("ended", keep);
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}
