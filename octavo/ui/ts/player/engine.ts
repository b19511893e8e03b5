// One <video> with what feeds it: Shaka Player where Media Source Extensions exist, the browser's own HLS on Apple's.
import { NativeEngine } from "./native-engine";
import { ShakaEngine } from "./shaka-engine";

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
  destroy(): Promise<void>;
}

export async function makeEngine(
  video: HTMLVideoElement,
  onTrouble: (trouble: Trouble) => void,
  bandwidth = 0,
): Promise<Engine> {
  return playsHlsItself(video) ? new NativeEngine(video, onTrouble) : ShakaEngine.make(video, onTrouble, bandwidth);
}

/** Safari's own HLS is the better one there; elsewhere it is young, and Shaka knows more. */
function playsHlsItself(video: HTMLVideoElement): boolean {
  const can = video.canPlayType("application/vnd.apple.mpegurl") !== "";
  return can && (navigator.vendor.startsWith("Apple") || !("MediaSource" in window));
}
