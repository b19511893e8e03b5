// The keys that viewers know from elsewhere.
import type { Film } from "./film";

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

export interface Deck {
  togglePlay(): void;
  skip(seconds: number): void;
  changeVolume(by: number): void;
  toggleMute(): void;
  toggleFullscreen(): void;
  toggleCaptions(): void;
  changeSpeed(steps: number): void;
  wake(): void;
}

/** Listens on the whole page, but never takes a key that a field, a button or a menu wants. */
export function listenToKeys(film: Film, deck: Deck): void {
  const keys: Record<string, () => void> = {
    " ": () => deck.togglePlay(),
    k: () => deck.togglePlay(),
    j: () => deck.skip(-10),
    l: () => deck.skip(10),
    ArrowLeft: () => deck.skip(-5),
    ArrowRight: () => deck.skip(5),
    ArrowUp: () => deck.changeVolume(0.05),
    ArrowDown: () => deck.changeVolume(-0.05),
    m: () => deck.toggleMute(),
    f: () => deck.toggleFullscreen(),
    c: () => deck.toggleCaptions(),
    "<": () => deck.changeSpeed(-1),
    ">": () => deck.changeSpeed(1),
    Home: () => film.seek(0),
    End: () => film.seek(film.available),
  };
  for (let digit = 0; digit <= 9; digit++) keys[String(digit)] = () => film.seek((film.duration * digit) / 10);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || wants(event)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
    deck.wake();
  });
}

function wants({ key, target }: KeyboardEvent): boolean {
  const focused = target as HTMLElement;
  if (focused.closest("dialog, [role=menu], textarea, select, [contenteditable]")) return true;
  if (focused instanceof HTMLInputElement) return focused.type !== "range";
  const isControl = focused.closest("a, button, summary") !== null;
  // Up and down scroll the page unless the player has the focus.
  if (
    (key === "ArrowUp" || key === "ArrowDown" || key === "Home" || key === "End") &&
    !focused.closest("octavo-player")
  )
    return true;
  return isControl && (key === " " || key === "Enter");
}
