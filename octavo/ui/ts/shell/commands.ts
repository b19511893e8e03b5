// Buttons that do something on the page itself: open a dialog, copy a text.
import { t } from "../words";
import { toast } from "./toasts";

/** `commandfor` and `command` in browsers that do not know them yet; a click on the backdrop closes a dialog. */
export function openDialogs(): void {
  const native = "commandForElement" in HTMLButtonElement.prototype;
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target instanceof HTMLDialogElement && target.open && isOutside(target, event)) target.close();
    const button = target.closest("button[commandfor]");
    if (!button || native) return;
    const dialog = document.getElementById(button.getAttribute("commandfor") ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    if (button.getAttribute("command") === "close") dialog.close();
    else dialog.showModal();
  });
}

function isOutside(dialog: HTMLDialogElement, { clientX, clientY }: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

/** `data-copy="text"` copies the text. */
export function copyOnClick(): void {
  document.addEventListener("click", async (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy ?? "");
      toast(t("Copied"));
    } catch {
      toast(t("Your browser did not allow copying. Select the text instead."), "danger");
    }
  });
}
