// Shaka Player: the core is large and comes only now, when a film is about to play.
import type shaka from "shaka-player/dist/shaka-player.hls-es2021.js";
import type { Engine, Offer, Trouble } from "./engine";

type Shaka = typeof shaka;

/** What tells a language's surround sound from its stereo in a menu. */
const SURROUND = "5.1";

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
      streaming: {
        bufferingGoal: 30,
        rebufferingGoal: 1,
        bufferBehind: 60,
        retryParameters: { maxAttempts: 6, baseDelay: 500, timeout: 20_000 },
      },
      // A growing film is no live show: its end so far is playable, without a distance to keep from it.
      manifest: { defaultPresentationDelay: 0.5, retryParameters: { maxAttempts: 5, baseDelay: 500 } },
    });
    if (bandwidth > 0) player.configure({ abr: { defaultBandwidthEstimate: bandwidth } });
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
    const heights = this.player.getVariantTracks().map((track) => track.height ?? 0);
    return [...new Set(heights)].filter((height) => height > 0).sort((a, b) => b - a);
  }

  choose(height: number): void {
    this.#height = height;
    this.player.configure({ abr: { enabled: height === 0 } });
    const tracks = this.player.getVariantTracks().filter((candidate) => candidate.height === height);
    const sound = this.player.getVariantTracks().find((candidate) => candidate.active)?.originalAudioId;
    const track = tracks.find((candidate) => candidate.originalAudioId === sound) ?? tracks[0];
    // What is buffered in the next seconds is kept, so that the picture does not stop.
    if (track && !track.active) this.player.selectVariantTrack(track, true, 2);
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
      .map(({ id, language, label, active }) => ({ id, language, label: label || language, chosen: active }));
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
    if (error.code === Code.LOAD_INTERRUPTED) return;
    if (error.severity !== Severity.CRITICAL && error.category !== Category.NETWORK) return;
    const status = error.code === Code.BAD_HTTP_STATUS ? Number(error.data[1]) : 0;
    if (status === 401 || status === 403 || status === 410) this.onTrouble("expired");
    else if (status === 404) this.onTrouble("missing");
    else this.onTrouble(error.category === Category.NETWORK ? "network" : "undecodable");
  }
}
