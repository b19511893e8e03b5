// The menu behind the cogwheel: quality, speed, language and subtitles.
import { element, icon } from "../dom";
import { t } from "../words";
import type { Film } from "./film";
import { SPEEDS } from "./keyboard";
import { Menu } from "./menu";

interface Choice {
  text: string;
  detail?: string;
  chosen: boolean;
  choose: () => void;
}

export class SettingsMenu extends Menu {
  constructor(readonly film: Film) {
    super("settings", t("Quality and speed"));
    film.addEventListener("speed", () => this.show());
  }

  protected fill(): void {
    const focused = (document.activeElement as HTMLElement | null)?.dataset.key;
    const groups = [this.#group(t("Quality"), this.#qualities()), this.#group(t("Speed"), this.#speeds())];
    const sounds = this.#sounds();
    if (sounds.length > 1) groups.push(this.#group(t("Language"), sounds));
    const captions = this.#captions();
    if (captions.length > 1) groups.push(this.#group(t("Subtitles"), captions));
    this.sheet.replaceChildren(...groups);
    if (focused) this.sheet.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #qualities(): Choice[] {
    const { film } = this;
    const playing = film.engine.currentHeight();
    const auto = {
      text: t("Automatic"),
      detail: playing ? `${playing}p` : "",
      chosen: film.height === 0,
      choose: () => film.choose(0),
    };
    const fixed = film.engine
      .heights()
      .map((height) => ({ text: `${height}p`, chosen: film.height === height, choose: () => film.choose(height) }));
    return [auto, ...fixed];
  }

  #speeds(): Choice[] {
    const { film } = this;
    return SPEEDS.map((speed) => ({
      text: speed === 1 ? t("Normal") : `${speed}×`,
      chosen: film.speed === speed,
      choose: () => (film.speed = speed),
    }));
  }

  #sounds(): Choice[] {
    const { film } = this;
    return film.engine
      .sounds()
      .map((sound) => ({ text: sound.label, chosen: sound.chosen, choose: () => film.hear(sound) }));
  }

  #captions(): Choice[] {
    const { film } = this;
    const tracks = film.engine.captions();
    const off = {
      text: t("Off"),
      chosen: !tracks.some((track) => track.chosen),
      choose: () => film.read(undefined),
    };
    return [off, ...tracks.map((track) => ({ text: track.label, chosen: track.chosen, choose: () => film.read(track) }))];
  }

  #group(title: string, choices: Choice[]): HTMLElement {
    const items = choices.map((choice) => this.#item(title, choice));
    return element(
      "div",
      { role: "group", "aria-label": title },
      element("p", { class: "player-menu-title", "aria-hidden": "true" }, title),
      ...items,
    );
  }

  #item(group: string, { text, detail, chosen, choose }: Choice): HTMLButtonElement {
    const made = element(
      "button",
      { type: "button", role: "menuitemradio", "aria-checked": String(chosen), "data-key": `${group} ${text}` },
      icon("check"),
      element("span", {}, text),
    );
    if (detail) made.append(element("small", {}, detail));
    made.addEventListener("click", () => {
      choose();
      this.fill();
    });
    return made;
  }
}
