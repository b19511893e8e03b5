// How the engine of a newer manifest comes to where the film is, so that it can go on there without a visible break.
import type { Engine } from "./engine";

/** Seconds ahead of the playing position at which the next engine waits for its moment. */
const LEAD = 1.5;
const TAKEOVER_LIMIT = 20_000;
/** Seconds that the picture may step back: a busy machine that misses the moment gets a wider one. */
const STEP = 0.05;
const STEP_AT_MOST = 0.25;
/** Seconds before the end of the film that are no place to meet: who plays from the very end plays from the start. */
const END = 0.25;
/** Seconds before the end from which the next engine comes to it, unseen, where the old one is there already. */
const RUN_UP = 1;

/**
 * Brings the next engine to the point that the old one is at, so that both show the same picture. `viewer` has the
 * speed that is wanted and the film's length in seconds, `choose` repeats the viewer's other choices once the manifest
 * is loaded.
 */
export async function meet(
  old: Engine,
  next: Engine,
  url: string,
  viewer: { readonly speed: number; readonly duration: number },
  choose: () => void,
): Promise<void> {
  const { video } = next;
  const stands = () => old.video.paused || old.buffering();
  const isOver = () => old.video.ended && viewer.duration - old.video.currentTime < 1;
  const lead = () => (isOver() ? -RUN_UP : stands() ? 0 : LEAD * viewer.speed);
  const meetingPoint = () => Math.max(0, old.video.currentTime + lead());
  const tooLate = () => !stands() && meetingPoint() > viewer.duration - END;
  while (tooLate()) await nextFrame();
  await next.load(url, meetingPoint());
  choose();
  video.playbackRate = viewer.speed;
  const until = performance.now() + TAKEOVER_LIMIT;
  let step = STEP;
  // Nothing moves at the end, which two manifests do not put at the same frame, and no frame follows it.
  const isAway = (ahead: number) => {
    if (isOver()) return ahead < -2 * RUN_UP || ahead > -STEP;
    if (old.video.ended) return ahead < -1;
    if (stands()) return Math.abs(ahead) > STEP;
    return ahead < -step || ahead > 3 * LEAD;
  };
  while (performance.now() < until) {
    const ahead = video.currentTime - old.video.currentTime;
    const over = isOver();
    const enough = old.video.ended ? HTMLMediaElement.HAVE_CURRENT_DATA : HTMLMediaElement.HAVE_FUTURE_DATA;
    const missed = isAway(ahead);
    if (missed && !tooLate()) {
      step = Math.min(step + STEP, STEP_AT_MOST);
      video.currentTime = meetingPoint();
      await nextEvent(video, "seeked", TAKEOVER_LIMIT);
    } else if (!missed && video.readyState >= enough && ahead < 0.05) {
      if (over || !old.video.paused) await video.play();
      if (over) await nextEvent(video, "ended", TAKEOVER_LIMIT);
      // To begin takes a while on a busy machine, and the old one, which may have waited for data, goes on.
      const outrun = !over && old.video.currentTime - video.currentTime > STEP_AT_MOST;
      if (outrun) video.pause();
      else if (!over || old.video.ended) return;
    }
    await nextFrame();
  }
  throw new Error("the newer manifest was not ready in time");
}

function nextFrame(): Promise<unknown> {
  return new Promise(requestAnimationFrame);
}

/** After `patience` milliseconds it is no longer waited for. */
function nextEvent(target: EventTarget, type: string, patience: number): Promise<unknown> {
  return new Promise((resolve) => {
    target.addEventListener(type, resolve, { once: true });
    setTimeout(resolve, patience);
  });
}
