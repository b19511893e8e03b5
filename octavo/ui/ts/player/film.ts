// The film on the stage: one engine that plays, and for a moment a second one when a newer manifest takes over.
import { type Engine, makeEngine, type Offer, type Trouble } from "./engine";

const FORWARDED = [
  "play",
  "playing",
  "pause",
  "timeupdate",
  "progress",
  "volumechange",
  "waiting",
  "buffering",
  "seeking",
  "seeked",
  "ended",
  "durationchange",
  "loadeddata",
  "enterpictureinpicture",
  "leavepictureinpicture",
];
/** Seconds ahead of the playing position at which the next engine waits for its moment. */
const LEAD = 1.5;
const TAKEOVER_LIMIT = 20_000;
/** Milliseconds until a takeover that failed is tried again; each time twice as long, up to the most. */
const AGAIN = 2000;
const AGAIN_AT_MOST = 60_000;
/** Seconds that the picture may step back: a busy machine that misses the moment gets a wider one. */
const STEP = 0.05;
const STEP_AT_MOST = 0.25;

export class Film extends EventTarget {
  engine!: Engine;
  /** Whether it has ever played; a video that takes over does not know. */
  started = false;
  /** The address of the manifest that plays. */
  manifest = "";
  #newest = "";
  #takingOver = false;
  #height = 0;
  #speed = 1;
  /** What the viewer has chosen: the engine of a newer manifest is told, since its tracks have other ids. */
  #sound: Offer | undefined;
  #caption: Offer | undefined;

  /** `length` is the whole film's in seconds, as far as the page knows it: a growing playlist does not tell. */
  constructor(
    readonly stage: HTMLElement,
    readonly length: number,
    readonly onTrouble: (trouble: Trouble) => void,
  ) {
    super();
    this.addEventListener("playing", () => (this.started = true));
    // Shaka learns of a speed by an event that comes too late where waiting begins or ends meanwhile; it then puts back
    // the speed from before.
    this.addEventListener("buffering", () => {
      if (!this.engine.buffering()) this.video.playbackRate = this.#speed;
    });
  }

  get video(): HTMLVideoElement {
    return this.engine.video;
  }

  get duration(): number {
    const own = this.video.duration;
    // A growing playlist has a duration of 2^32 seconds.
    return Math.max(this.length, Number.isFinite(own) && own < 1e6 ? own : this.available);
  }

  /** Up to where it can be played by now. */
  get available(): number {
    return this.engine.range().end;
  }

  get height(): number {
    return this.#height;
  }

  /** The viewer's speed. The video's own rate is 0 while it waits for data, so it is no memory. */
  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    this.#speed = speed;
    this.video.playbackRate = speed;
    this.dispatchEvent(new Event("speed"));
  }

  async open(video: HTMLVideoElement, url: string, at: number): Promise<void> {
    this.engine = await makeEngine(video, this.onTrouble);
    this.#forward(this.engine);
    this.manifest = url;
    await this.engine.load(url, at);
    this.dispatchEvent(new Event("tracks"));
  }

  seek(to: number): void {
    this.video.currentTime = Math.min(Math.max(0, to), Math.max(0, this.available - 0.25));
  }

  choose(height: number): void {
    this.#height = height;
    this.engine.choose(height);
    this.dispatchEvent(new Event("tracks"));
  }

  hear(sound: Offer): void {
    this.#sound = sound;
    this.engine.hear(sound.id);
    this.dispatchEvent(new Event("tracks"));
  }

  /** Shows subtitles, or none. */
  read(caption: Offer | undefined): void {
    this.#caption = caption;
    this.engine.showCaption(caption?.id ?? null);
    this.dispatchEvent(new Event("tracks"));
  }

  /** Goes on with another manifest of the same film, at the same position and without a visible break. */
  async renew(url: string): Promise<void> {
    this.#newest = url;
    if (this.#takingOver) return;
    this.#takingOver = true;
    try {
      // The last version of a film is followed by none, so one that was not ready in time is tried again.
      for (let wait = AGAIN; !(await this.#goOnWith(this.#newest)); wait = Math.min(2 * wait, AGAIN_AT_MOST))
        await new Promise((resolve) => setTimeout(resolve, wait));
    } finally {
      this.#takingOver = false;
      this.dispatchEvent(new Event("tracks"));
    }
  }

  /** Whether the newest manifest plays now. */
  async #goOnWith(url: string): Promise<boolean> {
    if (document.pictureInPictureElement || this.video.src.endsWith(".m3u8")) await this.#loadAgain(url);
    else if (!(await this.#takeOver(url))) return false;
    return url === this.#newest;
  }

  /** Loads again after trouble, visibly, at the same position. */
  async reload(url: string): Promise<void> {
    const plays = !this.video.paused;
    await this.#loadAgain(url);
    if (plays) await this.video.play();
  }

  async #loadAgain(url: string): Promise<void> {
    await this.engine.load(url, this.video.currentTime);
    this.manifest = url;
    this.#repeatChoices(this.engine);
  }

  #repeatChoices(engine: Engine): void {
    const same = (wanted: Offer | undefined, offers: Offer[]) =>
      wanted && offers.find(({ language, label }) => language === wanted.language && label === wanted.label);
    const sound = same(this.#sound, engine.sounds());
    if (sound) engine.hear(sound.id);
    const caption = same(this.#caption, engine.captions());
    if (caption) engine.showCaption(caption.id);
  }

  async #takeOver(url: string): Promise<boolean> {
    const old = this.engine;
    // A film that stopped where its old manifest ended goes on by itself.
    const ranOut = old.video.ended && this.length - old.video.currentTime > 1;
    const video = old.video.cloneNode() as HTMLVideoElement;
    video.removeAttribute("src");
    video.dataset.next = "";
    video.muted = true;
    this.stage.prepend(video);
    const next = await makeEngine(video, () => undefined, old.bandwidth());
    try {
      await this.#meet(old, next, url);
    } catch {
      // The old manifest still plays.
      await next.destroy();
      video.remove();
      return false;
    }
    this.#hand(old, next);
    this.manifest = url;
    if (ranOut) await next.video.play();
    return true;
  }

  /** Brings the next engine to the point that the old one is at, so that both show the same picture. */
  async #meet(old: Engine, next: Engine, url: string): Promise<void> {
    const { video } = next;
    const stands = () => old.video.paused || old.buffering();
    const meetingPoint = () => old.video.currentTime + (stands() ? 0 : LEAD * this.#speed);
    await next.load(url, meetingPoint());
    if (this.#height) next.choose(this.#height);
    this.#repeatChoices(next);
    video.playbackRate = this.#speed;
    const until = performance.now() + TAKEOVER_LIMIT;
    let step = STEP;
    while (performance.now() < until) {
      const ahead = video.currentTime - old.video.currentTime;
      // Nothing moves at the end, which two manifests do not put at the same frame, and no frame follows it.
      const { ended } = old.video;
      const enough = ended ? HTMLMediaElement.HAVE_CURRENT_DATA : HTMLMediaElement.HAVE_FUTURE_DATA;
      if (ended ? ahead < -1 : stands() ? Math.abs(ahead) > 0.05 : ahead < -step || ahead > 3 * LEAD) {
        step = Math.min(step + STEP, STEP_AT_MOST);
        video.currentTime = meetingPoint();
        await nextEvent(video, "seeked", TAKEOVER_LIMIT);
      } else if (video.readyState >= enough && ahead < 0.05) {
        if (!old.video.paused) await video.play();
        return;
      }
      await new Promise(requestAnimationFrame);
    }
    throw new Error("the newer manifest was not ready in time");
  }

  #hand(old: Engine, next: Engine): void {
    next.video.muted = old.video.muted;
    next.video.volume = old.video.volume;
    next.video.playbackRate = this.#speed;
    delete next.video.dataset.next;
    this.engine = next;
    this.#forward(next);
    old.video.remove();
    void old.destroy();
    this.dispatchEvent(new Event("renewed"));
  }

  #forward(engine: Engine): void {
    for (const type of FORWARDED) {
      engine.video.addEventListener(type, () => {
        if (engine === this.engine) this.dispatchEvent(new Event(type));
      });
    }
  }
}

/** After `patience` milliseconds it is no longer waited for. */
function nextEvent(target: EventTarget, type: string, patience: number): Promise<unknown> {
  return new Promise((resolve) => {
    target.addEventListener(type, resolve, { once: true });
    setTimeout(resolve, patience);
  });
}
