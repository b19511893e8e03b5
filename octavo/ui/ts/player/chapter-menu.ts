// The list of chapters over the film: each with its time, the one that plays marked.
import { element } from "../dom";
import { clock } from "../formats";
import { t } from "../words";
import { type Chapter, chapterAt } from "./chapters";
import type { Film } from "./film";
import { Menu } from "./menu";

export class ChapterMenu extends Menu {
  #chapters: Chapter[] = [];

  constructor(readonly film: Film) {
    super("list", t("Chapters"));
    this.element.classList.add("player-chapters");
    this.element.hidden = true;
  }

  list(chapters: Chapter[]): void {
    this.#chapters = chapters;
    this.element.hidden = chapters.length === 0;
    this.show();
  }

  protected fill(): void {
    const playing = chapterAt(this.#chapters, this.film.video.currentTime);
    this.sheet.replaceChildren(...this.#chapters.map((chapter) => this.#item(chapter, chapter === playing)));
  }

  #item(chapter: Chapter, playing: boolean): HTMLButtonElement {
    const made = element(
      "button",
      { type: "button", role: "menuitemradio", "aria-checked": String(playing) },
      element("small", {}, clock(chapter.start)),
      element("span", {}, chapter.title),
    );
    made.addEventListener("click", () => {
      this.film.seek(chapter.start);
      this.close();
    });
    return made;
  }
}
