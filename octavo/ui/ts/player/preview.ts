// The small picture over the bar of time: a part of a sheet, found by the storyboard's WebVTT.
import { element } from "../dom";

interface Tile {
  start: number;
  picture: string;
  area: [x: number, y: number, width: number, height: number];
}

const CUE = /(?:(\d+):)?(\d+):([\d.]+) --> \S+\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

export class Preview {
  readonly element = element("span", { class: "seek-preview", hidden: true });
  #asked = "";
  #at = 0;
  #tiles: Tile[] = [];

  /** Shows the film at that second, if there is a picture of it. The storyboard is fetched when it is first wanted. */
  show(manifest: string, seconds: number): void {
    this.#at = seconds;
    if (manifest !== this.#asked) void this.#fetch(manifest);
    this.#paint();
  }

  #paint(): void {
    const tile = this.#tiles.findLast(({ start }) => start <= this.#at);
    this.element.hidden = !tile;
    if (!tile) return;
    const [x, y, width, height] = tile.area;
    const { style } = this.element;
    style.width = `${width}px`;
    style.height = `${height}px`;
    style.backgroundImage = `url("${tile.picture}")`;
    style.backgroundPosition = `-${x}px -${y}px`;
  }

  async #fetch(manifest: string): Promise<void> {
    this.#asked = manifest;
    const address = new URL("storyboard.vtt", new URL(manifest, location.href));
    const answer = await fetch(address).catch(() => undefined);
    if (!answer?.ok || manifest !== this.#asked) return;
    this.#tiles = [...(await answer.text()).matchAll(CUE)].map((cue) => {
      const [hours, minutes, seconds] = [cue[1] ?? "0", cue[2], cue[3]].map(Number) as [number, number, number];
      const area = cue.slice(5, 9).map(Number) as Tile["area"];
      return { start: hours * 3600 + minutes * 60 + seconds, picture: new URL(cue[4] ?? "", address).href, area };
    });
    this.#paint();
  }
}
