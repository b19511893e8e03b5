// One <video> with what feeds it: Shaka Player where Media Source Extensions exist, the browser's own HLS on Apple's.
import type shaka from "shaka-player/dist/shaka-player.hls-es2021.js";

type Shaka = typeof shaka;

/** What went wrong, in terms of what can be done about it. */
export type Trouble = "expired" | "network" | "undecodable" | "missing";

export interface Engine {
  readonly video: HTMLVideoElement;
  load(url: string, at: number): Promise<void>;
  /** Where the playable part begins and ends now; it grows while the film is still encoding. */
  range(): { start: number; end: number };
  heights(): number[];
  /** 0 lets the connection decide. */
  choose(height: number): void;
  currentHeight(): number;
  /** True while it waits for data; the <video> itself does not always know. A change is a `buffering` event on it. */
  buffering(): boolean;
  captions(): { id: number; label: string; shown: boolean }[];
  showCaption(id: number | null): void;
  bandwidth(): number;
  retry(): void;
  destroy(): Promise<void>;
}

export async function makeEngine(video: HTMLVideoElement, onTrouble: (trouble: Trouble) => void, bandwidth = 0): Promise<Engine> {
  if (playsHlsItself(video)) return new NativeEngine(video, onTrouble);
  const module = await import("shaka-player/dist/shaka-player.hls-es2021.js");
  const library = (module.default ?? module) as Shaka;
  const player = new library.Player();
  await player.attach(video);
  return new ShakaEngine(library, player, video, onTrouble, bandwidth);
}

/** Safari's own HLS is the better one there; elsewhere it is young, and Shaka knows more. */
function playsHlsItself(video: HTMLVideoElement): boolean {
  const can = video.canPlayType("application/vnd.apple.mpegurl") !== "";
  return can && (navigator.vendor.startsWith("Apple") || !("MediaSource" in window));
}

class ShakaEngine implements Engine {
  #height = 0;

  constructor(
    private readonly library: Shaka,
    private readonly player: shaka.Player,
    readonly video: HTMLVideoElement,
    private readonly onTrouble: (trouble: Trouble) => void,
    bandwidth: number,
  ) {
    player.configure({
      streaming: { bufferingGoal: 30, rebufferingGoal: 1, bufferBehind: 60, retryParameters: { maxAttempts: 6, baseDelay: 500, timeout: 20_000 } },
      // A growing film is no live show: its end so far is playable, without a distance to keep from it.
      manifest: { defaultPresentationDelay: 0.5, retryParameters: { maxAttempts: 5, baseDelay: 500 } },
    });
    if (bandwidth > 0) player.configure({ abr: { defaultBandwidthEstimate: bandwidth } });
    player.addEventListener("buffering", () => video.dispatchEvent(new Event("buffering")));
    player.addEventListener("error", (event) => this.#report((event as unknown as { detail: shaka.util.Error }).detail));
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
    const track = this.player.getVariantTracks().find((candidate) => candidate.height === height);
    // What is buffered in the next seconds is kept, so that the picture does not stop.
    if (track && !track.active) this.player.selectVariantTrack(track, true, 2);
  }

  currentHeight(): number {
    return this.#height || (this.player.getVariantTracks().find((track) => track.active)?.height ?? 0);
  }

  buffering(): boolean {
    return this.player.isBuffering();
  }

  captions(): { id: number; label: string; shown: boolean }[] {
    return this.player.getTextTracks().map((track) => ({ id: track.id, label: track.label || track.language, shown: track.active }));
  }

  showCaption(id: number | null): void {
    this.player.selectTextTrack(this.player.getTextTracks().find((track) => track.id === id) ?? null);
  }

  bandwidth(): number {
    return this.player.getStats().estimatedBandwidth || 0;
  }

  retry(): void {
    this.player.retryStreaming();
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

class NativeEngine implements Engine {
  constructor(
    readonly video: HTMLVideoElement,
    onTrouble: (trouble: Trouble) => void,
  ) {
    video.addEventListener("error", () => {
      onTrouble(video.error?.code === MediaError.MEDIA_ERR_NETWORK ? "network" : "undecodable");
    });
  }

  async load(url: string, at: number): Promise<void> {
    this.video.src = url;
    await new Promise((resolve, reject) => {
      this.video.addEventListener("loadedmetadata", resolve, { once: true });
      this.video.addEventListener("error", reject, { once: true });
    });
    this.video.currentTime = at;
  }

  range(): { start: number; end: number } {
    const { seekable } = this.video;
    return seekable.length ? { start: seekable.start(0), end: seekable.end(seekable.length - 1) } : { start: 0, end: 0 };
  }

  // Safari chooses the quality by itself and lets nobody else do so.
  heights(): number[] {
    return [];
  }

  choose(): void {}

  currentHeight(): number {
    return this.video.videoHeight;
  }

  buffering(): boolean {
    return !this.video.paused && this.video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  captions(): { id: number; label: string; shown: boolean }[] {
    return [...this.video.textTracks].map((track, id) => ({ id, label: track.label || track.language, shown: track.mode === "showing" }));
  }

  showCaption(id: number | null): void {
    [...this.video.textTracks].forEach((track, n) => (track.mode = n === id ? "showing" : "disabled"));
  }

  bandwidth(): number {
    return 0;
  }

  retry(): void {
    this.video.load();
  }

  async destroy(): Promise<void> {
    this.video.removeAttribute("src");
    this.video.load();
  }
}
