// Forms: the first thing wrong gets the focus, and a second click does not post twice.

/** Moves the focus to the summary of errors, so that it is seen and read out. */
export function focusMarked(): void {
  const focus = () => document.querySelector<HTMLElement>("[data-focus]")?.focus();
  focus();
  document.addEventListener("htmx:after:swap", focus);
}

export function submitOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  // A page that comes back from the back-forward cache may post again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) {
      delete form.dataset.sent;
      for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    }
  });
}
