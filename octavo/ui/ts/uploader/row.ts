// How one upload looks: name, bar, how far and how fast, and the buttons that fit its state.
import { element, icon } from "../dom";
import { bytes, percent, remaining } from "../formats";
import { t } from "../words";
import type { State, Transfer } from "./transfer";

type Action = "pause" | "resume" | "retry" | "cancel";

const BUTTONS: Record<State, Action[]> = {
  waiting: ["cancel"],
  sending: ["pause", "cancel"],
  stalled: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  failed: ["retry", "cancel"],
  done: [],
  cancelled: [],
};

export class Row {
  readonly element: HTMLLIElement;
  readonly #bar = element("progress", { max: 1 });
  readonly #detail = element("span", { class: "progress-detail" });
  readonly #message = element("p", { class: "upload-message" });
  readonly #buttons = element("div", { class: "upload-buttons" });

  constructor(
    readonly transfer: Transfer,
    readonly act: (action: Action, transfer: Transfer) => void,
    readonly continueUrl: (transfer: Transfer) => string,
  ) {
    const { name } = transfer.file;
    this.#bar.setAttribute("aria-label", t("Upload of {name}", { name }));
    this.element = element(
      "li",
      { class: "upload" },
      element("span", { class: "upload-mark" }, icon("film")),
      element(
        "div",
        { class: "progress" },
        element("span", { class: "progress-label" }, name),
        this.#detail,
        this.#bar,
        this.#message,
      ),
      this.#buttons,
    );
    transfer.addEventListener("progress", () => this.#showProgress());
    transfer.addEventListener("change", () => this.show());
    this.show();
  }

  show(): void {
    const { state } = this.transfer;
    this.element.dataset.state = state;
    this.#showProgress();
    this.#message.textContent = this.#messageText();
    this.#message.hidden = !this.#message.textContent;
    const focused = this.#buttons.contains(document.activeElement);
    this.#buttons.replaceChildren(...BUTTONS[state].map((action) => this.#button(action)));
    if (state === "done") this.#buttons.append(this.#link());
    if (focused) this.#buttons.querySelector<HTMLElement>("button, a")?.focus();
  }

  #showProgress(): void {
    const { state, sent, size, speed } = this.transfer;
    if (state === "waiting") this.#bar.value = 0;
    else this.#bar.value = state === "done" ? 1 : size ? sent / size : 0;
    this.#detail.textContent = this.#detailText(state, sent, size, speed.perSecond);
  }

  #detailText(state: State, sent: number, size: number, perSecond: number): string {
    if (state === "done") return bytes(size);
    if (state === "waiting") return t("Waiting, {size}", { size: bytes(size) });
    const parts = [percent(size ? sent / size : 0), t("{sent} of {size}", { sent: bytes(sent), size: bytes(size) })];
    if (state === "sending" && perSecond > 0) {
      parts.push(t("{speed} per second", { speed: bytes(perSecond) }), remaining((size - sent) / perSecond));
    }
    return parts.join(" · ");
  }

  #messageText(): string {
    const { state, failure, resumed } = this.transfer;
    if (state === "failed") return failure;
    if (state === "paused") return t("Paused. It keeps what was sent.");
    if (state === "stalled") return t("No connection. It goes on by itself.");
    if (state === "sending" && resumed) return t("Going on where it stopped.");
    return "";
  }

  #button(action: Action): HTMLButtonElement {
    const { name } = this.transfer.file;
    const looks = {
      pause: { label: t("Pause {name}", { name }), mark: icon("pause") },
      resume: { label: t("Go on with {name}", { name }), mark: icon("play") },
      retry: { label: t("Try {name} again", { name }), mark: icon("rotate-ccw") },
      cancel: { label: t("Cancel {name}", { name }), mark: icon("x") },
    };
    const { label, mark } = looks[action];
    const made = element("button", { type: "button", class: "icon-button", "aria-label": label, title: label }, mark);
    made.addEventListener("click", () => this.act(action, this.transfer));
    return made;
  }

  #link(): HTMLAnchorElement {
    const label = t("Open {name}", { name: this.transfer.file.name });
    return element(
      "a",
      { class: "button", "data-size": "small", href: this.continueUrl(this.transfer), "aria-label": label },
      t("Open"),
    );
  }
}
