// <octavo-player hls title-id position events label duration keep>: wraps a plain <video controls> and takes it over.
//
// `position` is where to start, `events` an address of server-sent events that tell of newer manifests, `keep` says
// that the viewer's position is remembered on the server.
import { element } from "../dom";
import { t } from "../words";
import { fetchChapters } from "./chapters";
import { Controls } from "./controls";
import type { Trouble } from "./engine";
import { Film } from "./film";
import { keepPosition } from "./position";
import { askForManifest, followVersions } from "./versions";
import "./player.css";

/** A film whose new addresses are refused as well is not there: no more than so many are asked for in a minute. */
const RENEWALS = 2;
const RENEWALS_WITHIN = 60_000;

class OctavoPlayer extends HTMLElement {
  #film: Film | undefined;
  #controls: Controls | undefined;
  #trouble: Trouble = "network";
  /** While a new address is asked for: whether the film goes on with it. */
  #renewal: Promise<boolean> | undefined;
  /** When there were renewals, in milliseconds of the page. */
  #renewals: number[] = [];
  #troubled: AbortController | undefined;

  connectedCallback(): void {
    const video = this.querySelector("video");
    if (!video || this.#film) return;
    const stage = element("div", { class: "stage" });
    video.controls = false;
    const chapters = video.querySelector<HTMLTrackElement>("track[kind=chapters]")?.src;
    video.replaceChildren();
    video.removeAttribute("src");
    stage.append(video);
    this.prepend(stage);
    this.#film = new Film(stage, Number(this.getAttribute("duration") ?? 0), (trouble) => this.#handle(trouble));
    void this.#open(this.#film, video, chapters);
  }

  /** The film, for tests and for pages that speak with the player. */
  get film(): Film | undefined {
    return this.#film;
  }

  async #open(film: Film, video: HTMLVideoElement, chapters: string | undefined): Promise<void> {
    const at = Number(this.getAttribute("position") ?? 0);
    this.dataset.state = "waiting";
    try {
      await film.open(video, this.#manifest, at);
    } catch {
      if (!(await this.#renewal)) {
        // No engine told of trouble: its own code did not come.
        if (this.dataset.state !== "error") this.#tell("network", film);
        return;
      }
    }
    this.#controls = new Controls(this, film);
    if (at > 0) this.#controls.offerStart(at);
    if (chapters) void this.#showChapters(film, this.#controls, chapters);
    this.#followEvents(film);
    if (this.hasAttribute("keep")) keepPosition(film, `${this.#api}/position`);
    this.#nameSession(film);
    // Someone who clicked their way here wants to watch; someone who opened a link may not.
    if (document.referrer.startsWith(location.origin)) await film.video.play().catch(() => undefined);
    if (film.video.paused) this.dataset.state = "ready";
  }

  /** In the player, and the page's own list of them then moves within the film instead of loading it anew. */
  async #showChapters(film: Film, controls: Controls, address: string): Promise<void> {
    controls.showChapters(await fetchChapters(address));
    for (const link of document.querySelectorAll<HTMLAnchorElement>(".chapters a[data-start]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        film.seek(Number(link.dataset.start));
        void film.video.play();
      });
    }
  }

  #followEvents(film: Film): void {
    const events = this.getAttribute("events");
    if (!events) return;
    this.dataset.growing = "";
    film.addEventListener("renewed", () => {
      if (Number.isFinite(film.video.duration) && film.video.duration < 1e6) delete this.dataset.growing;
    });
    followVersions(
      events,
      this.#manifest,
      (url) => void film.renew(url),
      () => askForManifest(`${this.#api}/playback`),
    );
  }

  get #manifest(): string {
    return this.getAttribute("hls") ?? "";
  }

  get #api(): string {
    return `/api/video/v1/titles/${this.getAttribute("title-id") ?? ""}`;
  }

  #handle(trouble: Trouble): void {
    const film = this.#film;
    if (!film) return;
    this.#trouble = trouble;
    // Picture and sound are refused side by side, and one new address serves both.
    this.#renewal ??= this.#renew(film).finally(() => {
      this.#renewal = undefined;
    });
  }

  /** Goes on with a new address where the old one was refused. Tells the viewer where that does not help. */
  async #renew(film: Film): Promise<boolean> {
    const now = performance.now();
    this.#renewals = this.#renewals.filter((at) => at > now - RENEWALS_WITHIN);
    if ((this.#trouble === "expired" || this.#trouble === "missing") && this.#renewals.length < RENEWALS) {
      this.#renewals.push(now);
      try {
        await film.reload(await askForManifest(`${this.#api}/playback`));
        return true;
      } catch {
        // Fall through and tell.
      }
    }
    this.#tell(this.#trouble, film);
    return false;
  }

  #tell(trouble: Trouble, film: Film): void {
    const texts: Record<Trouble, string> = {
      expired: t("Your permission to watch has run out. Load the page again to go on."),
      missing: t("This film is no longer here. It may have been deleted."),
      network: t("The connection was lost. The film goes on where it stopped as soon as it is back."),
      undecodable: t("This browser cannot play the film. Another browser or a newer version may."),
    };
    this.dataset.state = "error";
    this.querySelector(".player-error")?.remove();
    const again = element("button", { type: "button", class: "button" }, t("Try again"));
    const message = element("div", { class: "player-error", role: "alert" }, element("p", {}, texts[trouble]), again);
    this.append(message);
    this.#troubled?.abort();
    this.#troubled = new AbortController();
    const { signal } = this.#troubled;
    const retry = () => {
      this.#troubled?.abort();
      message.remove();
      this.dataset.state = "waiting";
      if (trouble === "network" && this.#controls) void this.#goOn(film);
      else location.reload();
    };
    again.addEventListener("click", retry);
    if (trouble === "network") addEventListener("online", retry, { signal });
    film.addEventListener("playing", () => message.remove(), { once: true, signal });
  }

  /** Loads anew: Shaka's own retry leaves a stream alone that it has given up. */
  async #goOn(film: Film): Promise<void> {
    try {
      await film.reload(await askForManifest(`${this.#api}/playback`));
    } catch {
      this.#tell("network", film);
    }
  }

  /** What the system's media keys and lock screen show. */
  #nameSession(film: Film): void {
    if (!("mediaSession" in navigator)) return;
    const poster = this.getAttribute("poster");
    const artwork = poster ? [{ src: poster }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({
      title: this.getAttribute("label") ?? document.title,
      artwork,
    });
    navigator.mediaSession.setActionHandler("seekbackward", () => film.seek(film.video.currentTime - 10));
    navigator.mediaSession.setActionHandler("seekforward", () => film.seek(film.video.currentTime + 10));
  }
}

customElements.define("octavo-player", OctavoPlayer);
