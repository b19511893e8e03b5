// Shaka Player: the core is large and comes only now, when a film is about to play.
import type shaka from "shaka-player/dist/shaka-player.hls-es2021.js";
import type { Engine, Offer, Trouble } from "./engine";
import { makeAbrManager } from "./shaka-switches";

type Shaka = typeof shaka;

/** What tells a language's surround sound from its stereo in a menu. */
const SURROUND = "5.1";

/** What is said of an address that has expired, and of a film that has gone: asking once more does not help. */
const REFUSALS = new Set([401, 403, 404, 410]);

export class ShakaEngine implements Engine {
  #height = 0;

  private constructor(
    private readonly library: Shaka,
    private readonly player: shaka.Player,
    readonly video: HTMLVideoElement,
    private readonly onTrouble: (trouble: Trouble) => void,
    bandwidth: number,
  ) {
    player.configure({
      abrFactory: () => makeAbrManager(library),
      streaming: {
        bufferingGoal: 30,
        rebufferingGoal: 1,
        bufferBehind: 60,
        // A seek calls off what is fetched ahead, and an initialization segment that was called off is never asked for
        // again (shaka-player#10569).
        segmentPrefetchLimit: 0,
        retryParameters: { maxAttempts: 6, baseDelay: 500, timeout: 20_000 },
      },
      // A growing film is no live show: its end so far is playable, without a distance to keep from it.
      manifest: { defaultPresentationDelay: 0.5, retryParameters: { maxAttempts: 5, baseDelay: 500 } },
    });
    if (bandwidth > 0) player.configure({ abr: { defaultBandwidthEstimate: bandwidth } });
    player.getNetworkingEngine()?.addEventListener("retry", (event) => {
      const { error } = event as unknown as { error: shaka.util.Error };
      if (REFUSALS.has(this.#status(error))) event.preventDefault();
    });
    player.addEventListener("buffering", () => video.dispatchEvent(new Event("buffering")));
    player.addEventListener("error", (event) =>
      this.#report((event as unknown as { detail: shaka.util.Error }).detail),
    );
  }

  static async make(
    video: HTMLVideoElement,
    onTrouble: (trouble: Trouble) => void,
    bandwidth: number,
  ): Promise<ShakaEngine> {
    const module = await import("shaka-player/dist/shaka-player.hls-es2021.js");
    const library = (module.default ?? module) as Shaka;
    const player = new library.Player();
    await player.attach(video);
    return new ShakaEngine(library, player, video, onTrouble, bandwidth);
  }

  async load(url: string, at: number): Promise<void> {
    try {
      // Without a start time Shaka would join a growing playlist at its live end.
      await this.player.load(url, at, "application/x-mpegurl");
    } catch (error) {
      this.#report(error as shaka.util.Error);
      throw error;
    }
  }

  range(): { start: number; end: number } {
    return this.player.seekRange();
  }

  heights(): number[] {
    // Of the manifest: a quality that Shaka keeps away from for a while, for its dropped frames, is still offered.
    const heights = (this.player.getManifest()?.variants ?? []).map((variant) => variant.video?.height ?? 0);
    return [...new Set(heights)].filter((height) => height > 0).sort((a, b) => b - a);
  }

  choose(height: number): void {
    this.#height = height;
    // By what Shaka's own choice is allowed: a track that is selected by hand would limit it for good to that codec
    // string, which means to that height.
    this.player.configure({
      abr: {
        restrictions: { minHeight: height, maxHeight: height || Infinity },
        // What is buffered in the next seconds is kept, so that the picture does not stop.
        clearBufferSwitch: height > 0,
        safeMarginSwitch: 2,
        droppedFrames: height === 0,
      },
    });
  }

  currentHeight(): number {
    return this.#height || (this.player.getVariantTracks().find((track) => track.active)?.height ?? 0);
  }

  buffering(): boolean {
    return this.player.isBuffering();
  }

  sounds(): Offer[] {
    return this.player
      .getAudioTracks()
      .map(({ language, label, channelsCount, active }, id) => {
        const name = label || language;
        const surround = (channelsCount ?? 0) > 2;
        return { id, language, label: surround && !name.endsWith(SURROUND) ? `${name} ${SURROUND}` : name, chosen: active };
      });
  }

  hear(id: number): void {
    const track = this.player.getAudioTracks()[id];
    if (track && !track.active) this.player.selectAudioTrack(track, 1);
  }

  captions(): Offer[] {
    return this.player
      .getTextTracks()
      .map(({ id, language, label, active }) => ({ id, language, label: label || closedCaptions(language), chosen: active }));
  }

  showCaption(id: number | null): void {
    this.player.selectTextTrack(this.player.getTextTracks().find((track) => track.id === id) ?? null);
  }

  bandwidth(): number {
    return this.player.getStats().estimatedBandwidth || 0;
  }

  async destroy(): Promise<void> {
    await this.player.destroy();
  }

  #report(error: shaka.util.Error): void {
    const { Category, Code, Severity } = this.library.util.Error;
    const status = this.#status(error);
    if (error.code === Code.LOAD_INTERRUPTED) return;
    if (error.severity !== Severity.CRITICAL && error.category !== Category.NETWORK) return;
    if (status === 404) this.onTrouble("missing");
    else if (REFUSALS.has(status)) this.onTrouble("expired");
    else this.onTrouble(error.category === Category.NETWORK ? "network" : "undecodable");
  }

  /** What the server answered, or 0 where it was not that. */
  #status(error: shaka.util.Error): number {
    return error.code === this.library.util.Error.Code.BAD_HTTP_STATUS ? Number(error.data[1]) : 0;
  }
}

/** Captions inside of the picture come without their name: with their language, or "cc" where nobody knows it. */
function closedCaptions(language: string): string {
  if (language.toLowerCase() === "cc") return "CC";
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
    return `${name.charAt(0).toLocaleUpperCase(language)}${name.slice(1)} CC`;
  } catch {
    return "CC"; // no language tag (BCP 47)
  }
}
