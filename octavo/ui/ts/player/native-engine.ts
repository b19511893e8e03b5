// The browser's own HLS, as on Apple's systems. It chooses the quality by itself.
import type { Engine, Trouble } from "./engine";

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

  captions(): { id: number; label: string; shown: boolean }[] {
    return [...this.video.textTracks].map((track, id) => ({
      id,
      label: track.label || track.language,
      shown: track.mode === "showing",
    }));
  }

  showCaption(id: number | null): void {
    [...this.video.textTracks].forEach((track, n) => (track.mode = n === id ? "showing" : "disabled"));
  }

  bandwidth(): number {
    return 0;
  }

  async destroy(): Promise<void> {
    this.video.removeAttribute("src");
    this.video.load();
  }
}
