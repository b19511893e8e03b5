// From a list to the film: the poster that was clicked grows into the player, where the browser can do that.

let clicked: HTMLElement | null = null;

export function followPosters(): void {
  document.addEventListener("click", (event) => {
    const card = (event.target as Element).closest(".title-card, .title-cell");
    clicked = card?.querySelector<HTMLElement>(".title-picture, .title-thumb") ?? null;
  });
  // Only the page that is left names its poster: two elements of one name would cancel the transition.
  addEventListener("pageswap", () => {
    if (clicked) clicked.style.setProperty("view-transition-name", "film");
  });
  addEventListener("pageshow", () => clicked?.style.removeProperty("view-transition-name"));
}
