// What lies over the film: the elements and where they are. controls.ts gives them life.
import { element, icon } from "../dom";
import { t } from "../words";

export class Panel {
  readonly play = iconButton("play", t("Play"));
  readonly back = iconButton("undo-2", t("10 seconds back"));
  readonly forward = iconButton("redo-2", t("10 seconds forward"));
  readonly mute = iconButton("volume-2", t("Mute"));
  readonly volume = element("input", {
    type: "range",
    class: "volume",
    min: 0,
    max: 1,
    step: 0.05,
    "aria-label": t("Volume"),
  });
  readonly time = element("span", { class: "player-time" });
  readonly captions = iconButton("captions", t("Subtitles"));
  readonly picture = iconButton("picture-in-picture-2", t("Picture in picture"));
  readonly screen = iconButton("maximize", t("Full screen"));
  /** The big button before the first second. */
  readonly start = element("button", { type: "button", class: "player-start", "aria-label": t("Play") }, icon("play"));
  /** What changes are read out. */
  readonly spoken = element("p", { class: "visually-hidden", role: "status" });
  readonly pieces: HTMLElement[];

  constructor(seekBar: HTMLElement, chapters: HTMLElement, menu: HTMLElement) {
    const sound = group("player-sound", this.mute, this.volume);
    const left = group("player-group", this.play, this.back, this.forward, sound, this.time);
    const right = group("player-group", chapters, this.captions, menu, this.picture, this.screen);
    const bar = group("player-bar", seekBar, group("player-row", left, right));
    const spinner = element("div", { class: "player-spinner", "aria-hidden": "true" });
    const waiting = t("The next part is still being prepared");
    const edge = element("p", { class: "player-edge", "aria-hidden": "true" }, waiting);
    this.pieces = [spinner, edge, this.start, bar, this.spoken];
  }
}

/** Gives a button another icon and what it now does. */
export function relabel(button: HTMLButtonElement, mark: SVGSVGElement, label: string): void {
  button.replaceChildren(mark);
  button.setAttribute("aria-label", label);
  button.title = label;
}

function iconButton(name: string, label: string): HTMLButtonElement {
  return element("button", { type: "button", class: "player-button", "aria-label": label, title: label }, icon(name));
}

function group(name: string, ...children: HTMLElement[]): HTMLDivElement {
  return element("div", { class: name }, ...children);
}
