// The bar of time: what is played, what is loaded, what exists so far, and the time and picture under the pointer.
import { element } from "../dom";
import { clock } from "../formats";
import { t } from "../words";
import { type Chapter, chapterAt } from "./chapters";
import type { Film } from "./film";
import { Preview } from "./preview";

export class SeekBar {
  readonly element: HTMLElement;
  readonly #bar = element("input", {
    type: "range",
    class: "seek",
    min: 0,
    step: 0.1,
    value: 0,
    "aria-label": t("Position"),
  });
  readonly #chapter = element("span", { class: "seek-chapter" });
  readonly #time = element("span");
  readonly #marks = element("div", { class: "seek-marks", "aria-hidden": "true" });
  readonly #preview = new Preview();
  readonly #tip = element(
    "output",
    { class: "seek-tip", "aria-hidden": "true" },
    this.#preview.element,
    this.#chapter,
    this.#time,
  );
  #dragging = false;
  #chapters: Chapter[] = [];

  constructor(readonly film: Film) {
    this.element = element("div", { class: "seek-frame" }, this.#bar, this.#marks, this.#tip);
    this.#bar.addEventListener("input", () => {
      this.#dragging = true;
      this.#paint(Number(this.#bar.value));
    });
    this.#bar.addEventListener("change", () => {
      this.#dragging = false;
      film.seek(Number(this.#bar.value));
    });
    this.element.addEventListener("pointermove", (event) => this.#point(event));
    for (const type of ["progress", "seeking", "durationchange"]) film.addEventListener(type, () => this.show());
    film.addEventListener("durationchange", () => this.#showMarks());
  }

  /** Where chapters begin there is a gap in the bar. */
  mark(chapters: Chapter[]): void {
    this.#chapters = chapters;
    this.#showMarks();
  }

  show(): void {
    this.#bar.max = String(this.film.duration || 1);
    if (!this.#dragging) {
      this.#bar.value = String(this.film.video.currentTime);
      this.#paint(this.film.video.currentTime);
    }
  }

  #showMarks(): void {
    const inside = this.#chapters.filter(({ start }) => start > 0 && start < this.film.duration);
    const marks = inside.map(({ start }) => {
      const mark = element("span");
      mark.style.left = `${(100 * start) / this.film.duration}%`;
      return mark;
    });
    this.#marks.replaceChildren(...marks);
  }

  #paint(at: number): void {
    const whole = this.film.duration || 1;
    const set = (name: string, seconds: number) =>
      this.#bar.style.setProperty(name, `${Math.min(100, (100 * seconds) / whole)}%`);
    set("--played", at);
    set("--loaded", this.#loadedUntil());
    set("--exists", this.film.available);
    const chapter = chapterAt(this.#chapters, at)?.title;
    const where = t("{at} of {whole}", { at: clock(at), whole: clock(whole) });
    this.#bar.setAttribute("aria-valuetext", chapter ? `${where}, ${chapter}` : where);
  }

  #loadedUntil(): number {
    const { buffered, currentTime } = this.film.video;
    for (let n = 0; n < buffered.length; n++) {
      if (buffered.start(n) <= currentTime + 0.5 && currentTime <= buffered.end(n)) return buffered.end(n);
    }
    return 0;
  }

  #point(event: PointerEvent): void {
    const box = this.#bar.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    const seconds = part * this.film.duration;
    this.#preview.show(this.film.manifest, seconds);
    this.#chapter.textContent = chapterAt(this.#chapters, seconds)?.title ?? "";
    this.#time.textContent =
      seconds > this.film.available + 1 ? t("{time}, not ready yet", { time: clock(seconds) }) : clock(seconds);
    // Near the ends it stays on the bar: a picture that is cut off shows less.
    const half = this.#tip.offsetWidth / 2;
    const left = Math.min(Math.max(part * box.width, half), Math.max(half, box.width - half));
    this.#tip.style.left = `${left}px`;
  }
}
