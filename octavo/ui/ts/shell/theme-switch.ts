// The button that changes between light and dark. Choosing what the system shows anyway forgets the choice.

export function switchTheme(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-theme-switch]")) {
    button.hidden = false;
    button.addEventListener("click", flip);
  }
}

function flip(): void {
  const wanted = document.documentElement.dataset.shade === "dark" ? "light" : "dark";
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  try {
    if (wanted === system) localStorage.removeItem("octavo.theme");
    else localStorage.setItem("octavo.theme", wanted);
  } catch {
    document.documentElement.dataset.theme = wanted; // not remembered, but shown
  }
  dispatchEvent(new Event("octavo:theme"));
}
