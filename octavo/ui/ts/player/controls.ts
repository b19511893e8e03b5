// The buttons and bars over the film. They hide while it plays and come back with the mouse, a key or a touch.
import { element, icon } from "../dom";
import { clock } from "../formats";
import { t } from "../words";
import { ChapterMenu } from "./chapter-menu";
import type { Chapter } from "./chapters";
import type { Film } from "./film";
import { type Deck, listenToKeys, SPEEDS } from "./keyboard";
import type { Menu } from "./menu";
import { Panel, relabel } from "./panel";
import { SeekBar } from "./seek-bar";
import { SettingsMenu } from "./settings-menu";
import { rememberSound } from "./sound";

const QUIET_AFTER = 2800;

export class Controls implements Deck {
  readonly #panel: Panel;
  readonly #seekBar: SeekBar;
  readonly #menu: SettingsMenu;
  readonly #chapters: ChapterMenu;
  #timer = 0;

  constructor(
    readonly host: HTMLElement,
    readonly film: Film,
  ) {
    this.#seekBar = new SeekBar(film);
    this.#menu = new SettingsMenu(film);
    this.#chapters = new ChapterMenu(film);
    this.#panel = new Panel(this.#seekBar.element, this.#chapters.element, this.#menu.element);
    host.append(...this.#panel.pieces);
    this.#listen();
    rememberSound(film);
    listenToKeys(film, this);
    this.#showAll();
    this.wake();
  }

  /** Shows where the film's chapters begin, and a list of them. */
  showChapters(chapters: Chapter[]): void {
    this.#seekBar.mark(chapters);
    this.#chapters.list(chapters);
  }

  togglePlay(): void {
    const { video } = this.film;
    if (video.ended) this.film.seek(0);
    if (video.paused) void video.play().catch(() => undefined);
    else video.pause();
  }

  skip(seconds: number): void {
    this.film.seek(this.film.video.currentTime + seconds);
  }

  changeVolume(by: number): void {
    const { video } = this.film;
    video.volume = Math.min(1, Math.max(0, video.volume + by));
    video.muted = video.volume === 0;
  }

  toggleMute(): void {
    const { video } = this.film;
    if (video.muted && video.volume === 0) video.volume = 0.5;
    video.muted = !video.muted;
  }

  toggleFullscreen(): void {
    const video = this.film.video as HTMLVideoElement & { webkitEnterFullscreen?: () => void };
    if (document.fullscreenElement) void document.exitFullscreen();
    else if (this.host.requestFullscreen) void this.host.requestFullscreen().then(turnToLandscape);
    else video.webkitEnterFullscreen?.(); // iPhones show only the video itself
  }

  toggleCaptions(): void {
    const tracks = this.film.engine.captions();
    this.film.read(tracks.some((track) => track.chosen) ? undefined : tracks[0]);
  }

  changeSpeed(steps: number): void {
    const at = SPEEDS.indexOf(this.film.speed);
    this.film.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + steps))] ?? 1;
    this.#say(t("Speed {speed}", { speed: `${this.film.speed}×` }));
  }

  /** Shows the controls, and lets them go after a while of playing. */
  wake(): void {
    delete this.host.dataset.quiet;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const busy = this.film.video.paused || this.#openMenu || this.host.querySelector(".player-bar :focus-visible");
      if (!busy) this.host.dataset.quiet = "";
    }, QUIET_AFTER);
  }

  /** After going on in the middle: a way back to the beginning. */
  offerStart(at: number): void {
    const button = element(
      "button",
      { type: "button", class: "player-chip" },
      icon("rotate-ccw"),
      t("From the beginning"),
    );
    button.addEventListener("click", () => {
      this.film.seek(0);
      button.remove();
    });
    this.host.append(button);
    this.#say(t("Going on at {time}", { time: clock(at) }));
    setTimeout(() => button.remove(), 9000);
  }

  #listen(): void {
    const { film, host } = this;
    for (const button of [this.#panel.play, this.#panel.start])
      button.addEventListener("click", () => this.togglePlay());
    this.#panel.back.addEventListener("click", () => this.skip(-10));
    this.#panel.forward.addEventListener("click", () => this.skip(10));
    this.#panel.mute.addEventListener("click", () => this.toggleMute());
    this.#panel.captions.addEventListener("click", () => this.toggleCaptions());
    this.#panel.screen.addEventListener("click", () => this.toggleFullscreen());
    this.#panel.picture.addEventListener("click", () => this.#togglePicture());
    this.#panel.volume.addEventListener("input", () => {
      film.video.volume = Number(this.#panel.volume.value);
      film.video.muted = film.video.volume === 0;
    });
    film.stage.addEventListener("click", (event) => this.#tap(event as PointerEvent));
    film.stage.addEventListener("dblclick", () => this.toggleFullscreen());
    host.addEventListener("pointermove", () => this.wake());
    host.addEventListener("focusin", () => this.wake());
    host.addEventListener("pointerleave", () => {
      if (!film.video.paused && !this.#openMenu) host.dataset.quiet = "";
    });
    for (const type of [
      "play",
      "playing",
      "pause",
      "waiting",
      "buffering",
      "ended",
      "volumechange",
      "loadeddata",
      "seeked",
      "renewed",
      "tracks",
      "timeupdate",
    ]) {
      film.addEventListener(type, () => this.#show(type));
    }
    document.addEventListener("fullscreenchange", () => this.#showScreen());
  }

  /** A mouse click plays and pauses; a finger first brings the controls back. */
  #tap(event: PointerEvent): void {
    if (this.#openMenu) this.#openMenu.close();
    else if (event.pointerType === "touch" && this.host.dataset.quiet !== undefined) this.wake();
    else this.togglePlay();
  }

  get #openMenu(): Menu | undefined {
    return [this.#menu, this.#chapters].find((menu) => menu.open);
  }

  #show(type: string): void {
    if (type === "timeupdate") this.#showTime();
    else if (type === "volumechange") this.#showSound();
    else if (type === "tracks") this.#showTracks();
    else this.#showState(type);
  }

  #showAll(): void {
    this.#showTime();
    this.#showSound();
    this.#showTracks();
    this.#showScreen();
    this.#panel.picture.hidden = !document.pictureInPictureEnabled;
  }

  #showState(type: string): void {
    const { video } = this.film;
    const waits = this.film.engine.buffering() || (type === "waiting" && !video.paused);
    this.host.dataset.state = stateOf(this.film, waits);
    relabel(this.#panel.play, video.paused ? icon("play") : icon("pause"), video.paused ? t("Play") : t("Pause"));
    const atEdge = waits && this.host.dataset.growing !== undefined && this.film.available - video.currentTime < 3;
    if (atEdge) this.#say(t("The next part is still being prepared."));
    this.host.toggleAttribute("data-edge", atEdge);
    this.wake();
  }

  #showTime(): void {
    this.#panel.time.textContent = `${clock(this.film.video.currentTime)} / ${clock(this.film.duration)}`;
    this.#seekBar.show();
  }

  #showSound(): void {
    const { muted, volume } = this.film.video;
    const silent = muted || volume === 0;
    relabel(this.#panel.mute, silent ? icon("volume-x") : icon("volume-2"), silent ? t("Sound on") : t("Mute"));
    this.#panel.volume.value = String(silent ? 0 : volume);
    this.#panel.volume.style.setProperty("--part", String(silent ? 0 : volume));
  }

  #showTracks(): void {
    const tracks = this.film.engine.captions();
    this.#panel.captions.hidden = tracks.length === 0;
    this.#panel.captions.setAttribute("aria-pressed", String(tracks.some((track) => track.chosen)));
    this.#menu.show();
  }

  #showScreen(): void {
    const full = document.fullscreenElement !== null;
    relabel(
      this.#panel.screen,
      full ? icon("minimize") : icon("maximize"),
      full ? t("Leave full screen") : t("Full screen"),
    );
  }

  #togglePicture(): void {
    if (document.pictureInPictureElement) void document.exitPictureInPicture();
    else void this.film.video.requestPictureInPicture().catch(() => undefined);
  }

  #say(text: string): void {
    this.#panel.spoken.textContent = text;
  }
}

/** Phones show a wide film wide. Desktops cannot turn, and say so by refusing. */
async function turnToLandscape(): Promise<void> {
  const orientation = screen.orientation as ScreenOrientation & { lock?: (to: string) => Promise<void> };
  await orientation.lock?.("landscape").catch(() => undefined);
}

/** `ready` is before the first second of playing, when the big button invites to start. */
function stateOf({ video, started }: Film, waits: boolean): string {
  if (video.ended) return "ended";
  if (video.paused) return started ? "paused" : "ready";
  return waits ? "waiting" : "playing";
}
