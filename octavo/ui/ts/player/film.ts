// The film on the stage: one engine that plays, and for a moment a second one when a newer manifest takes over.
import { type Engine, makeEngine, type Offer, type Trouble } from "./engine";
import { meet } from "./takeover";

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
/** Milliseconds until a takeover that failed is tried again; each time twice as long, up to the most. */
const AGAIN = 2000;
const AGAIN_AT_MOST = 60_000;

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
  /** Where the film was, and whether it played, when it was last loaded: a load that failed leaves the video empty. */
  #at = 0;
  #plays = false;
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
    this.engine = await this.#engineFor(video);
    this.#forward(this.engine);
    this.manifest = url;
    this.#at = at;
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
      for (let wait = AGAIN; !(await this.#goOnWith(this.#newest)); wait = Math.min(2 * wait, AGAIN_AT_MOST)) {
        await new Promise((resolve) => setTimeout(resolve, wait));
        if (!this.video.isConnected) return; // the page shows something else by now
      }
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
    await this.#loadAgain(url);
    // Who pauses meanwhile, or a browser that wants a click first, is no trouble.
    if (this.#plays) await this.video.play().catch(() => undefined);
  }

  async #loadAgain(url: string): Promise<void> {
    if (this.video.readyState > HTMLMediaElement.HAVE_NOTHING) {
      this.#at = this.video.currentTime;
      this.#plays = !this.video.paused;
    }
    await this.engine.load(url, this.#at);
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
    const next = await this.#engineFor(video, old.bandwidth());
    next.choose(this.#height);
    try {
      await meet(old, next, url, this, () => this.#repeatChoices(next));
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

  /** Its troubles are told from when it is the one that plays. */
  #engineFor(video: HTMLVideoElement, bandwidth = 0): Promise<Engine> {
    const tell = (trouble: Trouble) => {
      if (this.video === video) this.onTrouble(trouble);
    };
    return makeEngine(video, tell, bandwidth);
  }

  #forward(engine: Engine): void {
    for (const type of FORWARDED) {
      engine.video.addEventListener(type, () => {
        if (engine === this.engine) this.dispatchEvent(new Event(type));
      });
    }
  }
}
