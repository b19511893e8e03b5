// One <video> with what feeds it: Shaka Player where Media Source Extensions exist, the browser's own HLS on Apple's.
import { NativeEngine } from "./native-engine";
import { ShakaEngine } from "./shaka-engine";

/** What went wrong, in terms of what can be done about it. */
export type Trouble = "expired" | "network" | "undecodable" | "missing";

/** A language of the sound, or subtitles: `id` is the engine's own, `label` what a menu shows. */
export interface Offer {
  id: number;
  language: string;
  label: string;
  chosen: boolean;
}

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
  sounds(): Offer[];
  hear(id: number): void;
  captions(): Offer[];
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
