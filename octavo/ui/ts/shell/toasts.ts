// Short messages at the bottom of the screen, read out politely and gone by themselves.
import { element } from "../dom";
import { t } from "../words";

const SHOWN_FOR = 6000;

interface Undo {
  text: string;
  run: () => void;
}

/** Shows `text`. With an action (such as undo) it stays longer, so that there is time to reach it. */
export function toast(text: string, kind = "", action?: Undo): void {
  const made = element("div", { class: "toast", "data-kind": kind }, element("span", {}, text));
  if (action) {
    const button = element("button", { type: "button" }, action.text);
    button.addEventListener("click", () => {
      made.remove();
      action.run();
    });
    made.append(button);
  }
  place(made, action ? SHOWN_FOR * 2 : SHOWN_FOR);
}

/** Toasts of the page itself (`data-toast`) and of htmx answers (`HX-Trigger: {"toast": {"text": ...}}`). */
export function showToasts(): void {
  for (const found of document.querySelectorAll<HTMLElement>("[data-toast]")) {
    place(found, found.querySelector("a, button") ? SHOWN_FOR * 2 : SHOWN_FOR);
  }
  document.addEventListener("toast", (event) => {
    const { text = "", kind = "" } = (event as CustomEvent<{ text?: string; kind?: string }>).detail;
    if (text) toast(text, kind);
  });
  document.addEventListener("htmx:error", () => {
    toast(t("There was no answer. Check your connection and try again; nothing was changed."), "danger");
  });
  document.addEventListener("htmx:response:error", () => {
    toast(t("That did not work. Reload the page and try again."), "danger");
  });
}

function place(made: HTMLElement, time: number): void {
  document.getElementById("toasts")?.append(made);
  if (time === Infinity) return;
  let timer = setTimeout(() => made.remove(), time);
  made.addEventListener("pointerenter", () => clearTimeout(timer));
  made.addEventListener("pointerleave", () => (timer = setTimeout(() => made.remove(), time / 2)));
}
