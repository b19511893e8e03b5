// The browser's own HLS, as on Apple's systems. It chooses the quality by itself.
import type { Engine, Offer, Trouble } from "./engine";

/** Safari's list of audio tracks, which the types of the other browsers do not know. */
type AudioTracks = Iterable<{ language: string; label: string; enabled: boolean }>;

export class NativeEngine implements Engine {
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
    return seekable.length
      ? { start: seekable.start(0), end: seekable.end(seekable.length - 1) }
      : { start: 0, end: 0 };
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

  sounds(): Offer[] {
    return this.#audioTracks.map(({ language, label, enabled }, id) => ({
      id,
      language,
      label: label || language,
      chosen: enabled,
    }));
  }

  hear(id: number): void {
    this.#audioTracks.forEach((track, n) => (track.enabled = n === id));
  }

  captions(): Offer[] {
    return [...this.video.textTracks].map(({ language, label, mode }, id) => ({
      id,
      language,
      label: label || language,
      chosen: mode === "showing",
    }));
  }

  showCaption(id: number | null): void {
    [...this.video.textTracks].forEach((track, n) => (track.mode = n === id ? "showing" : "disabled"));
  }

  get #audioTracks() {
    return [...((this.video as HTMLVideoElement & { audioTracks?: AudioTracks }).audioTracks ?? [])];
  }

  bandwidth(): number {
    return 0;
  }

  async destroy(): Promise<void> {
    this.video.removeAttribute("src");
    this.video.load();
  }
}
