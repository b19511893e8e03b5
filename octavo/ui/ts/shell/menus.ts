// Menus are <details>: they open without us. Here they close on Escape, on a click elsewhere, and when another opens.

export function closeMenusOutside(): void {
  document.addEventListener("click", (event) => closeAllBut(event.target as Node));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
  document.addEventListener("focusin", (event) => closeAllBut(event.target as Node));
}

function closeAllBut(inside: Node): void {
  for (const menu of openMenus()) if (!menu.contains(inside)) menu.open = false;
}

function openMenus(): NodeListOf<HTMLDetailsElement> {
  return document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]");
}
