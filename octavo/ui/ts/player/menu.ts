// A button of the player's bar with a sheet of choices over it, for the mouse, fingers and the arrow keys.
import { element, icon } from "../dom";

export abstract class Menu {
  readonly element: HTMLElement;
  protected readonly sheet = element("div", { class: "player-menu", role: "menu", hidden: true });
  readonly #button: HTMLButtonElement;

  constructor(mark: string, label: string) {
    this.#button = element(
      "button",
      {
        type: "button",
        class: "player-button",
        "aria-label": label,
        title: label,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
      },
      icon(mark),
    );
    this.element = element("div", { class: "player-settings" }, this.#button, this.sheet);
    this.#button.addEventListener("click", () => (this.open ? this.close() : this.#unfold()));
    this.sheet.addEventListener("keydown", (event) => this.#move(event));
    document.addEventListener("pointerdown", (event) => {
      if (this.open && !this.element.contains(event.target as Node)) this.close();
    });
  }

  /** Puts the choices as they are now into the sheet. */
  protected abstract fill(): void;

  get open(): boolean {
    return !this.sheet.hidden;
  }

  close(): void {
    this.sheet.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    this.#button.focus();
  }

  show(): void {
    if (this.open) this.fill();
  }

  #unfold(): void {
    this.fill();
    this.sheet.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.sheet.querySelector<HTMLElement>("[aria-checked=true]")?.focus();
  }

  #move(event: KeyboardEvent): void {
    const items = [...this.sheet.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items.at(at - 1)?.focus();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
