// Runs before the first paint: puts the remembered theme on <html>, so that nothing flashes.
// `data-theme` is the person's choice, `data-shade` what is shown; without a choice the system decides.

const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

function show(): void {
  const chosen = remembered();
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  root.dataset.shade = chosen ?? (systemIsDark.matches ? "dark" : "light");
}

function remembered(): string | null {
  try {
    return localStorage.getItem("octavo.theme");
  } catch {
    return null; // storage may be blocked; the system's theme is a fine answer
  }
}

show();
systemIsDark.addEventListener("change", show);
addEventListener("storage", show);
addEventListener("octavo:theme", show);
